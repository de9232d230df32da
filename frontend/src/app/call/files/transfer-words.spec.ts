import { TestBed } from '@angular/core/testing';
import { fileId, type OfferedFile } from '#protocol/direct/file-messages';
import { type Transfer } from '#protocol/direct/file-transfers';
import { laterWords } from '../../../i18n/later-words';
import { inEnglish } from '../../../i18n/testing/in-english';
import { Peer } from '../peer';
import { TransferWords } from './transfer-words';

describe('What is said of a file on its way', () => {
  const offered = (): OfferedFile => ({
    id: fileId.parse('0a0a0a0a-0000-4000-8000-000000000001'),
    name: 'plans.zip',
    size: 100_000_000,
    kind: '',
  });
  const moving = (file: OfferedFile, stored: number) =>
    ({ way: 'in', file, stored, arrived: stored, phase: { is: 'moving' } }) as Transfer;

  it('is how long the rest takes, by the pace of that transfer alone', async () => {
    TestBed.configureTestingModule({ providers: [{ provide: Peer, useValue: { name: () => 'Mira Sand' } }] });
    await inEnglish();
    TestBed.runInInjectionContext(() => laterWords());
    const words = TestBed.inject(TransferWords);
    const now = spyOn(performance, 'now').and.returnValue(1_000);
    const file = offered();
    expect(words.state(moving(file, 0), true)).not.toContain('seconds');
    now.and.returnValue(6_000);
    expect(words.state(moving(file, 20_000_000), true)).toContain('20 seconds');
    expect(words.state(moving(file, 20_000_000), false)).not.toContain('seconds');
    // In another call, be it with the same id.
    expect(words.state(moving(offered(), 30_000_000), true)).not.toContain('seconds');
  });
});

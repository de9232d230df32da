import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { withWords } from '../../i18n/testing/with-words';
import { type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { TrustOf } from '../crypto/trust-of';
import { NoteLine } from './note-line';
import { type NoteRow } from './timeline';

describe('a note between messages', () => {
  let trust: string;
  const NOTE: NoteRow = {
    kind: 'note',
    key: 'n',
    says: 'identity',
    seq: 3,
    person: anId<UserId>('mira'),
    own: false,
    count: 0,
    at: new Date(2020, 4, 3, 18, 10).getTime(),
  };

  async function drawn(row: Partial<NoteRow>): Promise<HTMLElement> {
    const fixture = TestBed.createComponent(NoteLine);
    fixture.componentRef.setInput('row', { ...NOTE, ...row });
    fixture.componentRef.setInput('name', 'Mira Sand');
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }

  beforeEach(async () => {
    trust = 'pinned';
    await withWords([provideRouter([]), { provide: TrustOf, useValue: { of: () => trust } }]);
  });

  it('says since when somebody has another identity, and leads to comparing until that was done', async () => {
    const line = await drawn({});
    expect(line.textContent).toContain('Mira Sand has a new identity since');
    expect(line.querySelector('a')?.getAttribute('href')).toBe('/contacts/mira/verify');
    trust = 'verified';
    expect((await drawn({})).querySelector('a')).toBeNull();
  });

  it('says how many messages of whom have not arrived', async () => {
    expect((await drawn({ says: 'missing', count: 1 })).textContent).toContain(
      'A message from Mira Sand has not arrived',
    );
    expect((await drawn({ says: 'missing', count: 3 })).textContent).toContain('3 messages from Mira Sand have not');
    const own = await drawn({ says: 'missing', count: 1, own: true });
    expect(own.textContent).toContain('A message from another of your devices has not arrived');
    expect(own.querySelector('a')).toBeNull();
  });
});

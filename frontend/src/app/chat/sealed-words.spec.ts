import { TestBed } from '@angular/core/testing';
import { withWords } from '../../i18n/testing/with-words';
import { ScriptedKeys } from '../crypto/testing/keys';
import { SealedWords } from './sealed-words';

describe('A message that cannot be read', () => {
  let keys: ScriptedKeys;

  beforeEach(async () => {
    keys = new ScriptedKeys();
    await withWords([keys.provider]);
  });

  async function said(why: string): Promise<string> {
    const fixture = TestBed.createComponent(SealedWords);
    fixture.componentRef.setInput('why', why);
    fixture.componentRef.setInput('name', 'Mira');
    await fixture.whenStable();
    return (fixture.nativeElement as HTMLElement).textContent;
  }

  it('says for each reason what happened and what becomes of it', async () => {
    expect(await said('no-key')).toContain('It opens by itself when it does.');
    expect(await said('withheld')).toContain('did not send its key');
    for (const why of ['used-before', 'other-entry', 'other-conversation', 'other-purpose', 'target-elsewhere'])
      expect(await said(why)).toContain('belongs to another place');
    for (const why of ['not-proved', 'other-author', 'other-device'])
      expect(await said(why)).toContain('Nothing proves that it is from Mira');
    expect(await said('author-changed')).toContain('another identity than the one you know');
    expect(await said('damaged')).toContain('can send it again');
    expect(await said('unreadable')).toContain('arrived damaged');
    expect(await said('plain')).toContain('could be from anybody');
    expect(await said('newer')).toContain('newer version of Parley');
  });

  it('waits for the key where this device has none, and for a moment where it has', async () => {
    keys.state.set('locked');
    expect(await said('unopened')).toContain('as soon as this device has your key');
    keys.state.set('own');
    expect(await said('unopened')).toBe('Not opened yet');
  });
});

import { TestBed } from '@angular/core/testing';
import { type CallEntry } from '#protocol/api/calls';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { Contacts } from '../contacts/contacts';
import { CallPhrases } from './call-phrases';

const entry = (change: Partial<CallEntry>): CallEntry => ({
  callId: anId('c'),
  position: 1,
  others: [{ id: anId('p'), username: 'jonas', displayName: 'Jonas' }],
  direction: 'outgoing',
  media: 'video',
  at: 1000,
  reason: 'hung-up',
  ...change,
});

describe('call phrases', () => {
  const inLanguage = async (language: 'en' | 'de'): Promise<CallPhrases> => {
    await withWords([{ provide: Contacts, useValue: { asKnown: <T>(person: T) => person } }], language);
    return TestBed.inject(CallPhrases);
  };

  it('say what kind of call it was, and what became of it', async () => {
    const phrases = await inLanguage('en');
    expect(phrases.of(entry({ answeredAt: 1000, joinedAt: 1000, leftAt: 142_000 }))).toBe('Video call · 2:21');
    expect(phrases.of(entry({ media: 'audio', answeredAt: 1000 }))).toBe('Call');
    expect(phrases.of(entry({ direction: 'incoming', reason: 'missed' }))).toBe('Missed video call');
    expect(phrases.of(entry({ reason: 'no-answer' }))).toBe('Video call · No answer');
    expect(phrases.of(entry({ reason: 'unavailable', media: 'audio' }))).toBe('Call · Not reachable');
    expect(phrases.of(entry({ reason: 'declined', media: 'audio' }))).toBe('Call · Jonas declined');
    expect(phrases.of(entry({ reason: 'declined', direction: 'incoming' }))).toBe('Video call · You declined');
    expect(phrases.of(entry({ reason: 'connection-lost' }))).toBe('Video call · Connection lost');
  });

  it('say how many there were in a row', async () => {
    const phrases = await inLanguage('en');
    const missed = entry({ direction: 'incoming', reason: 'cancelled' });
    expect(phrases.ofRun([missed])).toBe('Missed video call');
    expect(phrases.ofRun([missed, missed, missed])).toBe('3 missed calls');
    expect(phrases.ofRun([entry({ reason: 'no-answer' }), entry({ reason: 'missed' })])).toBe('2 calls · No answer');
  });

  it('say it in German', async () => {
    const phrases = await inLanguage('de');
    const missed = entry({ direction: 'incoming', reason: 'missed' });
    expect([phrases.of(missed), phrases.ofRun([missed, missed])]).toEqual([
      'Verpasster Videoanruf',
      '2 verpasste Anrufe',
    ]);
    expect(phrases.of(entry({ reason: 'declined' }))).toBe('Videoanruf · Jonas hat abgelehnt');
  });
});

import { type Outcome, type OutcomeReason, UNSEALED_REASONS } from '#protocol/call-client-state';
import { END_REASONS } from '#protocol/end-reason';
import { type CallId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import de from '../../i18n/de.json';
import en from '../../i18n/en.json';
import laterDe from '../../i18n/later.de.json';
import laterEn from '../../i18n/later.en.json';
import { OUTCOME_WORDS, outcomeOf } from '../call-log/call-entries';
import { isQuiet, outcomeWords } from './outcome';

const PEER = { id: anId<UserId>('peer'), username: 'mira', displayName: 'Mira Sand' };
const ended = (reason: OutcomeReason, more: Partial<Outcome> = {}): Outcome => ({
  callId: anId(''),
  peerId: anId(''),
  media: 'video',
  reason,
  wasOutgoing: true,
  connectedAt: null,
  endedAt: 0,
  ...more,
});

const LOCAL = ['offline', 'try-later', 'unheard', 'left'] as const;
const REASONS: readonly OutcomeReason[] = [...END_REASONS, ...UNSEALED_REASONS, ...LOCAL];

describe('outcomeWords', () => {
  it('has words for every reason in every language', () => {
    const inTree = (key: string, words: object): unknown =>
      key.split('.').reduce<unknown>((tree, name) => (tree as Record<string, unknown> | undefined)?.[name], words);
    for (const [words, later] of [
      [en, laterEn],
      [de, laterDe],
    ] as const) {
      const read = (key: string) => inTree(key, words) ?? inTree(key, later);
      for (const reason of REASONS) {
        for (const connectedAt of [null, 1]) {
          const { title, sentence } = outcomeWords(ended(reason, { connectedAt }));
          expect(read(title)).withContext(title).toEqual(jasmine.stringMatching(/./));
          expect(read(sentence)).withContext(sentence).toEqual(jasmine.stringMatching(/./));
        }
      }
    }
  });

  it('calls an end what the log calls it', () => {
    const entry = {
      callId: anId<CallId>('c'),
      position: 1,
      direction: 'outgoing',
      media: 'video',
      at: 0,
    } as const;
    for (const reason of END_REASONS) {
      const outcome = outcomeOf({ ...entry, others: [PEER], reason });
      // One's own other call is a word of the stage alone: it was never placed.
      if (outcome === 'talked' || outcome === 'missed' || reason.endsWith('-elsewhere') || reason === 'missed')
        continue;
      if (reason === 'already-in-call') continue;
      expect(outcomeWords(ended(reason)).title)
        .withContext(reason)
        .toBe(OUTCOME_WORDS[outcome]);
    }
  });

  it('does not say how long a call lasted that never connected', () => {
    expect(outcomeWords(ended('hung-up')).sentence).toBe('call.ended.sentence.hung-up-unconnected');
    expect(outcomeWords(ended('hung-up', { connectedAt: 1 })).sentence).toBe('call.ended.sentence.hung-up');
  });
});

describe('isQuiet', () => {
  it('puts no screen before somebody who was not in the call', () => {
    expect(isQuiet(ended('missed', { wasOutgoing: false }))).toBeTrue();
    expect(isQuiet(ended('answered-elsewhere', { wasOutgoing: false }))).toBeTrue();
    expect(isQuiet(ended('no-answer'))).toBeFalse();
    expect(isQuiet(ended('ice-failed', { wasOutgoing: false }))).toBeFalse();
    expect(isQuiet(ended('hung-up', { wasOutgoing: false, connectedAt: 1 }))).toBeFalse();
  });
});

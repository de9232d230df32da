import { type CallEntry } from '#protocol/api/calls';
import { END_REASONS } from '#protocol/end-reason';
import { anId } from '#protocol/testing/ids';
import { isMissed, mergedEntries, outcomeOf, talkedMs } from './call-entries';

const entry = (change: Partial<CallEntry>): CallEntry => ({
  callId: anId('c'),
  position: 1,
  others: [{ id: anId('p'), username: 'mira', displayName: 'Mira Sand' }],
  direction: 'incoming',
  media: 'video',
  at: 1000,
  ...change,
});

describe('call entries', () => {
  it('has missed what rang here and was not answered, and nothing one declined or took elsewhere', () => {
    expect(isMissed(entry({ reason: 'missed' }))).toBeTrue();
    expect(isMissed(entry({ reason: 'cancelled' }))).toBeTrue();
    expect(isMissed(entry({ reason: 'declined' }))).toBeFalse();
    expect(isMissed(entry({ reason: 'answered-elsewhere' }))).toBeFalse();
    expect(isMissed(entry({ reason: 'connection-lost', answeredAt: 5 }))).toBeFalse();
    expect(isMissed(entry({ direction: 'outgoing', reason: 'no-answer' }))).toBeFalse();
  });

  it('has one phrase for every end of every call', () => {
    for (const reason of END_REASONS) {
      for (const direction of ['incoming', 'outgoing'] as const) {
        expect(outcomeOf(entry({ reason, direction }))).toBeTruthy();
        expect(outcomeOf(entry({ reason, direction, answeredAt: 2 }))).toBe('talked');
      }
    }
  });

  it('knows how long this user talked, from when somebody else was there', () => {
    expect(talkedMs(entry({ answeredAt: 2000, joinedAt: 1000, leftAt: 5000 }))).toBe(3000);
    expect(talkedMs(entry({ answeredAt: 2000, joinedAt: 4000, leftAt: 5000 }))).toBe(1000);
    expect(talkedMs(entry({ answeredAt: 2000, joinedAt: 1000 }))).toBeUndefined();
    expect(talkedMs(entry({ answeredAt: 2000, leftAt: 5000 }))).toBeUndefined();
    expect(talkedMs(entry({ joinedAt: 1000, leftAt: 5000 }))).toBeUndefined();
  });

  it('keeps each call once, as told last, newest first', () => {
    const told = mergedEntries(
      [entry({ callId: anId('a'), position: 1 }), entry({ callId: anId('b'), position: 2 })],
      [entry({ callId: anId('a'), position: 1, reason: 'hung-up' }), entry({ callId: anId('c'), position: 3 })],
    );
    expect(told.map(({ callId }) => callId)).toEqual([anId('c'), anId('b'), anId('a')]);
    expect(told[2]?.reason).toBe('hung-up');
  });
});

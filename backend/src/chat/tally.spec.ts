import type { UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { emptyTallies, tallied } from './tally.ts';

describe('the tallies of a conversation', () => {
  const members = ['ada', 'ben', 'cleo'].map(user => ({ user: anId<UserId>(user) }));
  const before = members.map(({ user }) => ({ user, lastShown: 0, shown: 0, activeAt: 100 }));
  const message = { seq: 4, senderId: anId<UserId>('ada'), at: 200, withheldFrom: [] as UserId[] };

  it('begin at nothing, active since it was opened', () => {
    expect(emptyTallies(members, 100)).toEqual(before);
  });

  it('count a message for everybody but its author, and move its place and time for all', () => {
    const after = tallied(before, message);
    expect(after).toEqual([
      { user: anId('ada'), lastShown: 4, shown: 0, activeAt: 200 },
      { user: anId('ben'), lastShown: 4, shown: 1, activeAt: 200 },
      { user: anId('cleo'), lastShown: 4, shown: 1, activeAt: 200 },
    ]);
    expect(tallied(after, { ...message, seq: 5, senderId: anId('ben') }).map(({ shown }) => shown)).toEqual([1, 1, 2]);
  });

  it('stay as they are for whom the message is withheld', () => {
    const after = tallied(before, { ...message, withheldFrom: [anId('cleo')] });
    expect(after[2]).toBe(before[2]);
    expect(after.map(({ shown }) => shown)).toEqual([0, 1, 0]);
  });

  it('never go back in time, whatever a clock says', () => {
    const after = tallied(before, { ...message, at: 50 });
    expect(after.map(({ activeAt, lastShown }) => [activeAt, lastShown])).toEqual([
      [100, 4],
      [100, 4],
      [100, 4],
    ]);
  });
});

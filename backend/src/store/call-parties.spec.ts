import type { UserId } from '#protocol/ids';
import { newId } from '../testing/new-id.ts';
import { liveFor } from './call-parties.ts';

describe('what a live call keeps from others', () => {
  const [ada, bob, cem] = [newId<UserId>(), newId<UserId>(), newId<UserId>()];
  const party = (userId: UserId, joinedAt: number | null, leftAt: number | null = null) => {
    const reason = leftAt === null ? null : ('hung-up' as const);
    return { userId, deviceId: null, joinedAt, leftAt, reason, withheld: false };
  };

  it('S14: is the ring of who placed it, and of nobody else who is in it, also once that person has left', () => {
    const free = () => false;
    const rings = (...parties: ReturnType<typeof party>[]) => liveFor({ state: 'ringing', parties }, free);
    expect(rings(party(ada, 1), party(bob, null))).toEqual([
      [ada, 'first'],
      [ada, 'ring'],
      [bob, 'ring'],
    ]);
    expect(rings(party(ada, 1, 2), party(bob, 1), party(cem, null))).toEqual([
      [bob, 'first'],
      [cem, 'ring'],
    ]);
  });
});

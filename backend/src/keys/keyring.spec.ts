import type { UserId } from '#protocol/ids';
import { SIGNED_OTHERS } from '#protocol/keys/limits';
import { keyUserOf } from '#protocol/keys/objects';
import { aKey, newDeviceList, newIdentity, signedBy } from '../testing/key-objects.ts';
import { newId } from '../testing/new-id.ts';
import { applied, NO_KEYRING, type Keyring } from './keyring.ts';

describe('what a person has signed of others', () => {
  const me = newId<UserId>();
  const other = () => {
    const user = newId<UserId>();
    const { master_key: master } = newIdentity(user);
    return { user: keyUserOf(user), master, id: Object.values(master.keys)[0] ?? '' };
  };
  const mine = signedBy(me, aKey());
  const sign = (ring: Keyring, { user, master, id }: ReturnType<typeof other>, signatures: typeof mine) => {
    const signed = { [user]: { [id]: { ...master, signatures } } };
    return applied('addSignatures', ring, { user: me, signed, others: [{ user, master }] });
  };

  it('KY2c is as it was where a request brings no new signature, and the oldest of a full list stays', () => {
    const all = Array.from({ length: SIGNED_OTHERS }, other);
    const full = all.reduce((ring, one) => sign(ring, one, mine)[0], NO_KEYRING);
    expect(full.signedOthers.map(({ user }) => user)).toEqual(all.map(({ user }) => user));
    expect(sign(full, other(), {})).toEqual([full, []]);
    const again = sign(full, all[0]!, mine);
    expect([again[0] === full, again[1]]).toEqual([true, []]);
    const last = other();
    const { signedOthers } = sign(full, last, mine)[0];
    expect(signedOthers.map(({ user }) => user)).toEqual([...all.slice(1), last].map(({ user }) => user));
  });
});

describe('a list of devices that comes with an identity', () => {
  const me = newId<UserId>();
  const put = (ring: Keyring, identity: ReturnType<typeof newIdentity>, number: number) => {
    const keys = { ...identity, deviceList: newDeviceList(me, number) };
    return applied('putIdentity', ring, { user: me, keys, replace: true });
  };

  it('KY4c is kept with it or not at all', () => {
    const identity = newIdentity(me);
    const [first, kept] = put(NO_KEYRING, identity, 2);
    expect([kept, first.list !== null, first.identity !== null]).toEqual(['kept', true, true]);
    expect(put(first, identity, 1)).toEqual([first, 'stale']);
  });

  it('KY4b begins again with another identity: the one before it was signed by the one that goes', () => {
    const [first] = put(NO_KEYRING, newIdentity(me), 2);
    const next = newIdentity(me);
    const [second, kept] = put(first, next, 1);
    expect([kept, second.list?.number, second.identity?.master]).toEqual(['kept', 1, next.master_key]);
    const [bare] = applied('putIdentity', first, { user: me, keys: newIdentity(me), replace: true });
    expect(bare.list).toBeNull();
  });
});

import { keyUserOf } from '#protocol/keys/objects';
import { DEHYDRATED_TAKEN_MS, ONE_TIME_KEYS_KEPT } from '#protocol/keys/limits';
import type { UserId } from '#protocol/ids';
import type { KeyringRule, RuleInput } from '../../keys/keyring.ts';
import type { Store } from '../store.ts';
import {
  newDehydrated,
  newDeviceKeys,
  newDeviceList,
  newFallbackKey,
  newIdentity,
  newOneTimeKeys,
  signedBy,
} from '../../testing/key-objects.ts';
import { newId } from '../../testing/new-id.ts';
import { befriend, newDevice, somebody, someFriends, times, type Person } from './people.ts';

/** The guarantees about what devices publish. */
export function describeKeys(store: () => Store): void {
  const change = async <R extends KeyringRule>(rule: R, user: UserId, input: RuleInput<R>) =>
    (await store().changeKeyring(rule, user, input)).answer;
  const ringOf = async (person: Person) => (await store().keyrings([person.id]))[0]!.ring;
  const publish = async (person: Person, id = person.device) => {
    const keys = newDeviceKeys(person.id, id);
    expect(await change('putDeviceKeys', person.id, { id, keys })).toBe('kept');
    return keys;
  };
  const someMore = async (person: Person) => {
    const device = newDevice(person.id);
    await store().signInDevice(device);
    return device.id;
  };
  const claim = (person: Person, oneTime = true) =>
    store().claimKeys([{ userId: person.id, deviceId: person.device, oneTime }], 5_000);
  const atPlace = (person: Person) => ({ userId: person.id, deviceId: person.device });

  describe('keys', () => {
    it('S70, KY1a: a device publishes its keys once', async () => {
      const ada = await somebody(store());
      const keys = await publish(ada);
      expect(await change('putDeviceKeys', ada.id, { id: ada.device, keys })).toBe('kept');
      const others = newDeviceKeys(ada.id, ada.device);
      expect(await change('putDeviceKeys', ada.id, { id: ada.device, keys: others })).toBe('keys-fixed');
      expect((await ringOf(ada)).devices).toEqual([{ id: ada.device, keys }]);
    });

    it('S70: what a device has published goes with it, and nothing of the others', async () => {
      const ada = await somebody(store());
      const phone = await someMore(ada);
      const keys = await publish(ada);
      await publish(ada, phone);
      const upload = { one_time_keys: newOneTimeKeys(ada.id, phone, 2), fallback_keys: newFallbackKey(ada.id, phone) };
      expect(await store().putOneTimeKeys({ userId: ada.id, deviceId: phone }, upload, 4_000)).toBe(2);
      await store().removeDevice(ada.id, phone);
      expect((await ringOf(ada)).devices).toEqual([{ id: ada.device, keys }]);
      expect(await store().claimKeys([{ userId: ada.id, deviceId: phone, oneTime: true }], 5_000)).toEqual([null]);
      expect(await store().putOneTimeKeys({ userId: ada.id, deviceId: phone }, upload, 4_000)).toBe(0);
      expect(await store().claimKeys([{ userId: ada.id, deviceId: phone, oneTime: true }], 5_000)).toEqual([null]);
    });

    it('S70: a person without an account publishes nothing', async () => {
      const [ada] = await someFriends(store());
      await store().deleteUser(ada.id);
      const keys = newDeviceKeys(ada.id, ada.device);
      expect(await change('putDeviceKeys', ada.id, { id: ada.device, keys })).toBe('unknown');
      expect((await ringOf(ada)).devices).toEqual([]);
    });

    it('S71, KY3a, KY3b: fifty claims at the same time get fifty keys, and the next the fallback key, again and again', async () => {
      const ada = await somebody(store());
      const one_time_keys = newOneTimeKeys(ada.id, ada.device, 50);
      const fallback_keys = newFallbackKey(ada.id, ada.device);
      expect(await store().putOneTimeKeys(atPlace(ada), { one_time_keys, fallback_keys }, 4_000)).toBe(50);
      const given = (await Promise.all(times(50, () => claim(ada)))).flat();
      expect(new Set(given.map(key => key?.name)).size).toBe(50);
      for (const key of given) expect(key?.key).toEqual(one_time_keys[key?.name ?? '']);
      expect((await store().keyState({ userId: ada.id, deviceId: ada.device })).unusedFallback).toEqual([
        'signed_curve25519',
      ]);
      const [[first], [second]] = [await claim(ada), await claim(ada)];
      expect(first).toEqual(second);
      expect({ [first?.name ?? '']: first?.key }).toEqual(fallback_keys as never);
      const state = await store().keyState({ userId: ada.id, deviceId: ada.device });
      expect([state.oneTime, state.unusedFallback]).toEqual([0, []]);
    });

    it('S71, KY3a: the oldest is given first, and none where the fallback key is asked for', async () => {
      const ada = await somebody(store());
      await store().putOneTimeKeys(atPlace(ada), { one_time_keys: newOneTimeKeys(ada.id, ada.device, 2, 5) }, 4_000);
      await store().putOneTimeKeys(atPlace(ada), { one_time_keys: newOneTimeKeys(ada.id, ada.device, 1, 1) }, 4_001);
      expect(await claim(ada, false)).toEqual([null]);
      const names = [await claim(ada), await claim(ada), await claim(ada)].flat().map(key => key?.name.slice(-1));
      expect(names).toEqual(['5', '6', '1']);
      expect(await claim(ada)).toEqual([null]);
    });

    it('S71: what is left is read of many devices at once, in their order', async () => {
      const [ada, bob] = await Promise.all(times(2, () => somebody(store())));
      await store().putOneTimeKeys(atPlace(ada!), { one_time_keys: newOneTimeKeys(ada!.id, ada!.device, 3) }, 4_000);
      const fallback_keys = newFallbackKey(bob!.id, bob!.device);
      await store().putOneTimeKeys(atPlace(bob!), { fallback_keys }, 4_000);
      await claim(ada!);
      const nobody = { userId: ada!.id, deviceId: newId<Person['device']>() };
      expect(await store().keyCounts([atPlace(bob!), nobody, atPlace(ada!)])).toEqual([
        { oneTime: 0, unusedFallback: ['signed_curve25519'] },
        { oneTime: 0, unusedFallback: [] },
        { oneTime: 2, unusedFallback: [] },
      ]);
    });

    it('S71, KY1b: an upload that is repeated brings no claimed key back, and no used fallback key is unused by it', async () => {
      const ada = await somebody(store());
      const upload = {
        one_time_keys: newOneTimeKeys(ada.id, ada.device, 1),
        fallback_keys: newFallbackKey(ada.id, ada.device),
      };
      await store().putOneTimeKeys(atPlace(ada), upload, 4_000);
      await Promise.all([claim(ada), claim(ada, false)]);
      expect(await store().putOneTimeKeys(atPlace(ada), upload, 4_000)).toBe(0);
      expect((await store().keyState({ userId: ada.id, deviceId: ada.device })).unusedFallback).toEqual([]);
      const next = newFallbackKey(ada.id, ada.device, 'AAAAAAAAAAE');
      await store().putOneTimeKeys(atPlace(ada), { fallback_keys: next }, 4_001);
      expect((await claim(ada, false))[0]?.name).toBe(Object.keys(next)[0]);
    });

    it('S71: a device keeps so many, and of an upload beyond that none', async () => {
      const ada = await somebody(store());
      for (const first of [0, 100])
        await store().putOneTimeKeys(
          atPlace(ada),
          { one_time_keys: newOneTimeKeys(ada.id, ada.device, 100, first) },
          4_000,
        );
      const more = { one_time_keys: newOneTimeKeys(ada.id, ada.device, 1, ONE_TIME_KEYS_KEPT) };
      expect(await store().putOneTimeKeys(atPlace(ada), more, 4_001)).toBe('no-room');
      expect((await store().keyState({ userId: ada.id, deviceId: ada.device })).oneTime).toBe(ONE_TIME_KEYS_KEPT);
    });

    it('S72, KY4a: of ten identities at the same time one is kept, and the others are told that there is one', async () => {
      const ada = await somebody(store());
      const all = times(10, () => newIdentity(ada.id));
      const put = (keys: (typeof all)[number], replace = false) =>
        change('putIdentity', ada.id, { user: ada.id, keys, replace });
      const outcomes = await Promise.all(all.map(keys => put(keys)));
      expect(outcomes.filter(outcome => outcome === 'kept').length).toBe(1);
      expect(outcomes.filter(outcome => outcome === 'identity-exists').length).toBe(9);
      const winner = all[outcomes.indexOf('kept')]!;
      expect((await ringOf(ada)).identity?.master).toEqual(winner.master_key);
      expect(await put(winner)).toBe('kept');
      const next = newIdentity(ada.id);
      expect(await put(next, true)).toBe('kept');
      expect((await ringOf(ada)).identity?.master).toEqual(next.master_key);
    });

    it('S72, KY4b: signatures are added to what is signed, and go with the identity that made them', async () => {
      const [ada, bob] = await someFriends(store());
      const keys = await publish(ada);
      const [own, his] = [newIdentity(ada.id), newIdentity(bob.id)];
      await change('putIdentity', ada.id, { user: ada.id, keys: own, replace: false });
      const name = Object.keys(his.master_key.keys)[0]!.slice('ed25519:'.length);
      const selfSigned = signedBy(ada.id, 'A'.repeat(43));
      const signed = {
        [keyUserOf(ada.id)]: { [ada.device]: { ...keys, signatures: selfSigned }, unknown: keys },
        [keyUserOf(bob.id)]: { [name]: { ...his.master_key, signatures: selfSigned } },
      };
      const others = [{ user: keyUserOf(bob.id), master: his.master_key }];
      const failed = await change('addSignatures', ada.id, { user: ada.id, signed, others });
      expect(failed).toEqual([{ user: keyUserOf(ada.id), id: 'unknown', reason: 'not-found' }]);
      const ring = await ringOf(ada);
      expect(Object.keys(ring.devices[0]?.keys.signatures[keyUserOf(ada.id)] ?? {}).length).toBe(2);
      expect(ring.signedOthers).toEqual([
        { user: keyUserOf(bob.id), name: `ed25519:${name}`, signatures: selfSigned[keyUserOf(ada.id)]! },
      ]);
      const next = newIdentity(ada.id);
      await change('putIdentity', ada.id, { user: ada.id, keys: next, replace: true });
      const after = await ringOf(ada);
      expect(after.devices[0]?.keys.signatures).toEqual(keys.signatures);
      expect(after.signedOthers).toEqual([]);
    });

    it('S73: a list of devices with a number that is not higher is refused', async () => {
      const ada = await somebody(store());
      const put = (list: ReturnType<typeof newDeviceList>) => change('putDeviceList', ada.id, { user: ada.id, list });
      const second = newDeviceList(ada.id, 2, [ada.device]);
      expect(await put(second)).toBe('kept');
      expect(await put(second)).toBe('kept');
      for (const number of [1, 2]) expect(await put(newDeviceList(ada.id, number))).toBe('stale');
      expect(await put(newDeviceList(newId(), 3))).toBe('stale');
      expect((await ringOf(ada)).list).toEqual({ ...second, number: 2 });
    });

    it('S73: of ten sealed secrets at the same time one gets the next number', async () => {
      const ada = await somebody(store());
      const put = (number: number, sealed: object) => change('putSecrets', ada.id, { number, sealed: { ...sealed } });
      expect(await store().secretsOf(ada.id)).toBeNull();
      const outcomes = await Promise.all(times(10, i => put(1, { by: `${i}` })));
      expect(outcomes.filter(outcome => outcome === 'kept').length).toBe(1);
      const by = { by: `${outcomes.indexOf('kept')}` };
      expect(await store().secretsOf(ada.id)).toEqual({ number: 1, sealed: by });
      expect(await put(1, by)).toBe('kept');
      expect([await put(3, {}), await put(2, { next: true })]).toEqual(['stale', 'kept']);
    });

    it('S74, KY6a: begins with who is shared with, and says who has changed', async () => {
      const [ada, bob] = await someFriends(store());
      const first = await store().keyChanges(ada.id, 0, 100);
      expect(first).toEqual(jasmine.objectContaining({ changed: [keyUserOf(bob.id)], left: [], more: false }));
      await publish(bob);
      const eve = await somebody(store());
      await publish(eve);
      const next = await store().keyChanges(ada.id, first.upTo, 100);
      expect([next.changed, next.left]).toEqual([[keyUserOf(bob.id)], []]);
      expect((await store().keyState({ userId: ada.id, deviceId: ada.device })).changes).toBe(next.upTo);
      expect((await store().keyChanges(ada.id, next.upTo, 100)).changed).toEqual([]);
      await store().removeDevice(bob.id, bob.device);
      expect((await store().keyChanges(ada.id, next.upTo, 100)).changed).toEqual([keyUserOf(bob.id)]);
    });

    it('S74: a change says whether others are shown another than before', async () => {
      const [ada, bob] = await someFriends(store());
      const forOthers = async <R extends KeyringRule>(rule: R, input: RuleInput<R>) =>
        (await store().changeKeyring(rule, ada.id, input)).forOthers;
      const [keys, his] = [newDeviceKeys(ada.id, ada.device), newIdentity(bob.id)];
      const put = () => forOthers('putDeviceKeys', { id: ada.device, keys });
      expect([await put(), await put()]).toEqual([true, false]);
      const name = Object.keys(his.master_key.keys)[0]!.slice('ed25519:'.length);
      const signed = { [keyUserOf(bob.id)]: { [name]: { ...his.master_key, signatures: signedBy(ada.id, name) } } };
      const others = [{ user: keyUserOf(bob.id), master: his.master_key }];
      expect(await forOthers('addSignatures', { user: ada.id, signed, others })).toBeFalse();
      expect(await forOthers('putSecrets', { number: 1, sealed: {} })).toBeFalse();
      const device = newDehydrated(ada.id);
      const putNext = () => forOthers('putDehydrated', { replaces: null, device });
      const remove = () => forOthers('deleteDehydrated', { id: device.device_id });
      expect([await putNext(), await putNext(), await remove(), await remove()]).toEqual([true, false, true, false]);
      expect(await store().lastKeyChange(bob.id)).toBe((await store().keyChanges(bob.id, 0, 100)).upTo);
    });

    it('S74: a request is shared by both, its end says that they have left, and a hidden one is seen by who asks', async () => {
      const [ada, bob, cem] = await Promise.all(times(3, () => somebody(store())));
      const since = async (person: Person, after = 0) => {
        const { changed, left } = await store().keyChanges(person.id, after, 100);
        return { changed, left };
      };
      await store().requestContact(ada!.id, bob!.id, 2_000);
      expect(await store().sharing(ada!.id)).toEqual([bob!.id]);
      expect(await since(bob!)).toEqual({ changed: [keyUserOf(ada!.id)], left: [] });
      await store().declineContact(bob!.id, ada!.id);
      expect(await store().sharing(bob!.id)).toEqual([]);
      expect(await since(ada!)).toEqual({ changed: [], left: [keyUserOf(bob!.id)] });
      await store().block(cem!.id, ada!.id, 2_000);
      await store().requestContact(ada!.id, cem!.id, 2_000);
      expect(await store().sharing(ada!.id)).toEqual([cem!.id]);
      expect(await store().sharing(cem!.id)).toEqual([]);
      expect(await since(cem!)).toEqual({ changed: [], left: [] });
    });

    it('S74, KY6b: a block changes nothing of it, and a removed contact is shared with as long as there is a conversation', async () => {
      const [ada, bob] = await someFriends(store());
      const { upTo } = await store().keyChanges(ada.id, 0, 100);
      await store().block(bob.id, ada.id, 4_000);
      await store().removeContact(bob.id, ada.id);
      expect(await store().sharing(ada.id)).toEqual([bob.id]);
      expect((await store().keyChanges(ada.id, upTo, 100)).left).toEqual([]);
    });

    it('S74, KY6a: a reader who follows while twenty change meets every change, each page behind the last', async () => {
      const ada = await somebody(store());
      const others = await Promise.all(times(20, () => somebody(store())));
      for (const other of others) await befriend(store(), ada, other);
      let after = (await store().keyState({ userId: ada.id, deviceId: ada.device })).changes;
      const heard: string[] = [];
      let isWriting = true;
      const writing = Promise.all(
        others.map(async other => {
          for (let i = 0; i < 3; i++) await publish(other, await someMore(other));
        }),
      ).finally(() => (isWriting = false));
      const follow = async () => {
        const { changed, upTo } = await store().keyChanges(ada.id, after, 7);
        heard.push(...changed);
        after = upTo;
        return changed.length;
      };
      while (isWriting) {
        await follow();
        await new Promise(resolve => setImmediate(resolve));
      }
      await writing;
      while ((await follow()) > 0);
      expect(new Set(heard)).toEqual(new Set(others.map(({ id }) => keyUserOf(id))));
      expect(after).toBe((await store().keyState({ userId: ada.id, deviceId: ada.device })).changes);
    });

    it('S78, KY13b, KY13c: one dehydrated device is current, taken by one device, and retired by its successor', async () => {
      const ada = await somebody(store());
      const [one, two, three] = times(3, () => newDehydrated(ada.id));
      const put = (device: typeof one, replaces: typeof one | null) =>
        change('putDehydrated', ada.id, { device: device!, replaces: replaces?.device_id ?? null });
      expect(await put(one, null)).toBe('kept');
      expect(await put(one, null)).toBe('kept');
      expect(await put(two, null)).toBe('stale');
      const take = (by: Person['device'], at: number) =>
        change('takeDehydrated', ada.id, { id: one!.device_id, by, at });
      const phone = await someMore(ada);
      expect([await take(phone, 1_000), await take(ada.device, 2_000)]).toEqual(['taken', 'stale']);
      expect(await take(ada.device, 1_000 + DEHYDRATED_TAKEN_MS)).toBe('taken');
      expect(await put(two, one)).toBe('kept');
      expect(await put(three, two)).toBe('stale');
      expect((await ringOf(ada)).dehydrated.map(({ id, state }) => [id, state])).toEqual([
        [one!.device_id, 'retired'],
        [two!.device_id, 'current'],
      ]);
      const place = { userId: ada.id, deviceId: one!.device_id };
      await store().putOneTimeKeys(place, { one_time_keys: one!.one_time_keys }, 4_000);
      expect(await change('deleteDehydrated', ada.id, { id: one!.device_id })).toBe('deleted');
      expect(await store().claimKeys([{ ...place, oneTime: true }], 5_000)).toEqual([null]);
      expect(await put(three, two)).toBe('kept');
    });

    it('S78: survives a new password and the last device', async () => {
      const ada = await somebody(store());
      const device = newDehydrated(ada.id);
      await change('putDehydrated', ada.id, { device, replaces: null });
      const place = { userId: ada.id, deviceId: device.device_id };
      await store().putOneTimeKeys(place, { one_time_keys: device.one_time_keys }, 4_000);
      await store().changePassword(ada.id, 'hash', newId());
      expect((await ringOf(ada)).dehydrated.length).toBe(1);
      expect((await store().claimKeys([{ ...place, oneTime: true }], 5_000))[0]?.isFallback).toBeFalse();
    });

    it('S80: deleting an account leaves none of its keys, and who shared with it hears that it has left', async () => {
      const [ada, bob] = await someFriends(store());
      await publish(ada);
      const dehydrated = newDehydrated(ada.id);
      await store().putOneTimeKeys(atPlace(ada), { one_time_keys: newOneTimeKeys(ada.id, ada.device, 2) }, 4_000);
      await change('putIdentity', ada.id, { user: ada.id, keys: newIdentity(ada.id), replace: false });
      await change('putDehydrated', ada.id, { device: dehydrated, replaces: null });
      const place = { userId: ada.id, deviceId: dehydrated.device_id };
      await store().putOneTimeKeys(place, dehydrated, 4_000);
      await change('putSecrets', ada.id, { number: 1, sealed: {} });
      const version = newId();
      await store().addBackup(ada.id, { version, about: {} }, 4_000);
      const { upTo } = await store().keyChanges(bob.id, 0, 100);
      await store().deleteUser(ada.id);
      const ring = await ringOf(ada);
      expect([ring.devices, ring.identity, ring.list, ring.dehydrated]).toEqual([[], null, null, []]);
      expect(await store().secretsOf(ada.id)).toBeNull();
      expect(await store().backupsOf(ada.id)).toEqual([]);
      const claims = [
        { ...atPlace(ada), oneTime: true },
        { ...place, oneTime: true },
      ];
      expect(await store().claimKeys(claims, 5_000)).toEqual([null, null]);
      const { changed, left } = await store().keyChanges(bob.id, upTo, 100);
      expect([changed, left]).toEqual([[], [keyUserOf(ada.id)]]);
    });

    it('S80: a deletion is heard of also by who had heard before that the person had left', async () => {
      const [ada, bob] = await Promise.all(times(2, () => somebody(store())));
      await store().requestContact(ada!.id, bob!.id, 2_000);
      await store().declineContact(bob!.id, ada!.id);
      await befriend(store(), ada!, bob!);
      const { upTo } = await store().keyChanges(bob!.id, 0, 100);
      await store().deleteUser(ada!.id);
      const { changed, left } = await store().keyChanges(bob!.id, upTo, 100);
      expect([changed, left]).toEqual([[], [keyUserOf(ada!.id)]]);
    });
  });
}

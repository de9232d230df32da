import { keyUserOf } from '#protocol/keys/objects';
import { makeIdentity } from './identity.ts';
import { newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';
import { acceptIdentity, trustIn, type Trust } from './trust.ts';
import { identities, verify, type Compared } from './verify.ts';

/** Mira with two devices and Jonas with one, who know each other's keys. */
async function acquainted() {
  const server = new ServerDouble();
  const [mira, tablet] = (await person(server, 2)) as [TestDevice, TestDevice];
  const [jonas] = (await person(server, 1)) as [TestDevice];
  const members = [mira.address.userId, jonas.address.userId];
  for (const device of [mira, tablet, jonas]) {
    await device.catchUp();
    await device.olm.follow(members);
  }
  const jonass = jonas.address.userId;
  const trust = (device: TestDevice): Promise<Trust> => trustIn(device.olm, jonass);
  const masterKey = (await jonas.olm.masterKeyOf(jonass))!;
  /** What comes of Mira's comparing, as of a person and a key that she has seen. */
  const compare = async (seen: Partial<Compared> = {}) => {
    const verified = await verify(mira.olm, mira.events, { userId: jonass, masterKey, ...seen });
    return verified.ok ? 'verified' : verified.error;
  };
  /** The server gives Jonas another identity. @returns its device and its master key */
  const swap = async () => {
    const evil = await TestDevice.open(server, { userId: jonass, deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await mira.catchUp();
    return (await evil.olm.masterKeyOf(jonass))!;
  };
  return { server, mira, tablet, jonas, jonass, masterKey, trust, compare, swap };
}

describe('comparing identities', () => {
  it('EE14a makes somebody verified on every device of who has compared, and on nobody else’s', async () => {
    const { server, mira, tablet, jonas, jonass, masterKey, trust, compare } = await acquainted();
    expect(await identities(mira.olm, jonass)).toEqual({
      own: await mira.olm.masterKeyOf(mira.address.userId),
      theirs: masterKey,
    });
    expect(await trust(mira)).toBe('pinned');
    expect(await compare()).toBe('verified');
    expect(await trust(mira)).toBe('verified');
    expect(await trust(tablet)).toBe('pinned');
    // Nothing is left for the page to act on.
    expect(await tablet.catchUp()).toEqual({ events: [], refused: [] });
    expect(await trust(tablet)).toBe('verified');
    await jonas.catchUp();
    expect(await trustIn(jonas.olm, mira.address.userId)).toBe('pinned');
    // And it outlives a start.
    await mira.olm.close();
    const next = await TestDevice.open(server, mira.address, mira.storeName);
    expect(await trust(next)).toBe('verified');
  });

  it('EE14a is refused where the key that was compared is not the one that is here', async () => {
    const { mira, jonas, trust, compare } = await acquainted();
    const another = (await mira.olm.masterKeyOf(mira.address.userId))!;
    expect(await compare({ masterKey: another })).toBe('other-identity');
    expect(await compare({ userId: newId() })).toBe('no-identity');
    expect(await compare({ userId: mira.address.userId, masterKey: another })).toBe('no-identity');
    expect(await trust(mira)).toBe('pinned');
    expect(await jonas.catchUp()).toEqual({ events: [], refused: [] });
  });

  it('EE14b of an identity that has changed waits for a decision, and comparing in person is one', async () => {
    const { mira, trust, compare, swap } = await acquainted();
    const masterKey = await swap();
    expect(await trust(mira)).toBe('changed');
    expect(await compare()).toBe('other-identity');
    expect(await compare({ masterKey })).toBe('identity-changed');
    expect(await trust(mira)).toBe('changed');
    expect(await compare({ masterKey, mayBeNew: true })).toBe('verified');
    expect(await trust(mira)).toBe('verified');
  });

  it('EE14b an identity that is swapped afterwards is louder than one that was only pinned', async () => {
    const { mira, tablet, jonass, trust, compare, swap } = await acquainted();
    await compare();
    await tablet.catchUp();
    const masterKey = await swap();
    await tablet.catchUp();
    for (const device of [mira, tablet]) expect(await trust(device)).toBe('verified-changed');
    expect(await compare({ masterKey })).toBe('identity-changed');
    await acceptIdentity(mira.olm, jonass);
    expect(await trust(mira)).toBe('pinned');
    expect(await compare({ masterKey })).toBe('verified');
  });

  it('EE14a is nothing where the server keeps no signature, and loud where it drops one later', async () => {
    const { server, mira, jonass, trust, compare } = await acquainted();
    const { master_key } = server.identities.get(keyUserOf(jonass))!;
    const bare = structuredClone(master_key);
    server.tamper = (_who, request, answer) =>
      request === 'POST /api/keys/query'
        ? { ...(answer as object), master_keys: { [keyUserOf(jonass)]: bare } }
        : answer;
    expect(await compare()).toBe('not-kept');
    expect(await trust(mira)).toBe('pinned');
    server.tamper = (_who, _request, answer) => answer;
    expect(await compare()).toBe('verified');
    server.identities.get(keyUserOf(jonass))!.master_key = bare;
    server.changes.push(keyUserOf(jonass));
    await mira.catchUp();
    expect(await trust(mira)).toBe('verified-changed');
  });

  it('EE14a is nothing on a device whose person has another identity by now', async () => {
    const { server, mira, compare } = await acquainted();
    const evil = await TestDevice.open(server, { userId: mira.address.userId, deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await mira.catchUp();
    expect(await compare()).toBe('not-own');
    expect((await identities(mira.olm, newId())).own).toBeNull();
  });

  it('EE14a another person cannot make a device ask by saying that somebody was signed', async () => {
    const { server, mira, jonas, jonass } = await acquainted();
    await jonas.events.send(mira.address, 'parley.signed', { version: 1, userId: jonass });
    const queries = () => server.asked.filter(request => request === 'POST /api/keys/query').length;
    const before = queries();
    expect(await mira.catchUp()).toEqual({ events: [], refused: [] });
    expect(queries()).toBe(before);
  });
});

import { SCANNED_TYPE } from '#protocol/crypto/comparing';
import { type UserId } from '#protocol/ids';
import { keyUserOf } from '#protocol/keys/objects';
import { makeIdentity } from './identity.ts';
import { InPerson } from './in-person.ts';
import { newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';
import { trustIn } from './trust.ts';
import { readVerifyCode } from './verify-code.ts';
import { identities, verify } from './verify.ts';

/** The page about `them` on a device. */
const pageOf = ({ olm, events, address }: TestDevice, them: UserId): InPerson =>
  new InPerson(
    {
      identities: userId => identities(olm, userId),
      verify: compared => verify(olm, events, compared),
      sendToAll: ({ userId, type, content }) => events.sendToAll(userId, type, content),
    },
    address.userId,
    them,
  );

const codeOf = async (page: InPerson): Promise<string> => {
  const code = await page.code();
  return code.ok ? code.value : code.error;
};
const secretOf = (code: string): string => {
  const read = readVerifyCode(code);
  return read.ok ? read.value.secret : '';
};
const scans = async (page: InPerson, code: string): Promise<string> => {
  const scanned = await page.scanned(code);
  return scanned.ok ? 'verified' : scanned.error;
};
/** What becomes of the events that have come to a device since. */
async function hears(device: TestDevice, page: InPerson): Promise<string[]> {
  const { events } = await device.catchUp();
  const outcomes: string[] = [];
  for (const event of events) {
    const heard = await page.heard(event);
    outcomes.push(heard === null ? 'nothing' : heard.ok ? 'verified' : heard.error);
    await device.events.forget(event.number);
  }
  return outcomes;
}

/** Noor and Ada are together, each at the page about the other; Tom is a contact of Noor's. */
async function together() {
  const server = new ServerDouble();
  const [noor] = (await person(server, 1)) as [TestDevice];
  const [ada, adas] = (await person(server, 2)) as [TestDevice, TestDevice];
  const [tom] = (await person(server, 1)) as [TestDevice];
  for (const device of [noor, ada, adas, tom]) {
    await device.catchUp();
    await device.olm.follow([noor, ada, tom].map(({ address }) => address.userId));
  }
  const noors = pageOf(noor, ada.address.userId);
  const inAda = pageOf(ada, noor.address.userId);
  const trust = async () => [await trustIn(noor.olm, ada.address.userId), await trustIn(ada.olm, noor.address.userId)];
  /** For this device, the server replaces the identity of a person by another one. */
  const deceives = async (device: TestDevice, whose: TestDevice): Promise<TestDevice> => {
    const { userId } = whose.address;
    const user = keyUserOf(userId);
    const [identity, list] = [server.identities.get(user)!, server.lists.get(user)!];
    const evil = await TestDevice.open(server, { userId, deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await device.catchUp();
    server.identities.set(user, identity);
    server.lists.set(user, list);
    return evil;
  };
  const sent = () => server.asked.filter(request => request === 'PUT /api/to-device').length;
  return { server, noor, ada, adas, tom, noors, inAda, trust, deceives, sent };
}

describe('two people who are together', () => {
  it('EE15b, EE15c are both verified by one scan, on every device', async () => {
    const { noor, ada, adas, noors, inAda, trust } = await together();
    expect(await scans(inAda, await codeOf(noors))).toBe('verified');
    expect(await trust()).toEqual(['pinned', 'verified']);
    expect(await hears(noor, noors)).toEqual(['verified']);
    expect(await trust()).toEqual(['verified', 'verified']);
    await adas.catchUp();
    expect(await trustIn(adas.olm, noor.address.userId)).toBe('verified');
    expect(await hears(ada, inAda)).toEqual([]);
    // Scanning once more, also the other way round, changes nothing.
    expect(await scans(noors, await codeOf(inAda))).toBe('verified');
    expect(await hears(ada, inAda)).toEqual(['verified']);
    expect(await trust()).toEqual(['verified', 'verified']);
  });

  it('EE15b find out that the server has shown one of them another identity: nothing is marked, and nothing is sent', async () => {
    for (const deceived of ['who scans', 'who shows'] as const) {
      const { noor, ada, noors, inAda, trust, deceives, sent } = await together();
      if (deceived === 'who scans') await deceives(ada, noor);
      else await deceives(noor, ada);
      const before = sent();
      const [outcome, trusted] = {
        'who scans': ['other-identity', ['pinned', 'changed']] as const,
        'who shows': ['other-own', ['changed', 'pinned']] as const,
      }[deceived];
      expect(await scans(inAda, await codeOf(noors))).toBe(outcome);
      expect(sent()).withContext(deceived).toBe(before);
      expect(await hears(noor, noors)).toEqual([]);
      expect([...(await trust())]).toEqual([...trusted]);
    }
  });

  it('EE15b find it out also where the server has lied from the first moment on', async () => {
    const { server, ada } = await together();
    const [fresh] = (await person(server, 1)) as [TestDevice];
    const user = keyUserOf(ada.address.userId);
    const [identity, list] = [server.identities.get(user)!, server.lists.get(user)!];
    const evil = await TestDevice.open(server, { userId: ada.address.userId, deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await fresh.catchUp();
    const [freshs, inAda] = [pageOf(fresh, ada.address.userId), pageOf(ada, fresh.address.userId)];
    // The device of the server's own identity has not seen the code.
    await fresh.olm.follow([ada.address.userId]);
    const code = await codeOf(freshs);
    await evil.events.send(fresh.address, SCANNED_TYPE, { version: 1, secret: 'A'.repeat(22) });
    expect(await hears(fresh, freshs)).toEqual(['nothing']);
    server.identities.set(user, identity);
    server.lists.set(user, list);
    await ada.olm.follow([fresh.address.userId]);
    expect(await scans(inAda, code)).toBe('other-own');
    expect(await scans(freshs, await codeOf(inAda))).toBe('other-identity');
    expect(await trustIn(fresh.olm, ada.address.userId)).toBe('pinned');
  });

  it('EE15b settle by it whether somebody with a new identity is still the same', async () => {
    const { server, noor, ada, noors, inAda, trust } = await together();
    await scans(inAda, await codeOf(noors));
    await hears(noor, noors);
    // Ada starts new.
    const phone = await TestDevice.open(server, { userId: ada.address.userId, deviceId: newId() });
    await makeIdentity(phone.olm, 'x'.repeat(43));
    await noor.catchUp();
    await phone.olm.follow([noor.address.userId]);
    expect((await trust())[0]).toBe('verified-changed');
    expect(await scans(noors, await codeOf(pageOf(phone, noor.address.userId)))).toBe('verified');
    expect((await trust())[0]).toBe('verified');
  });

  it('EE15c a secret counts from that person alone, and as long as its code is shown', async () => {
    const { noor, ada, tom, noors, trust } = await together();
    const content = { version: 1, secret: secretOf(await codeOf(noors)) };
    const says = (device: TestDevice, said: object = content) => device.events.send(noor.address, SCANNED_TYPE, said);
    await says(tom);
    await says(ada, { version: 1, secret: 'A'.repeat(22) });
    await says(ada, { version: 2, secret: content.secret });
    await says(ada, {});
    expect(await hears(noor, noors)).toEqual(['nothing', 'nothing', 'nothing', 'nothing']);
    // Her page about Tom is another one.
    await says(ada);
    expect(await hears(noor, pageOf(noor, tom.address.userId))).toEqual(['nothing']);
    noors.forget();
    await says(ada);
    expect(await hears(noor, noors)).toEqual(['nothing']);
    // The next code has another secret.
    expect(secretOf(await codeOf(noors))).not.toBe(content.secret);
    await says(ada);
    expect(await hears(noor, noors)).toEqual(['nothing']);
    expect(await trust()).toEqual(['pinned', 'pinned']);
  });

  it('EE15c a code that was shown before an identity was swapped makes the other one nothing', async () => {
    const { noor, ada, noors, inAda, deceives, trust } = await together();
    const code = await codeOf(noors);
    expect(await scans(inAda, code)).toBe('verified');
    const { events } = await noor.catchUp();
    await deceives(noor, ada);
    const [event] = events;
    expect(event && (await noors.heard(event))).toEqual({ ok: false, error: 'other-identity' });
    expect((await trust())[0]).toBe('changed');
    expect(secretOf(await codeOf(noors))).not.toBe(secretOf(code));
  });

  it('EE15a need an identity each', async () => {
    const { server, noor } = await together();
    expect(await codeOf(pageOf(noor, newId()))).toBe('no-identity');
    const bare = await TestDevice.open(server, { userId: newId(), deviceId: newId() });
    expect(await codeOf(pageOf(bare, noor.address.userId))).toBe('not-own');
  });
});

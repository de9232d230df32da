import { gzipSync } from 'node:zlib';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { keysFound, keyState } from '#protocol/keys/api';
import { keyUserOf } from '#protocol/keys/objects';
import { befriend, loginSecret as secretOf, signUp, type Person } from '../testing/browser.ts';
import {
  newDehydrated,
  newDeviceKeys,
  newDeviceList,
  newFallbackKey,
  newIdentity,
  newOneTimeKeys,
  signedBy,
} from '../testing/key-objects.ts';
import { newId } from '../testing/new-id.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { LimiterFor } from './budgets.ts';

describe('keys over REST', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  const say = (person: Person, method: string, path: string, json: object) => person.ask(method, path, { json });
  const publish = async (person: Person) => {
    const device_keys = newDeviceKeys(person.id, person.deviceId);
    const one_time_keys = newOneTimeKeys(person.id, person.deviceId, 8);
    const fallback_keys = newFallbackKey(person.id, person.deviceId);
    const body = { device_keys, one_time_keys, fallback_keys };
    expect((await say(person, 'POST', '/api/keys/upload', body)).status).toBe(200);
    return body;
  };
  const query = async (person: Person, ...of: Person[]) => {
    const device_keys = Object.fromEntries(of.map(({ id }) => [keyUserOf(id), []]));
    return keysFound.parse((await say(person, 'POST', '/api/keys/query', { device_keys })).body);
  };
  const claim = async (person: Person, of: Person, device: string = of.deviceId) => {
    const one_time_keys = { [keyUserOf(of.id)]: { [device]: 'signed_curve25519' } };
    const { body } = await say(person, 'POST', '/api/keys/claim', { one_time_keys });
    const claimed = body.one_time_keys as Record<string, Record<string, Record<string, { fallback?: true }>>>;
    return claimed[keyUserOf(of.id)]?.[device];
  };
  const send = (person: Person, to: Person, content: object, txn: string = newId(), device: string = to.deviceId) =>
    say(person, 'PUT', `/api/to-device/${txn}`, {
      type: 'm.room.encrypted',
      messages: { [keyUserOf(to.id)]: { [device]: content } },
    });
  const inbox = async (person: Person, search = '') =>
    (await person.ask('GET', `/api/inbox${search}`)).body as {
      items: { number: number; event: object }[];
      upTo: number;
      head: number;
    };

  let pairs = 0;
  /** Two more who know each other, with keys. */
  const twoMore = async (): Promise<[Person, Person]> => {
    const [one, other] = [await signUp(server.origin, `one${++pairs}`), await signUp(server.origin, `other${pairs}`)];
    await befriend(one, other);
    for (const person of [one, other]) await publish(person);
    return [one, other];
  };

  beforeAll(async () => {
    server = await startTestServer();
    [ada, bob, eve] = [
      await signUp(server.origin, 'ada'),
      await signUp(server.origin, 'bob'),
      await signUp(server.origin, 'eve'),
    ];
    await befriend(ada, bob);
    for (const person of [ada, bob, eve]) await publish(person);
  });
  afterAll(() => server.stop());

  it('KY1a a device publishes its own keys, once, and no other device’s', async () => {
    const other = newDeviceKeys(ada.id, ada.deviceId);
    expect((await say(ada, 'POST', '/api/keys/upload', { device_keys: other })).body.type).toBe('keys-fixed');
    const wrong = [newDeviceKeys(bob.id, bob.deviceId), newDeviceKeys(ada.id, bob.deviceId)];
    for (const device_keys of wrong)
      expect((await say(ada, 'POST', '/api/keys/upload', { device_keys })).body.type).toBe('bad-request');
    const third = { ...newDeviceKeys(ada.id, ada.deviceId), keys: newDeviceKeys(ada.id, bob.deviceId).keys };
    expect((await say(ada, 'POST', '/api/keys/upload', { device_keys: third })).body.type).toBe('bad-request');
  });

  it('KY2a keys of people one shares with are found; those of strangers are answered as if they were not there', async () => {
    const found = await query(ada, ada, bob, eve);
    expect(Object.keys(found.device_keys).sort()).toEqual([keyUserOf(ada.id), keyUserOf(bob.id)].sort());
    const nobody = { device_keys: { [keyUserOf(newId())]: [] } };
    const answers = [(await say(ada, 'POST', '/api/keys/query', nobody)).body, await query(ada, eve)];
    expect(answers[0]).toEqual(answers[1] as never);
  });

  it('KY2c signatures of others on a master key are shown to who made them alone, and the user-signing key to its owner', async () => {
    const [mine, his] = [newIdentity(ada.id), newIdentity(bob.id)];
    expect((await say(ada, 'PUT', '/api/keys/cross-signing', mine)).status).toBe(204);
    expect((await say(bob, 'PUT', '/api/keys/cross-signing', his)).status).toBe(204);
    const name = Object.keys(his.master_key.keys)[0]!.slice('ed25519:'.length);
    const signature = signedBy(ada.id, 'A'.repeat(43));
    const body = { [keyUserOf(bob.id)]: { [name]: { ...his.master_key, signatures: signature } } };
    expect((await say(ada, 'POST', '/api/keys/signatures', body)).body).toEqual({ failures: {} });
    const [toAda, toBob] = [await query(ada, bob), await query(bob, bob)];
    expect(Object.keys(toAda.master_keys[keyUserOf(bob.id)]?.signatures ?? {})).toContain(keyUserOf(ada.id));
    expect(Object.keys(toBob.master_keys[keyUserOf(bob.id)]?.signatures ?? {})).toEqual([keyUserOf(bob.id)]);
    expect([Object.keys(toAda.user_signing_keys), Object.keys(toBob.user_signing_keys)]).toEqual([
      [],
      [keyUserOf(bob.id)],
    ]);
    const failures = (await say(eve, 'POST', '/api/keys/signatures', body)).body.failures as object;
    expect(Object.keys(failures)).toEqual([keyUserOf(bob.id)]);
  });

  it('KY3b five keys an hour of one device are used up by another one, then the fallback key is given', async () => {
    const [one, other] = await twoMore();
    const names = [];
    for (let i = 0; i < 7; i++) names.push(Object.keys((await claim(one, other)) ?? {})[0]);
    expect(new Set(names.slice(0, 5)).size).toBe(5);
    expect(new Set(names.slice(5)).size).toBe(1);
    expect(keyState.parse((await other.ask('GET', '/api/keys/state')).body).oneTime).toBe(3);
    expect(await claim(one, eve)).toBeUndefined();
    expect(await claim(one, other, newId())).toBeUndefined();
  });

  it('KY4a, KY4b an identity is made where there is none; another one takes its place with the password alone', async () => {
    const dora = await signUp(server.origin, 'dora');
    const [first, second] = [newIdentity(dora.id), newIdentity(dora.id)];
    const put = (body: object) => say(dora, 'PUT', '/api/keys/cross-signing', body);
    expect((await put(first)).status).toBe(204);
    expect((await put({ ...first, deviceList: newDeviceList(dora.id, 2, [newId()]) })).status).toBe(204);
    expect((await put(second)).body.type).toBe('identity-exists');
    expect((await put({ ...second, loginSecret: 'x'.repeat(43) })).body.type).toBe('wrong-credentials');
    const loginSecret = secretOf('dora');
    expect((await put({ ...second, loginSecret, deviceList: newDeviceList(dora.id, 1) })).status).toBe(204);
    expect((await put({ ...newIdentity(ada.id), loginSecret })).body.type).toBe('bad-request');
    const found = await query(dora, dora);
    expect(found.master_keys[keyUserOf(dora.id)]?.keys).toEqual(second.master_key.keys);
    expect(found.device_lists[keyUserOf(dora.id)]).toBeDefined();
  });

  it('KY3b devices that do not exist cost no more memory than a person may claim keys', async () => {
    const pairs = new Set<string | number>();
    const limiterFor: LimiterFor = (name, { points, seconds }) => {
      const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
      if (name === 'claimsOfPair') {
        const consume = limiter.consume.bind(limiter);
        spyOn(limiter, 'consume').and.callFake(key => {
          pairs.add(key);
          return consume(key);
        });
      }
      return limiter;
    };
    const small = await startTestServer({ limiterFor, budgets: { claims: { points: 2, seconds: 60 } } });
    try {
      const person = await signUp(small.origin, 'ada');
      const devices = Object.fromEntries(Array.from({ length: 9 }, () => [newId(), 'signed_curve25519']));
      const one_time_keys = { [keyUserOf(person.id)]: devices };
      expect((await say(person, 'POST', '/api/keys/claim', { one_time_keys })).status).toBe(200);
      expect(pairs.size).toBe(2);
    } finally {
      await small.stop();
    }
  });

  it('KY6c each change that others are told of is taken from the budget of changes', async () => {
    const small = await startTestServer({ budgets: { keyChanges: { points: 1, seconds: 60 } } });
    try {
      const person = await signUp(small.origin, 'ada');
      expect((await say(person, 'POST', '/api/keys/upload', {})).status).toBe(200);
      const device = newDehydrated(person.id);
      const where = `device=${encodeURIComponent(device.device_id)}`;
      const refused = [
        await say(person, 'POST', '/api/keys/upload', {}),
        await say(person, 'PUT', '/api/keys/dehydrated', { replaces: null, device }),
        await person.ask('DELETE', `/api/keys/dehydrated?${where}&upTo=0`),
        await say(person, 'PUT', '/api/keys/device-list', newDeviceList(person.id, 1)),
      ];
      expect(refused.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    } finally {
      await small.stop();
    }
  });

  it("KY5 a list of devices is one's own, and its number rises", async () => {
    const [one, other] = await twoMore();
    const put = (list: object) => say(one, 'PUT', '/api/keys/device-list', list);
    expect((await put(newDeviceList(one.id, 5, [one.deviceId]))).status).toBe(204);
    expect((await put(newDeviceList(one.id, 4))).body.type).toBe('stale');
    for (const list of [newDeviceList(other.id, 6), { ...newDeviceList(one.id, 6), signed: '{}' }])
      expect((await put(list)).body.type).toBe('bad-request');
    expect(Object.keys((await query(other, one)).device_lists)).toEqual([keyUserOf(one.id)]);
  });

  it('KY6a, KY6b the feed says who has changed, and nothing of strangers', async () => {
    const [one, other] = await twoMore();
    const { changes } = keyState.parse((await other.ask('GET', '/api/keys/state')).body);
    await say(eve, 'PUT', '/api/keys/device-list', newDeviceList(eve.id, 1));
    await say(one, 'PUT', '/api/keys/device-list', newDeviceList(one.id, 6));
    const page = (await other.ask('GET', `/api/keys/changes?after=${changes}`)).body;
    expect([page.changed, page.left, page.more]).toEqual([[keyUserOf(one.id)], [], false] as never);
  });

  it('KY7a, KY7b an event reaches the inbox it is for with its true sender, and once for each transaction', async () => {
    const [one, other] = await twoMore();
    const txn = newId();
    for (let i = 0; i < 2; i++) expect((await send(one, other, { body: 'hello' }, txn)).status).toBe(204);
    const page = await inbox(other);
    const event = { sender: keyUserOf(one.id), type: 'm.room.encrypted', content: { body: 'hello' } };
    expect(page.items).toEqual([{ number: 1, event }]);
    expect((await say(other, 'POST', '/api/inbox/confirm', { upTo: 1 })).status).toBe(204);
    expect(await inbox(other)).toEqual({ items: [], upTo: 0, head: 1 });
  });

  it('KY8a, KY8b `*` is every device of a person but the one that sends, and no one gets anything of a stranger', async () => {
    const [one, other] = await twoMore();
    await send(one, one, { to: 'others' }, newId(), '*');
    expect((await inbox(one)).items).toEqual([]);
    await send(one, other, { to: 'all' }, newId(), '*');
    expect((await inbox(other)).items.map(({ event }) => event)).toEqual([
      jasmine.objectContaining({ content: { to: 'all' } }),
    ]);
    expect((await send(eve, other, { from: 'a stranger' })).status).toBe(204);
    expect((await inbox(other)).head).toBe(1);
  });

  it('KY9b a full inbox is named, and all others get theirs', async () => {
    const [one, other] = await twoMore();
    const large = { body: 'x'.repeat(60_000) };
    for (let i = 0; i < 70; i++) if ((await send(one, other, large)).status !== 204) break;
    const messages = {
      [keyUserOf(other.id)]: { [other.deviceId]: large },
      [keyUserOf(one.id)]: { [one.deviceId]: { to: 'myself' } },
    };
    const { status, body } = await say(one, 'PUT', `/api/to-device/${newId()}`, { type: 'm.room.encrypted', messages });
    expect([status, body.type, body.full]).toEqual([
      429,
      'inbox-full',
      { [keyUserOf(other.id)]: [other.deviceId] },
    ] as never);
    expect(body.retryMs).toBeGreaterThan(0);
    expect((await inbox(one)).items.length).toBe(1);
    await say(other, 'POST', '/api/inbox/confirm', { upTo: 1_000 });
  });

  it('KY10a, KY10c a body may be gzipped, and is refused where it comes to more than 1 MB or is compressed otherwise', async () => {
    const [one, other] = await twoMore();
    const put = (bytes: Buffer, coding: string) =>
      fetch(`${server.origin}/api/to-device/${newId()}`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${one.accessToken}`,
          'content-type': 'application/json',
          'content-encoding': coding,
          'sec-fetch-site': 'same-origin',
        },
        body: new Uint8Array(bytes),
      });
    const text = JSON.stringify({
      type: 'x',
      messages: { [keyUserOf(other.id)]: { [other.deviceId]: { body: 'gzipped' } } },
    });
    expect((await put(gzipSync(text), 'gzip')).status).toBe(204);
    expect((await inbox(other)).items.at(-1)?.event).toEqual(
      jasmine.objectContaining({ content: { body: 'gzipped' } }),
    );
    const bomb = gzipSync(`{"type":"x","messages":{}${' '.repeat(8 * 1024 * 1024)}}`);
    expect((await put(bomb, 'gzip')).status).toBe(413);
    expect((await put(Buffer.from(text), 'br')).status).toBe(415);
    expect((await put(Buffer.from(text), 'gzip')).status).toBe(400);
  });

  it('KY10b a large answer is gzipped for who takes that', async () => {
    const ask = (coding: string) =>
      fetch(`${server.origin}/api/keys/query`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ada.accessToken}`,
          'content-type': 'application/json',
          'accept-encoding': coding,
          'sec-fetch-site': 'same-origin',
        },
        body: JSON.stringify({ device_keys: { [keyUserOf(ada.id)]: [], [keyUserOf(bob.id)]: [] } }),
      });
    const [packed, plain] = [await ask('gzip'), await ask('identity')];
    expect([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null]);
    expect(await packed.json()).toEqual(await plain.json());
  });

  it('KY11, KY14b sealed secrets have the next number, or are refused', async () => {
    expect((await ada.ask('GET', '/api/secrets')).status).toBe(404);
    const put = (number: number, sealed: object) => say(ada, 'PUT', '/api/secrets', { number, sealed });
    expect((await put(1, { a: 1 })).status).toBe(204);
    expect((await put(1, { a: 2 })).body.type).toBe('stale');
    expect((await put(2, { a: 2 })).status).toBe(204);
    expect((await ada.ask('GET', '/api/secrets')).body).toEqual({ number: 2, sealed: { a: 2 } });
    expect((await bob.ask('GET', '/api/secrets')).status).toBe(404);
  });

  it('KY12b, KY14b a sealed backup takes batch after batch, and is not there for another person', async () => {
    const version = newId();
    expect((await say(ada, 'POST', '/api/backups', { version, about: { algorithm: 'a' } })).status).toBe(204);
    const record = { conversationId: newId(), session: 'session', index: 0, sealed: 'sealed' };
    const put = (person: Person, number: number) =>
      say(person, 'PUT', `/api/backups/${version}/batches/${number}`, { manifest: { number }, records: [record] });
    expect([(await put(ada, 1)).status, (await put(ada, 1)).status]).toEqual([204, 204]);
    expect((await put(ada, 3)).body.type).toBe('stale');
    expect((await put(bob, 2)).body.type).toBe('not-found');
    expect((await bob.ask('GET', `/api/backups/${version}/batches`)).status).toBe(404);
    await bob.ask('DELETE', `/api/backups/${version}`);
    expect((await ada.ask('GET', `/api/backups/${version}/batches`)).body.items).toEqual([
      { number: 1, manifest: { number: 1 }, records: [record] },
    ] as never);
    expect((await ada.ask('GET', '/api/backups')).body.items).toEqual([
      jasmine.objectContaining({ version, number: 1, records: 1 }),
    ] as never);
    expect((await ada.ask('DELETE', `/api/backups/${version}`)).status).toBe(204);
    expect((await ada.ask('GET', '/api/backups')).body.items).toEqual([] as never);
  });

  it('KY13a, KY13b a dehydrated device is written to while no device is there, read by one device, and goes when all was read', async () => {
    const [device, next] = [newDehydrated(bob.id), newDehydrated(bob.id)];
    const put = (body: object) => say(bob, 'PUT', '/api/keys/dehydrated', body);
    expect((await put({ replaces: null, device })).status).toBe(204);
    expect((await put({ replaces: null, device: newDehydrated(ada.id) })).body.type).toBe('bad-request');
    const more = (first: number) => ({
      ...device,
      one_time_keys: newOneTimeKeys(bob.id, device.device_id, 100, first),
    });
    expect((await put({ replaces: null, device: more(1_000) })).status).toBe(204);
    expect((await put({ replaces: null, device: more(2_000) })).body.type).toBe('no-room');
    const id = device.device_id;
    expect(Object.keys((await query(ada, bob)).device_keys[keyUserOf(bob.id)] ?? {})).toContain(id);
    expect(await claim(ada, bob, id)).toBeDefined();
    expect((await send(ada, bob, { for: 'later' }, newId(), id)).status).toBe(204);
    expect((await say(bob, 'POST', '/api/keys/dehydrated/take', { device_id: id })).status).toBe(204);
    const where = `device=${encodeURIComponent(id)}`;
    const read = (await bob.ask('GET', `/api/keys/dehydrated/inbox?${where}`)).body;
    expect([(read.items as unknown[]).length, read.head]).toEqual([1, 1] as never);
    expect((await put({ replaces: id, device: next })).status).toBe(204);
    expect((await bob.ask('DELETE', `/api/keys/dehydrated?${where}&upTo=0`)).body.type).toBe('stale');
    expect((await bob.ask('DELETE', `/api/keys/dehydrated?${where}&upTo=1`)).status).toBe(204);
    const left = (await bob.ask('GET', '/api/keys/dehydrated')).body.items as { device_id: string; state: string }[];
    expect(left.map(one => [one.device_id, one.state])).toEqual([[next.device_id, 'current']]);
    expect((await say(ada, 'POST', '/api/keys/dehydrated/take', { device_id: next.device_id })).status).toBe(404);
  });

  it('KY14a nothing of it is for who is not signed in', async () => {
    const gone = await signUp(server.origin, 'gone');
    await server.store.removeDevice(gone.id, gone.deviceId);
    for (const path of ['/api/keys/state', '/api/keys/changes', '/api/inbox', '/api/secrets', '/api/backups'])
      expect((await gone.ask('GET', path)).status)
        .withContext(path)
        .toBe(401);
    expect((await send(gone, ada, {})).status).toBe(401);
  });
});

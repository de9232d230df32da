import { type Message } from '#protocol/chat-frames';
import { deviceListOf } from '#protocol/crypto/device-list';
import { recoverySecret } from '#protocol/crypto/recovery-code';
import { type ConversationId, type DeviceId, type UserId } from '#protocol/ids';
import { keyUserOf } from '#protocol/keys/objects';
import { err, ok } from '#protocol/result';
import { openManifest } from './backup-manifest.ts';
import { importSessions } from './backup.ts';
import { base64, fromBase64, random } from './bytes.ts';
import { changeDevices, identityKeys, identityThere, makeIdentity, standing } from './identity.ts';
import { boxKey } from './sealed-box.ts';
import { openSecrets, type Opener } from './secrets-bundle.ts';
import { publicKeyOfSeed } from './signature.ts';
import { newId, person, TestDevice } from './testing/people.ts';
import { PausingServer } from './testing/pausing-server.ts';
import { ServerDouble } from './testing/server-double.ts';
import { acceptIdentity, trustIn } from './trust.ts';
import { verify } from './verify.ts';

const wrappingKey = () => boxKey(random(32));
const device = (server: ServerDouble, userId: UserId) => TestDevice.open(server, { userId, deviceId: newId() });

/** Mira has signed up with a password on her phone. */
async function signedUp() {
  const server = new ServerDouble();
  const userId = newId<UserId>();
  const phone = await device(server, userId);
  const password = await wrappingKey();
  const code = await phone.secrets.make({ wrappingKey: password });
  const openOn = async (by: { wrappingKey: CryptoKey } | { code: string }) => {
    const opener = await device(server, userId);
    const opened = await opener.secrets.open('code' in by ? { by: 'recovery', ...by } : { by: 'password', ...by });
    return { opener, came: opened.ok ? await standing(opener.olm) : opened.error };
  };
  const cameOf = async (by: Parameters<typeof openOn>[0]) => (await openOn(by)).came;
  return { server, userId, phone, password, code: code!, openOn, cameOf };
}

/** A server to which the page ends at its n-th request: nothing after it is asked or heard. */
function endingAt(server: ServerDouble, n: number, isAsked: boolean, ended: (request: string) => void): ServerDouble {
  let requests = 0;
  const connect: ServerDouble['connect'] = who => ({
    async ask(method, path, body) {
      requests++;
      if (requests === n) ended(`${method} ${path}`);
      if (requests >= n && !(requests === n && isAsked)) throw new Error('the page has ended');
      const answer = await server.connect(who).ask(method, path, body);
      if (requests >= n) throw new Error('the page has ended');
      return answer;
    },
  });
  return Object.assign(new ServerDouble(), { connect });
}

/** A server that a page does not reach with some requests. */
function endingBefore(server: ServerDouble, isLost: (path: string) => boolean): ServerDouble {
  const connect: ServerDouble['connect'] = who => ({
    async ask(method, path, body) {
      if (isLost(path)) throw new Error('the page has ended');
      return server.connect(who).ask(method, path, body);
    },
  });
  return Object.assign(new ServerDouble(), { connect });
}

describe('a person’s secrets', () => {
  it('EE10a make a new device one of theirs, by the password and by the recovery code, and by no other', async () => {
    const { phone, password, code, cameOf } = await signedUp();
    expect(await standing(phone.olm)).toBe('own');
    expect(await phone.secrets.make({ wrappingKey: await wrappingKey() })).toBeNull();
    expect(await cameOf({ wrappingKey: password })).toBe('own');
    expect(await cameOf({ code: code.toLowerCase().replaceAll(' ', '-') })).toBe('own');
    expect(await cameOf({ wrappingKey: await wrappingKey() })).toBe('not-opened');
    const mistyped = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
    expect(await cameOf({ code: mistyped })).toBe('checksum');
  });

  it('EE10a leave the device sealed alone: neither the server nor our rows have them in the clear', async () => {
    const { server, phone } = await signedUp();
    const keys = (await identityKeys(phone.olm))!;
    const { backup } = (await phone.secrets.kept())!.secrets;
    const kept = JSON.stringify([
      [...server.secrets.values()],
      [...server.backups.keys()],
      await phone.olm.rows.all('secret'),
    ]);
    for (const secret of [...Object.values(keys), backup.key]) expect(kept).not.toContain(secret);
  });

  it('are waited for by who writes while the identity is there and no device is signed with it yet', async () => {
    const server = new ServerDouble();
    const [mira] = (await person(server, 1)) as [TestDevice];
    let isSigning = false;
    const slow = endingBefore(server, path => path === '/api/keys/signatures' && !isSigning);
    const jonas = await device(slow, newId());
    const { userId } = jonas.address;
    const [conversation, members] = [newId<ConversationId>(), [mira.address.userId, userId]];
    const write = () => mira.write(conversation, members, 'early');
    const wrapping = await wrappingKey();
    await expectAsync(jonas.secrets.make({ wrappingKey: wrapping })).toBeRejected();
    expect(await write()).toEqual(err({ why: 'no-device', who: userId }));
    isSigning = true;
    expect((await jonas.secrets.join(wrapping)).ok).toBeTrue();
    await mira.catchUp();
    const written = await write();
    await jonas.catchUp();
    expect(written.ok && (await jonas.read(written.value))).toBe('“early”');
  });

  it('are put at the next catching-up where the network broke in between, without the password', async () => {
    const server = new ServerDouble();
    const userId = newId<UserId>();
    const phone = await device(server, userId);
    const password = await wrappingKey();
    server.tamper = (_who, request, answer) => {
      if (request === 'PUT /api/secrets') throw new Error('no network');
      return answer;
    };
    await expectAsync(phone.secrets.make({ wrappingKey: password })).toBeRejectedWithError('no network');
    // The request has reached the server; its answer was lost.
    server.tamper = (_who, _request, answer) => answer;
    await phone.secrets.finish();
    expect((await phone.secrets.kept())?.isPut).toBeTrue();
    const laptop = await device(server, userId);
    expect((await laptop.secrets.open({ by: 'password', wrappingKey: password })).ok).toBeTrue();
  });

  for (const [when, isAsked] of [
    ['before a request', false],
    ['before the answer to a request', true],
  ] as const)
    it(`are made, and opened on the next device, wherever a page ends ${when}`, async () => {
      const password = await wrappingKey();
      const endedAt: string[] = [];
      for (let requests = 1, before = -1; endedAt.length > before; requests++) {
        before = endedAt.length;
        const server = new ServerDouble();
        server.conversations.push({ id: 'talk', lastSeq: 7 });
        const userId = newId<UserId>();
        for (const which of ['first', 'second']) {
          const own = { userId, deviceId: newId<DeviceId>() };
          const storeName = `store-${newId()}`;
          const ends = endingAt(server, requests, isAsked, request => endedAt.push(`${which}: ${request}`));
          const page = await TestDevice.open(ends, own, storeName);
          await page.secrets.join(password).catch(() => undefined);
          const next = await TestDevice.open(server, own, storeName);
          await next.secrets.join(password);
          const context = `${which} device, ${requests} requests`;
          const shown = await identityThere(next.olm);
          expect(shown).withContext(context).not.toBeNull();
          expect(await next.olm.masterKeyOf(userId))
            .withContext(context)
            .toBe(shown);
          expect(await standing(next.olm))
            .withContext(context)
            .toBe('own');
          expect((await next.secrets.kept())?.secrets.plainUpTo)
            .withContext(context)
            .toEqual({ talk: 7 });
          expect((await next.secrets.kept())?.isPut)
            .withContext(context)
            .toBeTrue();
        }
      }
      expect(endedAt).toContain('first: PUT /api/keys/cross-signing');
      expect(endedAt).toContain('first: PUT /api/secrets');
      expect(endedAt).toContain('second: PUT /api/keys/device-list');
    });

  it('are not made by a second device while the first one makes them, nor where it never ends that', async () => {
    const server = new ServerDouble();
    const userId = newId<UserId>();
    const phone = await device(server, userId);
    await makeIdentity(phone.olm);
    const laptop = await device(server, userId);
    expect(await laptop.secrets.join(await wrappingKey())).toEqual(err('no-secrets'));
    expect(await standing(laptop.olm)).toBe('locked');
    expect(await phone.olm.masterKeyOf(userId)).toBe(await laptop.olm.masterKeyOf(userId));
  });

  it('open by a new password and a new recovery code, whichever device has changed them, and not by the old ones', async () => {
    const { phone, password, code, openOn, cameOf } = await signedUp();
    const { opener: laptop } = await openOn({ wrappingKey: password });
    const next = await wrappingKey();
    await phone.secrets.wrapFor(next);
    const nextCode = await laptop.secrets.newRecoveryCode();
    expect(await cameOf({ wrappingKey: next })).toBe('own');
    expect(await cameOf({ code: nextCode })).toBe('own');
    expect(await cameOf({ wrappingKey: password })).toBe('not-opened');
    expect(await cameOf({ code })).toBe('not-opened');
  });

  /** Mira's laptop, whose next request to put the secrets waits until something else is over. */
  async function slowLaptop(people: Awaited<ReturnType<typeof signedUp>>, meanwhile: () => Promise<unknown>) {
    const slow = new PausingServer(people.server);
    const laptop = await device(slow, people.userId);
    await laptop.secrets.open({ by: 'password', wrappingKey: people.password });
    slow.pause('request', request => request === 'PUT /api/secrets', meanwhile);
    return laptop;
  }

  it('EE10d keep what two devices have changed at once', async () => {
    const people = await signedUp();
    const { phone, password, code, cameOf } = people;
    let nextCode = '';
    const laptop = await slowLaptop(people, async () => {
      nextCode = await phone.secrets.newRecoveryCode();
      await phone.secrets.dehydratedKey();
    });
    const next = await wrappingKey();
    await laptop.secrets.wrapFor(next);
    expect(await cameOf({ wrappingKey: next })).toBe('own');
    expect(await cameOf({ code: nextCode })).toBe('own');
    expect(await cameOf({ wrappingKey: password })).toBe('not-opened');
    expect(await cameOf({ code })).toBe('not-opened');
    expect(base64(await laptop.secrets.dehydratedKey())).toBe(base64(await phone.secrets.dehydratedKey()));
  });

  it('EE10d are not put in the place of those of another identity that was made at the same time', async () => {
    const people = await signedUp();
    const next = await wrappingKey();
    const laptop = await slowLaptop(people, () =>
      people.phone.secrets.make({ wrappingKey: next, loginSecret: 'x'.repeat(43) }),
    );
    await expectAsync(laptop.secrets.dehydratedKey()).toBeRejectedWithError('the secrets on the server are not-opened');
    expect(await people.cameOf({ wrappingKey: next })).toBe('own');
    await laptop.catchUp();
    await laptop.secrets.finish();
    expect(await standing(laptop.olm)).toBe('replaced');
    expect(await people.cameOf({ wrappingKey: next })).toBe('own');
  });

  it('EE10c are refused where the server has gone back, shows another identity, or has none', async () => {
    const { server, userId, phone, password, cameOf } = await signedUp();
    const old = server.secrets.get(keyUserOf(userId))!;
    await phone.secrets.wrapFor(password);
    server.secrets.set(keyUserOf(userId), old);
    const refused = await phone.secrets.open({ by: 'password', wrappingKey: password });
    expect(refused).toEqual({ ok: false, error: 'lower-number' });
    const evil = await device(server, userId);
    await makeIdentity(evil.olm, 'x'.repeat(43));
    expect(await cameOf({ wrappingKey: password })).toBe('other-identity');
    server.secrets.clear();
    expect(await cameOf({ wrappingKey: password })).toBe('no-secrets');
  });

  it('begin again with a new identity: the old devices are out, and others are asked', async () => {
    const { server, userId, phone, password, code, openOn, cameOf } = await signedUp();
    const { opener: lost } = await openOn({ wrappingKey: password });
    const [jonas] = (await person(server, 1)) as [TestDevice];
    await jonas.olm.follow([userId]);
    const next = await wrappingKey();
    const nextCode = await phone.secrets.make({ wrappingKey: next, loginSecret: 'x'.repeat(43) });
    await lost.catchUp();
    await jonas.catchUp();
    expect([await standing(phone.olm), await standing(lost.olm)]).toEqual(['own', 'replaced']);
    expect(await trustIn(jonas.olm, userId)).toBe('changed');
    expect(await cameOf({ code })).toBe('not-opened');
    expect(await cameOf({ code: nextCode! })).toBe('own');
    expect(await lost.secrets.join(next)).toEqual(ok(null));
    expect(await standing(lost.olm))
      .withContext('whose person has typed the password there')
      .toBe('own');
  });

  describe('after a device was lost', () => {
    /** Mira's laptop is stolen after she and Jonas have written to each other; her phone has shut it out. */
    async function shutOut() {
      const people = await signedUp();
      const { server, phone, password, code, userId } = people;
      const { opener: laptop } = await people.openOn({ wrappingKey: password });
      const [jonas] = (await person(server, 1)) as [TestDevice];
      const conversation = newId<ConversationId>();
      const members = [userId, jonas.address.userId];
      const all = [phone, laptop, jonas];
      const write = async (author: TestDevice, text: string) => {
        const written = await author.write(conversation, members, text);
        for (const device of all) await device.catchUp();
        return written.ok ? written.value : fail(written.error.why);
      };
      const before = [await write(jonas, 'before'), await write(phone, 'before')] as Message[];
      await phone.backup.backUp();
      await phone.dehydrated.tend();
      await laptop.secrets.open({ by: 'password', wrappingKey: password });
      const [next, old] = [await wrappingKey(), (await laptop.secrets.kept())!];
      await phone.secrets.make({ wrappingKey: next, loginSecret: 'x'.repeat(43) });
      await laptop.catchUp();
      return { ...people, code, laptop, jonas, next, old, before, write, conversation, members };
    }

    it('EE19a have another key: neither the password nor the code of before opens them, nor does that device', async () => {
      const { server, userId, phone, laptop, password, code, old, next } = await shutOut();
      const there = server.secrets.get(keyUserOf(userId))!;
      const handed = { ...there.sealed, number: there.number };
      const secret = new Uint8Array(recoverySecret(code) as Uint8Array);
      const openers: Opener[] = [
        { by: 'password', key: password },
        { by: 'recovery', secret },
        { by: 'bundle', key: fromBase64(old.key)! },
      ];
      for (const opener of openers) {
        expect(await openSecrets(userId, handed, opener, null))
          .withContext(opener.by)
          .toEqual(err('not-opened'));
      }
      const opened = await openSecrets(userId, handed, { by: 'password', key: next }, null);
      const { crossSigning, backup } = opened.ok ? opened.value.secrets : old.secrets;
      const before = Object.values(old.secrets.crossSigning);
      for (const key of [...Object.values(crossSigning), backup.key])
        expect([...before, old.secrets.backup.key]).not.toContain(key);
      expect(await standing(laptop.olm)).toBe('replaced');
      const stays = server.lists.get(keyUserOf(userId))!;
      expect(deviceListOf(stays.signed)).toEqual(
        jasmine.objectContaining({ devices: [phone.address.deviceId], dehydrated: null }),
      );
      await phone.dehydrated.tend();
      const { dehydratedKey } = (await phone.secrets.kept())!.secrets;
      expect(dehydratedKey).toBeDefined();
      expect(dehydratedKey).not.toBe(old.secrets.dehydratedKey);
      expect(old.secrets.dehydratedKey).toBeDefined();
    });

    it('EE19b bring what was written before into a backup that it does not read, and back on the next device', async () => {
      const { server, userId, phone, laptop, next, old, before, openOn } = await shutOut();
      for (const message of before) expect(await phone.read(message)).toBe('“before”');
      while ((await phone.backup.backUp()).ok && (await phone.olm.rows.some('unkept', 1)).count > 0);
      const { version } = (await phone.secrets.kept())!.secrets.backup;
      expect(version).not.toBe(old.secrets.backup.version);
      const { opener: tablet } = await openOn({ wrappingKey: next });
      await tablet.backup.restore();
      for (const message of before) expect(await tablet.read(message)).toBe('“before”');
      const [batch] = server.backups.get(`${keyUserOf(userId)} ${version}`)!;
      const { number, manifest, records } = batch!;
      const key = await boxKey(fromBase64(old.secrets.backup.key)!);
      const sealed = { number, records, sealed: String(manifest['sealed']) };
      expect((await openManifest(key, userId, version, sealed)).ok).toBeFalse();
      const taken = await importSessions(laptop.olm, { key, version }, records);
      expect([taken.imported, [...taken.refused.keys()]]).toEqual([0, ['tampered']]);
    });

    it('EE19c give it no key of anything that anybody writes', async () => {
      const { server, userId, phone, laptop, jonas, write, next, openOn } = await shutOut();
      const arrived = server.inboxOf(laptop.address).length;
      await jonas.catchUp();
      expect(await trustIn(jonas.olm, userId)).toBe('changed');
      await acceptIdentity(jonas.olm, userId);
      const { opener: tablet } = await openOn({ wrappingKey: next });
      for (const author of [phone, jonas, tablet]) {
        const after = (await write(author, 'after')) as Message;
        for (const reader of [phone, jonas]) expect(await reader.read(after)).toBe('“after”');
        expect(await laptop.read(after)).toBe('no-key');
      }
      expect(server.inboxOf(laptop.address).length).toBe(arrived);
      // It knows that it was replaced: it encrypts nothing more for others.
      expect((await laptop.write(newId(), [userId, jonas.address.userId], 'mine')).ok).toBeFalse();
    });

    it('leave those who were compared as at first contact, and a change that was not decided as it is', async () => {
      const { server, phone, password } = await signedUp();
      const [jonas, ada] = [...(await person(server, 1)), ...(await person(server, 1))] as [TestDevice, TestDevice];
      for (const { olm, address } of [jonas, ada]) {
        await phone.olm.follow([address.userId]);
        const masterKey = (await olm.masterKeyOf(address.userId))!;
        expect(await verify(phone.olm, phone.events, { userId: address.userId, masterKey })).toEqual(ok(null));
      }
      await makeIdentity(ada.olm, 'x'.repeat(43));
      await phone.catchUp();
      await phone.secrets.make({ wrappingKey: password, loginSecret: 'x'.repeat(43) });
      await phone.catchUp();
      expect(await trustIn(phone.olm, jonas.address.userId)).toBe('pinned');
      expect(await trustIn(phone.olm, ada.address.userId)).toBe('verified-changed');
    });

    for (const [when, isAsked] of [
      ['before a request', false],
      ['before the answer to a request', true],
    ] as const)
      it(`are there after all, wherever a page ends ${when}, and nobody is locked out meanwhile`, async () => {
        const endedAt: string[] = [];
        for (let requests = 1, before = -1; endedAt.length > before; requests++) {
          before = endedAt.length;
          const server = new ServerDouble();
          server.conversations.push({ id: 'talk', lastSeq: 7 });
          const own = { userId: newId<UserId>(), deviceId: newId<DeviceId>() };
          const storeName = `store-${newId()}`;
          const [password, next] = [await wrappingKey(), await wrappingKey()];
          const first = await TestDevice.open(server, own, storeName);
          await first.secrets.make({ wrappingKey: password });
          const old = await identityThere(first.olm);
          const ends = endingAt(server, requests, isAsked, request => endedAt.push(request));
          const page = await TestDevice.open(ends, own, storeName);
          await page.secrets.make({ wrappingKey: next, loginSecret: 'x'.repeat(43) }).catch(() => undefined);
          const context = `${requests} requests`;
          // The next page has the password of before, as far as it was not used.
          const then = await TestDevice.open(server, own, storeName);
          const joined = await then.secrets.join(next);
          expect(joined.ok).withContext(context).toBeTrue();
          await then.secrets.finish();
          expect(await standing(then.olm))
            .withContext(context)
            .toBe('own');
          const shown = await identityThere(then.olm);
          const keys = (await identityKeys(then.olm))!;
          expect(await publicKeyOfSeed(keys.master))
            .withContext(context)
            .toBe(shown);
          const kept = (await then.secrets.kept())!;
          expect([kept.isPut, kept.secrets.crossSigning, kept.secrets.plainUpTo])
            .withContext(context)
            .toEqual([true, keys, { talk: 7 }]);
          const laptop = await device(server, own.userId);
          expect(await laptop.secrets.open({ by: 'password', wrappingKey: next }))
            .withContext(context)
            .toEqual(ok(null));
          // It can be done once more from wherever it is.
          await then.secrets.make({ wrappingKey: next, loginSecret: 'x'.repeat(43) });
          expect([await standing(then.olm), await identityThere(then.olm)])
            .withContext(context)
            .not.toContain(old);
          expect(await standing(then.olm))
            .withContext(context)
            .toBe('own');
        }
        expect(endedAt).toContain('PUT /api/keys/cross-signing');
        expect(endedAt).toContain('PUT /api/secrets');
      });
  });

  it('stay with a device that another one has removed, which says so', async () => {
    const { phone, password, openOn } = await signedUp();
    const { opener: laptop } = await openOn({ wrappingKey: password });
    await changeDevices(phone.olm, devices => devices.filter(id => id !== laptop.address.deviceId));
    await laptop.catchUp();
    expect(await standing(laptop.olm)).toBe('removed');
    expect(await standing(phone.olm)).toBe('own');
  });
});

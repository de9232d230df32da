import fc from 'fast-check';
import { type FromSeat } from '#protocol/call-frames';
import { type Message } from '#protocol/chat-frames';
import { openSeat, seatPlaintextOf, type SeatSaid } from '#protocol/crypto/seat-plaintext';
import { type CallId, type ConversationId, type UserId } from '#protocol/ids';
import { keyUserOf, type DeviceKeys } from '#protocol/keys/objects';
import { ROTATE_MESSAGES, ROTATE_MS } from '#protocol/crypto/rotation';
import { megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { ENTRY_TYPE } from '#protocol/crypto/envelope';
import { base64, fromBase64, random } from './bytes.ts';
import { codeOf, type CallSeen } from './call-code.ts';
import { changeDevices, makeIdentity } from './identity.ts';
import { libraryRoom } from './olm.ts';
import { Rows } from './rows.ts';
import { anotherDevice, clock, newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';
import { commitment } from './spoken-code.ts';
import { acceptIdentity, trustIn } from './trust.ts';

/** Mira and Jonas with two devices each, who know of each other's keys, and their conversation. */
async function acquainted() {
  const server = new ServerDouble();
  const [mira, miras] = (await person(server, 2)) as [TestDevice, TestDevice];
  const [jonas, jonass] = (await person(server, 2)) as [TestDevice, TestDevice];
  const all = [mira, miras, jonas, jonass];
  const members: [UserId, UserId] = [mira.address.userId, jonas.address.userId];
  for (const device of all) {
    await device.catchUp();
    await device.olm.follow(members);
  }
  const conversation = newId<ConversationId>();
  /** @throws where it was not sealed */
  const write = async (device: TestDevice, text: string, change = {}): Promise<Message> => {
    const written = await device.write(conversation, members, text, change);
    if (!written.ok) throw new Error(`not sealed: ${written.error.why}`);
    return written.value;
  };
  const refusal = async (device: TestDevice) => {
    const written = await device.write(conversation, members, 'secret');
    return written.ok ? 'sealed' : written.error.why;
  };
  return { server, mira, miras, jonas, jonass, all, members, conversation, write, refusal };
}

const readBy = async (device: TestDevice, message: Message): Promise<string> => {
  await device.catchUp();
  return device.read(message);
};

const given = (server: ServerDouble): number => server.asked.filter(request => request === 'PUT /api/to-device').length;

describe('two people with two devices each', () => {
  it('read what any of the four devices writes', async () => {
    const { all, write } = await acquainted();
    for (const author of all) {
      const message = await write(author, 'hello');
      for (const reader of all) expect(await readBy(reader, message)).toBe('“hello”');
    }
  });

  it('say of an entry that it cannot be read yet, and read it when its key has come', async () => {
    const { mira, jonas, write } = await acquainted();
    const message = await write(mira, 'early');
    expect(await jonas.read(message)).toBe('no-key');
    expect(await readBy(jonas, message)).toBe('“early”');
  });

  it('share a session once, and again when a device has come or gone', async () => {
    const { server, mira, jonas, members, write } = await acquainted();
    await write(mira, 'one');
    const before = given(server);
    await write(mira, 'two');
    expect(given(server)).toBe(before);
    const third = await anotherDevice(server, members[1], jonas);
    await mira.catchUp();
    const message = await write(mira, 'three');
    expect(given(server)).toBeGreaterThan(before);
    expect(await readBy(third, message)).toBe('“three”');
  });

  it('exchange events from device to device, whose sender the keys prove', async () => {
    const { mira, jonas } = await acquainted();
    expect((await mira.events.send(jonas.address, 'call.offer', { sdp: 'v=0' })).ok).toBeTrue();
    const event = { from: mira.address, type: 'call.offer', content: { sdp: 'v=0' } };
    expect((await jonas.catchUp()).events).toEqual([{ ...event, number: 1 }]);
    const sealed = await jonas.events.sealFor(mira.address, 'call.answer', { sdp: 'v=1' });
    expect(sealed.ok && sealed.value).not.toContain('v=1');
    const opened = await mira.events.openFrom(jonas.address.userId, sealed.ok ? sealed.value : '');
    expect(opened).toEqual({ ok: true, value: { from: jonas.address, type: 'call.answer', content: { sdp: 'v=1' } } });
  });

  it('EE5a wait for a person who has no identity', async () => {
    const { server, mira, members, conversation } = await acquainted();
    const stranger = newId<UserId>();
    const written = await mira.write(conversation, [members[0], stranger], 'hello');
    expect(written).toEqual({ ok: false, error: { why: 'no-identity', who: stranger } });
    const [noor] = await person(server, 0).then(async () => [await anotherDevice(server, stranger)]);
    await mira.catchUp();
    const later = await mira.write(conversation, [members[0], stranger], 'hello');
    expect(later.ok && (await readBy(noor!, later.value))).toBe('“hello”');
  });
});

describe('a session', () => {
  it('EE8a is exchanged at 90 messages, after 6 days, and when the clock went back', async () => {
    const { mira, write } = await acquainted();
    const sessionOf = async () => megolmPlaceOf((await write(mira, 'x')).data)!.sessionId;
    const sessions = [await sessionOf()];
    for (let i = 1; i < ROTATE_MESSAGES; i++) expect(await sessionOf()).toBe(sessions[0]!);
    sessions.push(await sessionOf());
    const then = clock.now;
    clock.now += ROTATE_MS;
    sessions.push(await sessionOf());
    clock.now = then;
    sessions.push(await sessionOf());
    expect(new Set(sessions).size).toBe(4);
  });

  it('EE8b is exchanged at a start after a crash, and kept after a clean end', async () => {
    const { server, mira, write } = await acquainted();
    const first = megolmPlaceOf((await write(mira, 'x')).data)!.sessionId;
    await mira.olm.close();
    const clean = await TestDevice.open(server, mira.address, mira.storeName);
    expect(megolmPlaceOf((await write(clean, 'x')).data)!.sessionId).toBe(first);
    // A page that was killed closes nothing.
    const crashed = await TestDevice.open(server, mira.address, mira.storeName);
    expect(megolmPlaceOf((await write(crashed, 'x')).data)!.sessionId).not.toBe(first);
  });

  it('EE8b is exchanged after a crash also where a clean end came before the next message, or the first message was the last', async () => {
    const { server, mira, conversation, write } = await acquainted();
    const sessionOf = (message: Message): string => megolmPlaceOf(message.data)!.sessionId;
    const first = sessionOf(await write(mira, 'x'));
    const crashed = await TestDevice.open(server, mira.address, mira.storeName);
    await crashed.olm.close();
    const next = await TestDevice.open(server, mira.address, mira.storeName);
    const second = sessionOf(await write(next, 'x'));
    expect(second).not.toBe(first);
    expect(sessionOf(await write(next, 'x'))).toBe(second);
    await next.olm.close();
    // As a crash leaves it after a message was encrypted and before that was noted.
    const rows = await Rows.open(`${mira.storeName}-rows`);
    await rows.remove('use', conversation);
    await rows.put('mark', 'open', 1);
    rows.close();
    const last = await TestDevice.open(server, mira.address, mira.storeName);
    expect(sessionOf(await write(last, 'x'))).not.toBe(second);
  });

  it('is shared to the end before anything is encrypted with it: killed in between, everything is read all the same', async () => {
    const { server, mira, jonas, conversation, members, write } = await acquainted();
    server.tamper = (_who, request, answer) => {
      if (request === 'PUT /api/to-device') throw new Error('the network is gone');
      return answer;
    };
    await expectAsync(mira.write(conversation, members, 'lost')).toBeRejectedWithError(/network/);
    server.tamper = (_who, _request, answer) => answer;
    const again = await TestDevice.open(server, mira.address, mira.storeName);
    expect(await readBy(jonas, await write(again, 'hello'))).toBe('“hello”');
  });
});

describe('a hostile server', () => {
  it('EE5a, EE5b that swaps an identity is asked about before anything is sent, in a message and in a call', async () => {
    const { server, mira, jonas, members, write, refusal } = await acquainted();
    await write(mira, 'before');
    const evil = await TestDevice.open(server, { userId: members[1], deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await mira.catchUp();
    const before = given(server);
    expect(await refusal(mira)).toBe('identity-changed');
    expect(await mira.events.sealFor(evil.address, 'call.offer', {})).toEqual({
      ok: false,
      error: { why: 'identity-changed', who: members[1], wasVerified: false },
    });
    expect(given(server)).toBe(before);
    expect(server.inboxOf(evil.address)).toEqual([]);
    expect(await trustIn(mira.olm, members[1])).toBe('changed');
    // The person whose identity it was is told, and sends nothing.
    await jonas.catchUp();
    expect(await refusal(jonas)).toBe('own-identity-changed');
    // Only a person's own decision goes on.
    await acceptIdentity(mira.olm, members[1]);
    expect(await trustIn(mira.olm, members[1])).toBe('pinned');
    expect(await readBy(evil, await write(mira, 'after'))).toBe('“after”');
    expect(await readBy(evil, await write(mira, 'after'))).toBe('“after”');
  });

  it('EE4c that adds a device which no list names gives it no key', async () => {
    const { server, mira, members, conversation, write } = await acquainted();
    const added = await TestDevice.open(server, { userId: members[1], deviceId: newId() });
    await mira.catchUp();
    const message = await write(mira, 'secret');
    expect(await readBy(added, message)).toBe('no-key');
    expect(server.inboxOf(added.address)).toEqual([]);
    const sealed = await mira.events.sealFor(added.address, 'call.offer', {});
    expect(sealed).toEqual({ ok: false, error: { why: 'no-device', who: members[1] } });
    // What it writes is not believed to be Jonas's, nor sent at all by an honest app.
    expect((await added.write(conversation, members, 'hello')).ok).toBeFalse();
  });

  it('EE4b, EE4c that brings a removed device back gives it no key', async () => {
    const { server, mira, jonas, jonass, members, write } = await acquainted();
    const oldList = server.lists.get(keyUserOf(members[1]))!;
    await changeDevices(jonas.olm, devices => devices.filter(id => id !== jonass.address.deviceId));
    await mira.catchUp();
    expect(await readBy(jonass, await write(mira, 'not for the removed one'))).toBe('no-key');
    server.lists.set(keyUserOf(members[1]), oldList);
    server.changes.push(keyUserOf(members[1]));
    await mira.catchUp();
    expect(mira.noticed).toContain('lower-number');
    await mira.olm.library.invalidateGroupSession(libraryRoom(newId()));
    expect(await readBy(jonass, await write(mira, 'nor this'))).toBe('no-key');
    expect(await readBy(jonas, await write(mira, 'but this'))).toBe('“but this”');
  });

  it('EE4b that shows another identity in between does not bring a removed device back', async () => {
    const { server, mira, jonas, jonass, members, write, refusal } = await acquainted();
    const user = keyUserOf(members[1]);
    const [oldList, identity] = [server.lists.get(user)!, server.identities.get(user)!];
    await changeDevices(jonas.olm, devices => devices.filter(id => id !== jonass.address.deviceId));
    await mira.catchUp();
    const evil = await TestDevice.open(server, { userId: members[1], deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await mira.catchUp();
    expect(await refusal(mira)).toBe('identity-changed');
    server.identities.set(user, identity);
    server.lists.set(user, oldList);
    server.changes.push(user);
    await mira.catchUp();
    expect(mira.noticed).toContain('lower-number');
    const message = await write(mira, 'not for the removed one');
    expect(await readBy(jonass, message)).toBe('no-key');
    expect(await readBy(jonas, message)).toBe('“not for the removed one”');
  });

  it('EE4a that shows the list of an identity which the library does not take stops what is sent', async () => {
    const { server, mira, jonas, jonass, members, refusal } = await acquainted();
    const user = keyUserOf(members[1]);
    const identity = server.identities.get(user)!;
    await changeDevices(jonas.olm, devices => devices.filter(id => id !== jonass.address.deviceId));
    await mira.catchUp();
    const evil = await TestDevice.open(server, { userId: members[1], deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await changeDevices(evil.olm, () => [jonas.address.deviceId, jonass.address.deviceId]);
    // Its master key with the self-signing key of the true identity: nothing that the library believes.
    const { master_key } = server.identities.get(user)!;
    server.identities.set(user, { ...identity, master_key });
    await mira.catchUp();
    expect(await trustIn(mira.olm, members[1])).toBe('pinned');
    expect(await refusal(mira)).toBe('no-device-list');
    await jonas.catchUp();
    expect(await refusal(jonas)).toBe('no-device-list');
    expect(server.inboxOf(jonass.address)).toEqual([]);
  });

  it('EE4a that withholds the list of devices of a person, or forges its signature, stops what is sent to them', async () => {
    const { server, members } = await acquainted();
    const [noor] = (await person(server, 1)) as [TestDevice];
    const list = server.lists.get(keyUserOf(members[1]))!;
    const forged = { ...list, signed: list.signed.replace('"number":2', '"number":9') };
    for (const [offered, why] of [
      [undefined, 'missing'],
      [forged, 'wrong-signature'],
    ] as const) {
      server.lists.delete(keyUserOf(members[1]));
      if (offered) server.lists.set(keyUserOf(members[1]), offered);
      const [other] = (await person(server, 1)) as [TestDevice];
      const written = await other.write(newId(), [other.address.userId, members[1]], 'secret');
      expect(written.ok ? null : written.error.why).toBe('no-device-list');
      expect(other.noticed).toContain(why);
    }
    server.lists.set(keyUserOf(members[1]), list);
    expect((await noor.write(newId(), [noor.address.userId, members[1]], 'hello')).ok).toBeTrue();
  });

  it('EE4b that shows two lists of one number is noticed', async () => {
    const { server, mira, jonas, members } = await acquainted();
    const user = keyUserOf(members[1]);
    const before = server.lists.get(user)!;
    await changeDevices(jonas.olm, devices => devices.slice(0, 1));
    await mira.catchUp();
    // Jonas's other list of this number: as two of his devices would make it at once.
    server.lists.set(user, before);
    const masterKey = (await jonas.olm.masterKeyOf(members[1]))!;
    const pin = (await jonas.olm.pinOf(members[1], masterKey))!;
    await jonas.olm.rows.put('pin', `${members[1]} ${masterKey}`, { ...pin, number: 0 });
    await changeDevices(jonas.olm, devices => devices);
    await mira.catchUp();
    expect(mira.noticed).toContain('same-number');
  });

  it('EE1b, EE1c, EE3b that replays a ciphertext, moves it, or says that another person has written it, is noticed', async () => {
    const { mira, miras, jonas, members, write } = await acquainted();
    const message = await write(mira, 'hello');
    expect(await readBy(jonas, message)).toBe('“hello”');
    expect(await jonas.read(message)).toBe('“hello”');
    expect(await jonas.read({ ...message, id: newId() })).toBe('other-entry');
    expect(await jonas.read({ ...message, conversationId: newId() })).toBe('no-key');
    expect(await jonas.read({ ...message, author: jonas.address })).toBe('not-proved');
    expect(await jonas.read({ ...message, author: miras.address })).toBe('other-device');
    expect(await jonas.read({ ...message, author: { ...mira.address, userId: members[1] } })).toBe('not-proved');
  });

  it('EE3a that gives a place of a session to two entries shows one of them', async () => {
    const { mira, jonas, write } = await acquainted();
    const message = await write(mira, 'hello');
    await jonas.catchUp();
    const place = megolmPlaceOf(message.data)!;
    const other = { conversationId: message.conversationId, authorId: mira.address.userId, id: newId<never>() };
    await jonas.olm.rows.put('place', `${place.sessionId} ${place.index}`, other);
    expect(await jonas.read(message)).toBe('used-before');
    // Of two that are read at once, too.
    const { rows } = jonas.olm;
    const claims = await Promise.all([message, other].map(({ id }) => rows.claim('place', 'p', { ...other, id })));
    expect(claims.filter(known => known === undefined).length).toBe(1);
  });

  it('that flips a bit, or sends something plain, has nothing drawn', async () => {
    const { mira, jonas, write } = await acquainted();
    const message = await write(mira, 'hello');
    await jonas.catchUp();
    const sealed = JSON.parse(message.data) as { ciphertext: string };
    const bytes = fromBase64(sealed.ciphertext)!;
    for (const at of [20, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const data = JSON.stringify({ ...sealed, ciphertext: base64(changed) });
      expect(await jonas.read({ ...message, data })).toBe('damaged');
    }
    expect(await jonas.read({ ...message, data: JSON.stringify({ kind: 'text', body: 'plain' }) })).toBe('plain');
    expect(await jonas.read({ ...message, data: 'no JSON' })).toBe('plain');
    expect(await jonas.read(message)).toBe('“hello”');
  });

  it('EE1a that passes a ciphertext of another purpose off as an entry has nothing drawn', async () => {
    const { mira, jonas, conversation, members, write } = await acquainted();
    await write(mira, 'opens the session');
    const data = await mira.olm.library.encryptRoomEvent(libraryRoom(conversation), 'parley.other', '{}');
    const message = {
      conversationId: conversation,
      seq: 1,
      id: newId<never>(),
      author: mira.address,
      at: 1,
      counts: true,
    };
    expect(members.length).toBe(2);
    expect(await readBy(jonas, { ...message, data })).toBe('other-purpose');
    const odd = await mira.olm.library.encryptRoomEvent(libraryRoom(conversation), ENTRY_TYPE, '{"version":1}');
    expect(await readBy(jonas, { ...message, data: odd })).toBe('unreadable');
  });

  it('EE6a that writes events by itself, or as another person, has none acted on', async () => {
    const { server, mira, jonas, jonass } = await acquainted();
    server.put(jonas.address, mira.address.userId, 'call.offer', { sdp: 'of the server' });
    server.put(jonas.address, mira.address.userId, 'm.room.encrypted', { algorithm: 'nothing' });
    expect(await jonas.catchUp()).toEqual({ events: [], refused: ['plain', 'unreadable'] });
    // What Mira has sealed for one device of Jonas's is nothing to his other one, and is not Noor's word.
    const sealed = await mira.events.sealFor(jonas.address, 'call.offer', {});
    const text = sealed.ok ? sealed.value : '';
    expect((await jonass.events.openFrom(mira.address.userId, text)).ok).toBeFalse();
    expect((await jonas.events.openFrom(newId(), text)).ok).toBeFalse();
  });

  it('CA36b that plays what is said in a call again, in another one, or as of another device, has none acted on', async () => {
    const { mira, miras, jonas } = await acquainted();
    const [call, other] = [newId<CallId>(), newId<CallId>()];
    const said: SeatSaid = { type: 'call.offer', callId: call, link: 1, data: '{"sdp":"v=0"}' };
    const frame = (data: string, change: Partial<FromSeat> = {}): FromSeat => ({
      ...said,
      data,
      senderId: mira.address.userId,
      receiverId: jonas.address.userId,
      deviceId: mira.address.deviceId,
      ...change,
    });
    const sealed = async (by: TestDevice) => {
      const made = await by.events.sealFor(jonas.address, said.type, seatPlaintextOf(said));
      return made.ok ? made.value : '';
    };
    const heard = async (frame: FromSeat) => {
      const arrived = await jonas.events.openFrom(frame.senderId, frame.data);
      return arrived.ok ? openSeat(frame, arrived.value) : arrived;
    };
    const first = frame(await sealed(mira));
    expect(await heard(first)).toEqual({ ok: true, value: said.data });
    expect(await heard(first))
      .withContext('again')
      .toEqual({ ok: false, error: 'unreadable' });
    expect((await heard(frame(said.data))).ok).toBeFalse();
    const refusals: [FromSeat, string][] = [
      [frame(await sealed(mira), { callId: other }), 'other-call'],
      [frame(await sealed(mira), { link: 2 }), 'other-link'],
      [frame(await sealed(mira), { type: 'call.answer' }), 'other-type'],
      [frame(await sealed(miras)), 'other-sender'],
      [frame(await sealed(mira), { senderId: jonas.address.userId }), 'unreadable'],
    ];
    for (const [frame, error] of refusals) expect(await heard(frame)).toEqual({ ok: false, error: error as never });
  });

  it('CA36d that swaps an identity, or withholds a device, is asked about before a call', async () => {
    const { server, mira, jonas, jonass, members } = await acquainted();
    const [userId] = [jonas.address.userId];
    expect(await mira.events.readyFor({ userId })).toBeNull();
    expect(await mira.events.readyFor(jonass.address)).toBeNull();
    expect(await mira.events.readyFor({ userId, deviceId: newId() })).toEqual({ why: 'no-device', who: userId });
    // One that was signed a moment ago is known at once.
    const tablet = await anotherDevice(server, userId, jonas);
    expect(await mira.events.readyFor(tablet.address)).toBeNull();
    const evil = await TestDevice.open(server, { userId: members[1], deviceId: newId() });
    await makeIdentity(evil.olm, 'x'.repeat(43));
    await mira.catchUp();
    expect((await mira.events.readyFor({ userId }))?.why).toBe('identity-changed');
    await jonas.catchUp();
    expect((await jonas.events.readyFor({ userId: mira.address.userId }))?.why).toBe('own-identity-changed');
  });

  it('CA38c, CA38d that sits in a call has each end read another code', async () => {
    const { mira, jonas } = await acquainted();
    const callId = newId<CallId>();
    const nonce = base64(random(32));
    const seen = (as: CallSeen['as'], peer: TestDevice, fingerprint: string, peerFingerprint: string): CallSeen => ({
      callId,
      as,
      peer: peer.address,
      fingerprint,
      peerFingerprint,
      commitment: committed,
      nonce,
    });
    const committed = await commitment(nonce);
    const emoji = async (device: TestDevice, call: CallSeen) => {
      const code = await codeOf(device.olm, call);
      return code.ok ? code.value.emoji.join() : code.error;
    };
    const miras = seen('caller', jonas, 'AA', 'BB');
    const code = await emoji(mira, miras);
    expect(code).toMatch(/^\d+,\d+,\d+,\d+$/);
    expect(await emoji(jonas, seen('callee', mira, 'BB', 'AA'))).toBe(code);
    // Fingerprints of its own at each end, and everything else passed on.
    expect(await emoji(jonas, seen('callee', mira, 'BB', 'EE'))).not.toBe(code);
    expect(await emoji(mira, { ...miras, nonce: base64(random(32)) })).toBe('not-committed');
    // An identity of its own, shown to one end alone, or to both.
    const [evil] = (await person(mira.server, 1)) as [TestDevice];
    await mira.olm.follow([evil.address.userId]);
    await jonas.olm.follow([evil.address.userId]);
    const [shownToMira, shownToJonas] = [
      await emoji(mira, { ...miras, peer: evil.address }),
      await emoji(jonas, seen('callee', evil, 'BB', 'AA')),
    ];
    expect(new Set([code, shownToMira, shownToJonas]).size).toBe(3);
    expect(await emoji(mira, { ...miras, peer: { ...jonas.address, deviceId: newId() } })).toBe('no-keys');
    const made = await codeOf(mira.olm, miras);
    const known = await mira.olm.masterKeyOf(jonas.address.userId);
    expect(made.ok && made.value.masterKey).toBe(known!);
  });

  it('EE6a that replaces the keys of a device, or gives keys of another one, gets nothing', async () => {
    const { server, jonas, members } = await acquainted();
    const [noor] = (await person(server, 1)) as [TestDevice];
    const evil = await TestDevice.open(server, { userId: newId(), deviceId: jonas.address.deviceId });
    await evil.olm.pump();
    const keys = server.devices.get(keyUserOf(evil.address.userId))!.get(evil.address.deviceId)!;
    const forged: DeviceKeys = { ...keys, user_id: keyUserOf(members[1]) };
    server.devices.get(keyUserOf(members[1]))!.set(jonas.address.deviceId, forged);
    const sealed = await noor.events.sealFor(jonas.address, 'call.offer', {});
    expect(sealed.ok ? null : sealed.error.why).toBe('no-device');
  });

  it('that never lets a request end is given up, not asked for ever', async () => {
    const { server, mira } = await acquainted();
    server.tamper = (_who, request, answer) => {
      if (request !== 'POST /api/keys/query') return answer;
      const { device_keys } = answer as { device_keys: object };
      return { ...(answer as object), device_keys: {}, unanswered: Object.keys(device_keys) };
    };
    await expectAsync(mira.olm.follow([newId()])).toBeRejectedWithError(/no question|new request/);
  });
});

describe('any order of deliveries, with repetitions', () => {
  it('ends with every entry read by everybody', async () => {
    const { server, all, write } = await acquainted();
    const messages: Message[] = [];
    for (const author of all) messages.push(await write(author, `of ${all.indexOf(author)}`));
    const steps = fc.array(fc.tuple(fc.nat(all.length - 1), fc.nat(messages.length)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, async taken => {
        for (const [who, what] of taken) {
          const message = messages[what];
          if (message) await all[who]!.read(message);
          else await all[who]!.catchUp();
        }
        for (const reader of all) {
          for (const [i, message] of messages.entries()) expect(await readBy(reader, message)).toBe(`“of ${i}”`);
        }
      }),
      { seed: 20261130, numRuns: 5 },
    );
    expect(server.asked.length).toBeGreaterThan(0);
  });
});

import { randomUUID } from 'node:crypto';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import { GUEST } from '#protocol/ids';
import { clientFrame, type ClientFrame, type Unnumbered } from '#protocol/messages';
import { ROUTES } from '../http/routes.ts';
import { openBrowser, signUp, type Person } from '../testing/browser.ts';
import { newId } from '../testing/new-id.ts';
import { SeveralServers } from '../testing/several-servers.ts';
import { TestClient } from '../testing/test-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { GUEST_FRAMES } from './router.ts';

const DOOR = 'd'.repeat(43);
type Guest = { token: string; userId: UserId; deviceId: DeviceId };

describe('A guest of one call', () => {
  let server: TestServer;
  let noor: Person;
  let home: TestClient;
  let callId: CallId;
  const lines: TestClient[] = [];

  const line = () => {
    const client = new TestClient(server.origin.replace('http', 'ws'));
    lines.push(client);
    return client;
  };
  const nobody = () => openBrowser(server.origin);
  const knock = async (json: object = { callId, door: DOOR, name: 'Heinrich' }) =>
    nobody().ask('POST', '/api/guest/knock', { json });
  const look = async (json: object = { callId, door: DOOR }) => nobody().ask('POST', '/api/guest/look', { json });
  /** A guest with a socket, who has not been let in. */
  async function atTheDoor() {
    const guest = (await knock()).body as Guest;
    const client = line();
    await client.hello(guest.token);
    client.say({ type: 'call.invite', receiverId: noor.id, callId, media: 'video' });
    return { guest, client, invited: await home.next('call.invited') };
  }

  beforeAll(async () => {
    server = await startTestServer({ budgets: { codes: { points: 200, seconds: 600 } } });
    noor = await signUp(server.origin, 'noor', 'Noor Haddad');
  });
  beforeEach(async () => {
    callId = newId();
    home = line();
    await home.hello(noor.accessToken, { session: null });
    home.say({ type: 'guest.open', callId, door: DOOR });
    await home.next('guest.link');
  });
  afterEach(async () => {
    home.say({ type: 'guest.close', callId });
    await home.next('guest.link');
    for (const client of lines.splice(0)) client.cut();
  });
  afterAll(() => server.stop());

  it('CA41a is told whom they come to, and anything but the link is an invalid code', async () => {
    expect((await look()).body).toEqual({
      host: jasmine.objectContaining({ displayName: 'Noor Haddad' }) as object,
      is: 'open',
    });
    for (const wrong of [
      { callId, door: 'e'.repeat(43) },
      { callId: randomUUID(), door: DOOR },
    ])
      expect((await look(wrong)).body).toEqual(jasmine.objectContaining({ type: 'invalid-code' }));
    for (const door of ['', 'd', `${DOOR}d`, DOOR.replace('d', ' ')])
      expect((await look({ callId, door })).status).toBe(400);
  });

  it('CA41a needs a name that can be shown', async () => {
    for (const name of ['', ' ', 'x'.repeat(65), '\u202eevil', 'a\u0000', 7])
      expect((await knock({ callId, door: DOOR, name })).status)
        .withContext(String(name))
        .toBe(400);
  });

  it('CA42a, CA41a knocks under the name of their token, and whoever comes meanwhile finds the door taken', async () => {
    const { guest, client, invited } = await atTheDoor();
    expect(guest.userId).toMatch(new RegExp(`^${GUEST}`));
    expect(invited).toEqual(jasmine.objectContaining({ guest: 'Heinrich', senderId: guest.userId }));
    expect((await client.next('call.ringing')).servers).toBeDefined();
    expect((await look()).body).toEqual(jasmine.objectContaining({ is: 'taken' }));
    expect((await knock()).body).toEqual(jasmine.objectContaining({ type: 'busy' }));
    client.say({ type: 'call.hangup', receiverId: noor.id, callId });
    await home.next('call.ended');
  });

  it('CA42a cannot call themselves otherwise than their token does', async () => {
    const guest = (await knock()).body as Guest;
    const client = line();
    await client.hello(guest.token);
    client.say({ type: 'call.invite', receiverId: noor.id, callId, media: 'video', name: 'Mira' });
    expect((await home.next('call.invited')).guest).toBe('Heinrich');
  });

  it('CA42b, CA42f is let in once: the link is gone, and with the call their session', async () => {
    const { guest, client } = await atTheDoor();
    home.say({ type: 'call.accept', receiverId: guest.userId, callId });
    await client.next('call.accepted');
    expect((await look()).body).toEqual(jasmine.objectContaining({ type: 'invalid-code' }));
    const answered = await nobody().ask('POST', '/api/guest/ice-servers', { json: { token: guest.token } });
    expect(answered.status).toBe(200);
    home.say({ type: 'call.hangup', receiverId: guest.userId, callId });
    expect((await client.next('call.ended')).reason).toBe('hung-up');
    expect(await client.closed).toBe(4401);
    const again = line();
    await again.open();
    again.write({ type: 'hello', token: guest.token });
    expect(await again.closed).toBe(4401);
    const late = await nobody().ask('POST', '/api/guest/ice-servers', { json: { token: guest.token } });
    expect(late.body).toEqual(jasmine.objectContaining({ type: 'not-found' }));
  });

  it('CA42b is turned away, and may knock again by the same link', async () => {
    const first = await atTheDoor();
    home.say({ type: 'call.decline', receiverId: first.guest.userId, callId });
    expect((await first.client.next('call.ended')).reason).toBe('declined');
    const second = await atTheDoor();
    expect(second.guest.userId).not.toBe(first.guest.userId);
  });

  it('CA42e, CA40c leaves nothing in the store and nothing in the log', async () => {
    const { guest, client } = await atTheDoor();
    home.say({ type: 'call.accept', receiverId: guest.userId, callId });
    await client.next('call.accepted');
    client.say({ type: 'call.hangup', receiverId: noor.id, callId });
    await home.next('call.ended');
    expect(await server.store.call(callId)).toBeNull();
    expect(await server.store.userById(guest.userId)).toBeNull();
    expect((await noor.ask('GET', '/api/calls')).body.items).toEqual([]);
    const logged = server.logged.join('\n');
    for (const secret of [DOOR, guest.token]) expect(logged).not.toContain(secret);
  });

  it('CA41b cannot ask for anything that needs an account', async () => {
    const { guest, client } = await atTheDoor();
    const routes = ROUTES.filter(({ access }) => access === 'signed-in');
    expect(routes.length).toBeGreaterThan(40);
    for (const { method, path } of routes) {
      const url = path.replace(/:\w+/g, () => randomUUID());
      const sent = method === 'get' ? {} : { json: {} };
      const { status } = await nobody().ask(method.toUpperCase(), url, { token: guest.token, ...sent });
      expect(status).withContext(`${method} ${path}`).toBe(401);
    }
    expect(await client.settled()).toBeUndefined();
  }, 20_000);

  it('CA41b is nobody without the server: forged, or of an account, no token makes a guest', async () => {
    for (const token of ['x', `${'e'.repeat(20)}.${'e'.repeat(20)}.${'e'.repeat(20)}`, noor.accessToken]) {
      const asked = await nobody().ask('POST', '/api/guest/ice-servers', { json: { token } });
      expect(asked.status).toBe(404);
    }
  });

  it('CA41c may say nothing but what its own call takes', async () => {
    const { client } = await atTheDoor();
    const said = frames(callId, noor.id);
    const types = clientFrame.def.options.flatMap(({ def }) => def.shape.type.def).flatMap(typesOf);
    expect(Object.keys(said).sort()).toEqual(types.filter(type => !STEERS.has(type)).sort());
    for (const frame of Object.values(said)) {
      if (GUEST_FRAMES.has(frame.type as never)) continue;
      client.say(frame);
      const { re, code } = await client.next('fault');
      expect([re.type, code]).toEqual([frame.type, 'not-for-guests']);
    }
    for (const frame of Object.values(frames(newId(), noor.id))) {
      if (!GUEST_FRAMES.has(frame.type as never)) continue;
      client.say(frame);
      expect((await client.next('fault')).code).toBe('not-for-guests');
    }
    await home.settled();
    expect(home.unread('call.ended')).toEqual([]);
    expect(home.unread('chat.message')).toEqual([]);
  });

  it('CA41b is welcomed with nothing of anybody', async () => {
    const guest = (await knock()).body as Guest;
    const welcome = await line().hello(guest.token);
    expect(welcome).toEqual(jasmine.objectContaining({ userId: guest.userId, presence: [] }));
    expect(welcome.keys).toBeUndefined();
  });
});

describe('A guest where there are several servers', () => {
  it('CA40a, CA42b comes by any of them, and the call outlives the one that decides', async () => {
    const several = await SeveralServers.start(3);
    const [one, two, three] = several.members;
    const noor = await one!.server.person('noor');
    const home = await two!.server.connect(noor);
    const callId = newId<CallId>();
    home.say({ type: 'guest.open', callId, door: DOOR });
    await home.next('guest.link');
    await several.until(() => three!.server.signaling.door(callId) !== undefined);
    const guest = { sub: `${GUEST}${randomUUID()}` as UserId, did: newId<DeviceId>() };
    const token = three!.server.tokens().issueGuest({ ...guest, call: callId, name: 'Heinrich' });
    const client = three!.server.client();
    await client.hello(token);
    client.say({ type: 'call.invite', receiverId: noor.userId, callId, media: 'audio' });
    expect((await home.next('call.invited')).guest).toBe('Heinrich');
    home.say({ type: 'call.accept', receiverId: guest.sub, callId });
    await client.next('call.accepted');
    one!.kill();
    await several.pass(10_000);
    const seat = { userId: guest.sub, deviceId: guest.did };
    expect(two!.server.signaling.isSeated(seat, callId)).toBeTrue();
    client.say({ type: 'call.hangup', receiverId: noor.userId, callId });
    await home.next('call.ended');
    await several.stop();
  });
});

/** What steers the session itself is everybody's. */
const STEERS = new Set(['hello', 'ack', 'ping', 'bye', 'presence']);

const typesOf = (def: { type: string } & Partial<{ values: readonly unknown[]; entries: object }>): string[] =>
  (def.values ?? Object.values(def.entries ?? {})).map(String);

/** One of each frame that is handed on. */
function frames(callId: CallId, receiverId: UserId): Record<string, Unnumbered<ClientFrame>> {
  const to = { receiverId, callId };
  const seat = { ...to, link: 1, data: 'x' };
  const conversationId = newId<never>();
  const target = { conversationId, authorId: receiverId, id: newId<never>() };
  const all: Unnumbered<ClientFrame>[] = [
    { type: 'call.invite', ...to, media: 'audio' },
    { type: 'call.ringing', ...to },
    { type: 'call.accept', ...to },
    { type: 'call.resume', ...to },
    { type: 'call.move', ...to },
    { type: 'call.moved', ...to, link: 1 },
    { type: 'call.decline', ...to },
    { type: 'call.hangup', ...to },
    { type: 'guest.open', callId, door: DOOR },
    { type: 'guest.close', callId },
    { type: 'call.offer', ...seat },
    { type: 'call.answer', ...seat },
    { type: 'call.ice-candidate', ...seat },
    { type: 'call.media-state', ...seat },
    { type: 'chat.post', conversationId, id: newId<never>(), counts: true, data: 'x' },
    { type: 'chat.received', conversationId, seq: 1 },
    { type: 'chat.read', conversationId, seq: 1 },
    { type: 'chat.retract', conversationId, target },
    { type: 'chat.typing', conversationId },
  ];
  return Object.fromEntries(all.map(frame => [frame.type, frame]));
}

import type { IceServers } from '#protocol/ice-servers';
import type { CallId, DeviceId } from '#protocol/ids';
import { turnCredentials } from '../relay/credentials.ts';
import { METHOD } from '../relay/stun-message.ts';
import { RelaySwitch } from '../relay/switch.ts';
import { TRANSPORT_UDP, TurnClient, type Credentials } from '../relay/testing/turn-client.ts';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import { Talk } from '../testing/talk.ts';
import type { TestClient } from '../testing/test-client.ts';
import type { SignalingDeps } from './signaling.ts';

const SECRET = 'of this installation';
const LIFE_S = 600;

describe('What a call may use', () => {
  let server: LiveServer;
  let relay: RelaySwitch;
  let ports: number;
  let talk: Talk;
  /** A person who calls, one who is called at two devices, and one who has no part in it. */
  let ada: TestDevice;
  let phone: TestDevice;
  let laptop: TestDevice;
  let eve: TestDevice;
  let adaLine: TestClient;
  let phoneLine: TestClient;
  let laptopLine: TestClient;

  const now = () => Math.floor(server.time.clock.now() / 1_000);
  const servers: SignalingDeps['servers'] = ({ userId, deviceId, relayCalls }, callId) => {
    const credentials = turnCredentials(SECRET, { userId, deviceId, callId }, now() + LIFE_S);
    const turn = { urls: ['turns:attic.lan:8443?transport=tcp'], ...credentials };
    return { iceServers: [turn], relayOnly: relayCalls, expiresInMs: LIFE_S * 1_000 };
  };

  beforeEach(async () => {
    ports = 40_000;
    server = await LiveServer.start({ servers, app: true });
    relay = new RelaySwitch({
      secret: SECRET,
      clock: server.time.clock,
      isSeated: (device, callId) => server.signaling.isSeated(device, callId),
    });
    [ada, phone, eve] = [await server.person('ada'), await server.person('ben'), await server.person('eve')];
    laptop = await server.otherDevice(phone);
    talk = new Talk(ada, phone, await server.befriend(ada, phone));
    [adaLine, phoneLine, laptopLine] = [
      await server.connect(ada),
      await server.connect(phone),
      await server.connect(laptop),
    ];
  });
  afterEach(() => server.stop());

  const given = (told: IceServers | undefined): Credentials => {
    const [turn] = told?.iceServers ?? [];
    return { username: turn?.username ?? '', credential: turn?.credential ?? '' };
  };

  /** What the relay answers to who asks for an allocation at a path of their own: 0 is a success. */
  async function allocated(credentials: Credentials): Promise<number> {
    const client = new TurnClient(bytes => path.receive(bytes), credentials);
    const remote = { address: '203.0.113.7', port: ports++ };
    const path = relay.client({ remote, isStream: true, send: bytes => client.receive(bytes) });
    return (await client.insist(METHOD.allocate, [TRANSPORT_UDP])).code;
  }

  /** Ada calls, and both of Ben's devices ring. */
  async function rung(): Promise<{ caller: Credentials; phone: Credentials; laptop: Credentials }> {
    adaLine.say({ type: 'call.invite', ...talk.to(phone), media: 'audio' });
    const [invited, alsoInvited] = [await phoneLine.next('call.invited'), await laptopLine.next('call.invited')];
    const { servers: own, devices } = await adaLine.next('call.ringing');
    expect(devices).toBe(0);
    return { caller: given(own), phone: given(invited.servers), laptop: given(alsoInvited.servers) };
  }

  async function accepted(): Promise<void> {
    phoneLine.say({ type: 'call.accept', ...talk.to(ada) });
    await adaLine.next('call.accepted');
  }

  const asked = (device: TestDevice, body: object) =>
    fetch(`${server.origin}/api/ice-servers`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${device.token()}`,
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
      },
      body: JSON.stringify(body),
    });

  it('TU11a is told to the caller at once, and to each device that rings, each for itself', async () => {
    const told = await rung();
    const owners = [told.caller, told.phone, told.laptop].map(({ username }) => username.split(':').slice(1));
    expect(owners).toEqual(
      [ada, phone, laptop].map(({ userId, deviceId }) => [userId, deviceId, talk.callId as string]),
    );
  });

  it('TU11c is of no use to a device that is rung, until that very device has accepted', async () => {
    const told = await rung();
    expect(await allocated(told.caller)).toBe(0);
    expect(await allocated(told.phone)).toBe(403);
    await accepted();
    expect(await allocated(told.phone)).toBe(0);
    expect(await allocated(told.laptop))
      .withContext('another device has answered')
      .toBe(403);
  });

  it('TU11a comes with the welcome of a device that is in a call or rung, and not of one that is elsewhere', async () => {
    await rung();
    const late = await server.client().hello((await server.otherDevice(phone)).token());
    expect(late.calls?.map(({ as, servers: told }) => [as, told === undefined])).toEqual([['rung', false]]);
    await accepted();
    phoneLine.cut();
    server.time.pass(61_000);
    const back = await server.client().hello(phone.token(), { calls: [talk.callId] });
    expect(await allocated(given(back.calls?.[0]?.servers))).toBe(0);
    const elsewhere = await server.client().hello(laptop.token());
    expect(elsewhere.calls?.map(({ as, servers: told }) => [as, told])).toEqual([['elsewhere', undefined]]);
  });

  it('TU7b, TU11c ends with the call: what a seat had is gone within two seconds, and cannot be had again', async () => {
    const told = await rung();
    await accepted();
    expect([await allocated(told.caller), await allocated(told.phone)]).toEqual([0, 0]);
    await talk.hungUp(adaLine, phoneLine);
    relay.sweep();
    expect(relay.allocations).toBe(0);
    expect([await allocated(told.caller), await allocated(told.phone)]).toEqual([403, 403]);
  });

  it('TU2a, TU11c is refused to who changes a name in it, makes it up, or comes too late', async () => {
    const { caller } = await rung();
    const [expiry = '', ...rest] = caller.username.split(':');
    const made = [
      { ...caller, username: [expiry, eve.userId, ...rest.slice(1)].join(':') },
      { ...caller, username: [String(Number(expiry) + 3_600), ...rest].join(':') },
      { ...caller, username: [expiry, ...rest.slice(0, 2), `test-${rest[2]}`].join(':') },
      turnCredentials('a guess', { userId: ada.userId, deviceId: ada.deviceId, callId: talk.callId }, now() + 60),
    ];
    for (const credentials of made)
      expect(await allocated(credentials))
        .withContext(credentials.username)
        .toBe(401);
    const { userId, deviceId } = eve;
    expect(await allocated(turnCredentials(SECRET, { userId, deviceId, callId: talk.callId }, now() + 60)))
      .withContext('who has no part in the call')
      .toBe(403);
    server.time.pass(LIFE_S * 1_000);
    expect(await allocated(caller)).toBe(401);
  });

  it('R12d, TU11b is renewed for a seat alone: others hear nothing of the call', async () => {
    await rung();
    const ofCall = { for: 'call', callId: talk.callId };
    const statuses = async () =>
      Promise.all([ada, phone, laptop, eve].map(async who => (await asked(who, ofCall)).status));
    expect(await statuses()).toEqual([200, 404, 404, 404]);
    await accepted();
    expect(await statuses()).toEqual([200, 200, 404, 404]);
    const other = { for: 'call', callId: crypto.randomUUID() as CallId };
    expect((await asked(ada, other)).status).toBe(404);
    await talk.hungUp(adaLine, phoneLine);
    expect(await statuses()).toEqual([404, 404, 404, 404]);
  });

  it('R12b goes by relays alone from the moment at which its person has said so', async () => {
    server.events.say({ kind: 'settings-changed', userId: phone.userId, relayCalls: true });
    adaLine.say({ type: 'call.invite', ...talk.to(phone), media: 'audio' });
    const told = [(await phoneLine.next('call.invited')).servers, (await adaLine.next('call.ringing')).servers];
    expect(told.map(one => one?.relayOnly)).toEqual([true, false]);
  });

  it('TU11c is nothing that a device may choose: a body asks for a test or a call, and no more', async () => {
    const bodies = [{}, { for: 'call' }, { for: 'test', callId: talk.callId }, { for: 'test', deviceId: eve.deviceId }];
    for (const body of bodies)
      expect((await asked(ada, body)).status)
        .withContext(JSON.stringify(body))
        .toBe(400);
    expect((await asked(ada, { for: 'test' })).status).toBe(200);
    expect(server.signaling.isSeated({ ...ada, deviceId: 'x' as DeviceId }, talk.callId)).toBeFalse();
  });
});

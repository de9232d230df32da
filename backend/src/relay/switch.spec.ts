import { randomBytes } from 'node:crypto';
import type { CallId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import type { Urgency } from './allocations.ts';
import { testCallId, turnCredentials, type TurnOwner } from './credentials.ts';
import * as stun from './stun-message.ts';
import { ATTRIBUTE, METHOD } from './stun-message.ts';
import { RelaySwitch, type RelayClient, type RelayRefusal, type SwitchOptions } from './switch.ts';
import { peerAttribute, TRANSPORT_UDP, TurnClient, type Credentials } from './testing/turn-client.ts';
import { RELAYED_ADDRESS } from './turn-requests.ts';

const SECRET = 'a secret of this installation';
const START = 1_700_000_000_000;
const text = (value: string) => Buffer.from(value);

describe('The relay', () => {
  let now: number;
  let relay: RelaySwitch;
  let refused: RelayRefusal[];
  let relayed: number;
  let relayedCalls: number;
  let ports: number;

  const start = (limits: SwitchOptions['limits'] = {}, isSeated: SwitchOptions['isSeated'] = () => true) => {
    relay = new RelaySwitch({
      secret: SECRET,
      clock: { now: () => now },
      limits,
      isSeated,
      onRelayedCall: () => relayedCalls++,
      onRelayed: bytes => (relayed += bytes),
      onRefused: why => refused.push(why),
    });
  };
  beforeEach(() => {
    [now, refused, relayed, relayedCalls, ports] = [START, [], 0, 0, 40_000];
    start();
  });

  const owner = (user: string, call = 'a'): TurnOwner => ({
    userId: anId(user),
    deviceId: anId('tab'),
    callId: anId<CallId>(call),
  });
  const credentialsOf = (user: string, call = 'a', lifeSeconds = 600): Credentials =>
    turnCredentials(SECRET, owner(user, call), now / 1_000 + lifeSeconds);

  type Connected = TurnClient & { path: RelayClient; sent: Urgency[] };
  /** A client at a path of its own. */
  function connected(credentials?: Credentials, isStream = true, address = '203.0.113.7'): Connected {
    const sent: Urgency[] = [];
    const client = new TurnClient(bytes => path.receive(bytes), credentials);
    const send = (bytes: Buffer, urgency: Urgency) => {
      sent.push(urgency);
      client.receive(bytes);
    };
    const path = relay.client({ remote: { address, port: ports++ }, isStream, send });
    return Object.assign(client, { path, sent });
  }

  /** Two clients of one call that may reach each other. */
  async function pair(): Promise<[Connected, number, Connected, number]> {
    const [mira, jonas] = [connected(credentialsOf('mira')), connected(credentialsOf('jonas'))];
    const [mirasPort, jonasPort] = [await mira.allocate(), await jonas.allocate()];
    expect([await mira.permit(), await jonas.permit()]).toEqual([0, 0]);
    return [mira, mirasPort, jonas, jonasPort];
  }

  describe('tells a client', () => {
    it('TU10a from which address it comes, without credentials', async () => {
      for (const address of ['203.0.113.7', '2001:db8:0:0:0:0:0:7']) {
        const { code, message } = await connected(undefined, false, address).ask(METHOD.binding);
        expect(code).toBe(0);
        const mapped = stun.attributeOf(message, ATTRIBUTE.xorMappedAddress)!;
        expect(stun.readAddress(mapped, message.transactionId)).toEqual({ address, port: ports - 1 });
      }
    });

    it('TU4a the relayed address that is the same for all and leads nowhere', async () => {
      const mira = connected(credentialsOf('mira'));
      const { message } = await mira.insist(METHOD.allocate, [TRANSPORT_UDP]);
      const relayedAddress = stun.attributeOf(message, ATTRIBUTE.xorRelayedAddress)!;
      const { address, port } = stun.readAddress(relayedAddress, message.transactionId)!;
      expect(address).toBe(RELAYED_ADDRESS);
      expect(port).toBeGreaterThanOrEqual(49_152);
      expect(stun.attributeOf(message, ATTRIBUTE.lifetime)?.readUInt32BE()).toBe(600);
      expect(
        stun.isIntact(message, stun.longTermKey(mira.credentials!.username, 'parley', mira.credentials!.credential)),
      ).toBeTrue();
      expect(relay.allocations).toBe(1);
    });

    it('TU7a the same again when it repeats its request, and refuses another', async () => {
      const mira = connected(credentialsOf('mira'));
      await mira.ask(METHOD.allocate, [TRANSPORT_UDP]);
      const id = randomBytes(12);
      const [first, again] = [
        await mira.ask(METHOD.allocate, [TRANSPORT_UDP], id),
        await mira.ask(METHOD.allocate, [TRANSPORT_UDP], id),
      ];
      expect(again.message.bytes.equals(first.message.bytes)).toBeTrue();
      expect((await mira.ask(METHOD.allocate, [TRANSPORT_UDP])).code).toBe(437);
      expect(relay.allocations).toBe(1);
    });
  });

  describe('refuses', () => {
    it('TU2a a stranger, credentials that have expired, and those of another secret', async () => {
      expect((await connected().ask(METHOD.allocate, [TRANSPORT_UDP])).code).toBe(401);
      const foreign = turnCredentials('another secret', owner('mira'), now / 1_000 + 600);
      const others = [credentialsOf('mira', 'a', -1), foreign, { username: '1:2', credential: 'x' }];
      for (const credentials of others)
        expect((await connected(credentials).insist(METHOD.allocate, [TRANSPORT_UDP])).code)
          .withContext(credentials.username)
          .toBe(401);
      expect(relay.allocations).toBe(0);
    });

    it('TU3 a nonce that is old, that was given to another client, or that nobody was given', async () => {
      const [mira, jonas] = [connected(credentialsOf('mira', 'a', 3_600)), connected(credentialsOf('jonas'))];
      await Promise.all([mira.ask(METHOD.binding), jonas.ask(METHOD.allocate, [TRANSPORT_UDP])]);
      for (const nonce of [jonas.nonce, 'ff.00', '18bcfe56800.0000000000000000']) {
        mira.nonce = nonce;
        expect((await mira.ask(METHOD.allocate, [TRANSPORT_UDP])).code)
          .withContext(nonce)
          .toBe(438);
      }
      await mira.allocate();
      now += 600_000 - 1;
      expect((await mira.ask(METHOD.refresh)).code).toBe(0);
      now += 1;
      expect((await mira.ask(METHOD.refresh)).code).toBe(438);
      expect((await mira.ask(METHOD.refresh)).code)
        .withContext('with the new nonce')
        .toBe(0);
    });

    it('TU4b any peer but a relayed address: loopback, the house, link-local, IPv4-mapped, and IPv6', async () => {
      const [mira] = await pair();
      const inside = ['127.0.0.1', '192.168.1.1', '10.0.0.1', '169.254.169.254', '0.0.0.0', '203.0.113.7'];
      const ipv6 = ['::1', 'fe80::1', '::ffff:127.0.0.1', '::ffff:198.51.100.1', 'fd00::1'];
      for (const address of [...inside, ...ipv6]) {
        expect(await mira.permit(address, 22))
          .withContext(address)
          .toBe(403);
        expect(await mira.bind(0x4001, 22, address))
          .withContext(address)
          .toBe(403);
        mira.send(22, text('x'), address);
      }
      expect(relayed).toBe(0);
    });

    it('what it does not understand, by its name', async () => {
      const { code, message } = await connected().ask(METHOD.binding, [
        stun.attribute(0x7ff1, 'x'),
        stun.attribute(0xc0de, 'y'),
      ]);
      expect(code).toBe(420);
      expect(stun.attributeOf(message, ATTRIBUTE.unknownAttributes)?.toString('hex')).toBe('7ff1');
    });

    it('transports, families and port reservations that it does not have', async () => {
      const allocate = async (...attributes: Buffer[]) =>
        (await connected(credentialsOf('mira')).insist(METHOD.allocate, attributes)).code;
      const family = (value: number) => stun.attribute(ATTRIBUTE.requestedAddressFamily, Buffer.from([value, 0, 0, 0]));
      expect(await allocate()).toBe(400);
      expect(await allocate(stun.attribute(ATTRIBUTE.requestedTransport, Buffer.from([6, 0, 0, 0])))).toBe(442);
      expect(await allocate(TRANSPORT_UDP, family(2))).toBe(440);
      expect(await allocate(TRANSPORT_UDP, family(1))).toBe(0);
      expect(await allocate(TRANSPORT_UDP, stun.attribute(ATTRIBUTE.evenPort, Buffer.from([0x80])))).toBe(508);
      expect(await allocate(TRANSPORT_UDP, stun.attribute(ATTRIBUTE.reservationToken, Buffer.alloc(8)))).toBe(508);
    });

    it('TU2b requests about an allocation that is not there, or that other credentials made', async () => {
      const mira = connected(credentialsOf('mira'));
      await mira.ask(METHOD.allocate, [TRANSPORT_UDP]);
      expect(await mira.permit()).toBe(437);
      await mira.allocate();
      mira.credentials = credentialsOf('jonas');
      expect(await mira.permit()).toBe(441);
      expect((await mira.ask(METHOD.refresh, [stun.numberAttribute(ATTRIBUTE.lifetime, 0)])).code).toBe(441);
      expect(relay.allocations).toBe(1);
    });

    it('TU6a more allocations than one user or all may have, and gives room back with each that ends', async () => {
      start({ all: 3, perUser: 2 });
      const allocate = async (client: TurnClient) => (await client.insist(METHOD.allocate, [TRANSPORT_UDP])).code;
      const first = connected(credentialsOf('mira'));
      expect([await allocate(first), await allocate(connected(credentialsOf('mira', 'b')))]).toEqual([0, 0]);
      expect(await allocate(connected(credentialsOf('mira')))).toBe(486);
      expect(await allocate(connected(credentialsOf('jonas')))).toBe(0);
      expect(await allocate(connected(credentialsOf('jonas')))).toBe(508);
      first.path.close();
      expect(await allocate(connected(credentialsOf('mira')))).toBe(0);
    });
  });

  describe('hands on', () => {
    it('TU5a what one end of a call sends to the other: by indication, and by channels', async () => {
      const [mira, mirasPort, jonas, jonasPort] = await pair();
      mira.send(jonasPort, text('one'));
      expect(await mira.bind(0x4000, jonasPort)).toBe(0);
      expect(await jonas.bind(0x4fff, mirasPort)).toBe(0);
      mira.sendByChannel(0x4000, text('two'));
      jonas.send(mirasPort, text('three'));
      expect(jonas.arrived).toEqual([
        { from: mirasPort, data: text('one') },
        { channel: 0x4fff, data: text('two') },
      ]);
      expect(mira.arrived).toEqual([{ channel: 0x4000, data: text('three') }]);
      expect(relayed).toBe('onetwothree'.length);
    });

    it('TU9a media as media, and STUN and DTLS as what must arrive', async () => {
      const [mira, , jonas, jonasPort] = await pair();
      jonas.sent.length = 0;
      for (const first of [0, 22, 128, 144, 191, 192]) mira.send(jonasPort, Buffer.from([first, 0]));
      expect(jonas.sent).toEqual(['control', 'control', 'media', 'media', 'media', 'control']);
    });

    it('TU5a, TU5b nothing between two calls, to an end that gave no permission, or by a channel that is not bound', async () => {
      const [mira, mirasPort, jonas, jonasPort] = await pair();
      const eve = connected(credentialsOf('eve', 'b'));
      await eve.allocate();
      await eve.permit();
      expect(await eve.bind(0x4000, jonasPort)).toBe(0);
      eve.send(jonasPort, text('x'));
      eve.sendByChannel(0x4000, text('x'));
      const late = connected(credentialsOf('jonas'));
      const latePort = await late.allocate();
      mira.send(latePort, text('x'));
      late.send(mirasPort, text('x'));
      mira.sendByChannel(0x4002, text('x'));
      mira.send(1, text('x'));
      expect([mira.arrived, jonas.arrived, late.arrived, eve.arrived]).toEqual([[], [], [], []]);
      expect(refused.filter(why => typeof why === 'string')).toEqual([
        'no-peer',
        'no-peer',
        'no-permission',
        'no-permission',
        'no-permission',
        'no-peer',
      ]);
    });

    it('nothing of ChannelData whose length lies', async () => {
      const [mira, , jonas, jonasPort] = await pair();
      await mira.bind(0x4000, jonasPort);
      const lying = stun.writeChannelData(0x4000, text('hello'), false);
      lying.writeUInt16BE(6, 2);
      mira.path.receive(lying);
      mira.path.receive(lying.subarray(0, 3));
      expect([jonas.arrived, relayed, refused.slice(-2)]).toEqual([[], 0, ['malformed', 'malformed']]);
    });

    it('a channel to one peer and a peer by one channel', async () => {
      const [mira, , , jonasPort] = await pair();
      expect(await mira.bind(0x4001, jonasPort)).toBe(0);
      expect(await mira.bind(0x4001, jonasPort))
        .withContext('again')
        .toBe(0);
      expect(await mira.bind(0x4001, jonasPort + 1)).toBe(400);
      expect(await mira.bind(0x4002, jonasPort)).toBe(400);
      for (const number of [0x3fff, 0x5000, 0xffff]) expect(await mira.bind(number, 50_000)).toBe(400);
    });

    it('and tells once of each call whose media it carries', async () => {
      const [mira, , , jonasPort] = await pair();
      const packet = Buffer.from([128, 0]);
      for (let count = 0; count < 499; count++) mira.send(jonasPort, packet);
      for (let count = 0; count < 499; count++) mira.send(jonasPort, Buffer.from([0]));
      expect(relayedCalls).toBe(0);
      for (let count = 0; count < 999; count++) mira.send(jonasPort, packet);
      expect(relayedCalls).toBe(1);
    });

    it('TU6b no more bytes in a second than one allocation may send', async () => {
      start({ bytesPerSecond: 1_000 });
      const [mira, , jonas, jonasPort] = await pair();
      for (let count = 0; count < 4; count++) mira.send(jonasPort, Buffer.alloc(400));
      expect(jonas.arrived.length).toBe(2);
      now += 1_000;
      mira.send(jonasPort, Buffer.alloc(400));
      expect(jonas.arrived.length).toBe(3);
    });
  });

  describe('ends', () => {
    it('TU7a, TU2b an allocation that is not refreshed, and keeps one that is, by the key it was made with', async () => {
      const [mira, , jonas] = await pair();
      now += 599_000;
      await mira.insist(METHOD.refresh);
      now += 2_000;
      relay.sweep();
      expect(relay.allocations).toBe(1);
      expect([mira.path.hasAllocation, jonas.path.hasAllocation]).toEqual([true, false]);
      now += 500_000;
      expect((await mira.insist(METHOD.refresh)).code)
        .withContext('credentials have expired')
        .toBe(0);
    });

    it('TU7c a permission after five minutes, and a channel after ten', async () => {
      const [mira, , jonas, jonasPort] = await pair();
      await mira.bind(0x4000, jonasPort);
      now += 299_000;
      await Promise.all([mira.insist(METHOD.refresh), jonas.insist(METHOD.refresh)]);
      mira.sendByChannel(0x4000, text('x'));
      now += 1_000;
      mira.sendByChannel(0x4000, text('x'));
      expect(jonas.arrived.length).toBe(1);
      await Promise.all([mira.permit(), jonas.permit()]);
      mira.sendByChannel(0x4000, text('x'));
      expect(jonas.arrived.length).toBe(2);
      now += 299_000;
      await Promise.all([mira.insist(METHOD.refresh), jonas.insist(METHOD.refresh)]);
      now += 1_000;
      await Promise.all([mira.permit(), jonas.permit()]);
      mira.sendByChannel(0x4000, text('x'));
      expect(jonas.arrived.length).withContext('the channel has ended').toBe(2);
    });

    it('TU7b, TU11c an allocation whose device has left its seat, and gives it none again', async () => {
      const seated = new Set([anId('mira'), anId('jonas')]);
      start({}, ({ userId }) => seated.has(userId));
      const [mira, , jonas] = await pair();
      const test = connected(turnCredentials(SECRET, { ...owner('eve'), callId: testCallId('1') }, now / 1_000 + 60));
      await test.allocate();
      seated.delete(anId('mira'));
      relay.sweep();
      expect([mira.path.hasAllocation, jonas.path.hasAllocation, test.path.hasAllocation]).toEqual([false, true, true]);
      expect((await mira.insist(METHOD.refresh)).code).toBe(437);
      expect((await mira.insist(METHOD.allocate, [TRANSPORT_UDP])).code).toBe(403);
    });

    it('TU7a an allocation by a refresh of 0 s, by its path, and by its call', async () => {
      const [mira, , jonas] = await pair();
      expect((await mira.ask(METHOD.refresh, [stun.numberAttribute(ATTRIBUTE.lifetime, 0)])).code).toBe(0);
      jonas.path.close();
      expect(relay.allocations).toBe(0);
      const [other] = await pair();
      const elsewhere = connected(credentialsOf('eve', 'b'));
      await elsewhere.allocate();
      relay.endCall(anId('a'));
      expect(relay.allocations).toBe(1);
      expect([other.path.hasAllocation, elsewhere.path.hasAllocation]).toEqual([false, true]);
    });
  });

  it('survives any bytes, and makes no allocation of them', async () => {
    const seed = 20_261_129;
    let state = seed;
    const next = (below: number) => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % below;
    const [mira, , , jonasPort] = await pair();
    const id = randomBytes(12);
    const good = [
      mira.request(METHOD.channelBind, [peerAttribute(RELAYED_ADDRESS, jonasPort, id)], id),
      mira.request(METHOD.allocate, [TRANSPORT_UDP], id),
      stun.writeChannelData(0x4000, text('hello'), true),
    ];
    for (let count = 0; count < 5_000; count++) {
      const bytes = Buffer.from(good[next(good.length)]!);
      for (let changes = next(4); changes >= 0; changes--) bytes[next(bytes.length)] = next(256);
      const cut = bytes.subarray(0, next(10) === 0 ? next(bytes.length) : bytes.length);
      expect(() => connected(undefined, false).path.receive(cut))
        .withContext(`seed ${seed}, run ${count}`)
        .not.toThrow();
      expect(() => mira.path.receive(cut))
        .withContext(`seed ${seed}, run ${count}`)
        .not.toThrow();
    }
    expect(relay.allocations).toBe(2);
  });
});

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { anId } from '#protocol/testing/ids';
import { turnCredentials } from './credentials.ts';
import { openDatagrams, strangersLimit, type Datagrams } from './datagrams.ts';
import { ATTRIBUTE, METHOD } from './stun-message.ts';
import { RelaySwitch } from './switch.ts';
import { addressIn, TurnClient } from './testing/turn-client.ts';

const SECRET = 'a secret of this installation';

describe('STUN and TURN by datagrams', () => {
  let now: number;
  let relay: RelaySwitch;
  let datagrams: Datagrams;
  let sockets: Socket[];

  beforeEach(async () => {
    [now, sockets] = [1_700_000_000_000, []];
    relay = new RelaySwitch({ secret: SECRET, clock: { now: () => now }, isSeated: () => true });
    datagrams = await openDatagrams(relay, 0, undefined);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.close();
    await datagrams.close();
  });

  async function client(user = 'mira', family: 'udp4' | 'udp6' = 'udp4'): Promise<TurnClient & { port: number }> {
    const socket = createSocket(family);
    sockets.push(socket);
    const loopback = family === 'udp4' ? '127.0.0.1' : '::1';
    socket.bind(0, loopback);
    await once(socket, 'listening');
    const credentials = turnCredentials(
      SECRET,
      { userId: anId<never>(user), deviceId: anId<never>('tab'), callId: anId<never>('a') },
      now / 1_000 + 600,
    );
    const made = new TurnClient(bytes => socket.send(bytes, datagrams.port, loopback), credentials);
    socket.on('message', bytes => made.receive(bytes));
    return Object.assign(made, { port: socket.address().port });
  }

  it('TU10a tell a client its address, of either family', async () => {
    for (const [family, address] of [
      ['udp4', '127.0.0.1'],
      ['udp6', '0:0:0:0:0:0:0:1'],
    ] as const) {
      const mira = await client('mira', family);
      const { message } = await mira.ask(METHOD.binding);
      expect(addressIn(message, ATTRIBUTE.xorMappedAddress)).toEqual({ address, port: mira.port });
    }
  });

  it('TU4a relay between a client of IPv4 and one of IPv6', async () => {
    const [mira, jonas] = [await client('mira'), await client('jonas', 'udp6')];
    const [mirasPort, jonasPort] = [await mira.allocate(), await jonas.allocate()];
    await Promise.all([mira.bind(0x4000, jonasPort), jonas.bind(0x4001, mirasPort)]);
    mira.sendByChannel(0x4000, Buffer.from('odd'));
    while (jonas.arrived.length === 0) await new Promise(resolve => setImmediate(resolve));
    expect(jonas.arrived).toEqual([{ channel: 0x4001, data: Buffer.from('odd') }]);
  });

  it('TU7a forget a client whose allocation has ended', async () => {
    const mira = await client();
    await mira.allocate();
    now += 600_000;
    relay.sweep();
    datagrams.sweep();
    expect(relay.allocations).toBe(0);
    mira.credentials = turnCredentials(
      SECRET,
      { userId: anId<never>('mira'), deviceId: anId<never>('tab'), callId: anId<never>('a') },
      now / 1_000 + 600,
    );
    expect(await mira.allocate()).toBeGreaterThan(0);
  });

  it('TU10b answer one address without an allocation so often in a second, and no more', async () => {
    const [stranger, member] = [await client('eve'), await client('mira')];
    await member.allocate();
    let answered = 0;
    for (let count = 0; count < 120; count++) void stranger.ask(METHOD.binding).then(() => answered++);
    // Answers come in order: when a member has hers, the stranger's have come, or never will.
    expect((await member.insist(METHOD.refresh)).code).toBe(0);
    // The second may have ended in between.
    expect(answered).toBeLessThanOrEqual(100);
  });

  it('TU10b, TU10c answer fifty datagrams of such an address in a second, and two thousand of all', () => {
    let at = 1_000;
    spyOn(performance, 'now').and.callFake(() => at);
    const mayAsk = strangersLimit();
    const answers = (addresses: number, each: number) =>
      Array.from({ length: addresses * each }, (_, i) => mayAsk(`address ${i % addresses}`)).filter(Boolean).length;
    expect(answers(1, 60)).toBe(50);
    at += 1_000;
    expect(answers(100, 40)).toBe(2_000);
    at += 1_000;
    expect(mayAsk('address 0')).toBeTrue();
  });
});

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { anId } from '#protocol/testing/ids';
import { systemClock } from '../clock.ts';
import { turnCredentials } from './credentials.ts';
import { TurnStreams, type StreamLimits } from './streams.ts';
import * as stun from './stun-message.ts';
import { METHOD } from './stun-message.ts';
import { RelaySwitch } from './switch.ts';
import { StreamClient } from './testing/stream-client.ts';
import { SlowSocket } from './testing/slow-socket.ts';
import { TRANSPORT_UDP, TurnClient } from './testing/turn-client.ts';

const SECRET = 'a secret of this installation';

const credentialsOf = (user: string) => {
  const who = { userId: anId<never>(user), deviceId: anId<never>('tab'), callId: anId<never>('a') };
  return turnCredentials(SECRET, who, Math.floor(Date.now() / 1_000) + 600);
};

describe('TURN by streams', () => {
  let relay: RelaySwitch;
  let streams: TurnStreams;
  let server: Server;
  let clients: StreamClient[];

  async function start(limits: Partial<StreamLimits> = {}): Promise<void> {
    relay = new RelaySwitch({ secret: SECRET, clock: systemClock, isSeated: () => true });
    streams = new TurnStreams(relay, limits);
    server = createServer(socket => streams.serve(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    clients = [];
  }
  afterEach(async () => {
    for (const client of clients) client.socket.destroy();
    server.close();
    await once(server, 'close');
  });

  async function connected(user = 'mira'): Promise<StreamClient> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new StreamClient(socket, credentialsOf(user));
    clients.push(client);
    return client;
  }
  async function pair(): Promise<[StreamClient, StreamClient]> {
    const [mira, jonas] = [await connected('mira'), await connected('jonas')];
    const [mirasPort, jonasPort] = [await mira.allocate(), await jonas.allocate()];
    await Promise.all([mira.bind(0x4000, jonasPort), jonas.bind(0x4000, mirasPort)]);
    return [mira, jonas];
  }
  const closed = (socket: Socket) => (socket.closed ? Promise.resolve() : once(socket, 'close'));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise(resolve => setImmediate(resolve));
  };

  it('TU8a are read in whatever pieces they come, with the padding of ChannelData', async () => {
    await start();
    const [mira, jonas] = await pair();
    const packets = [0, 1, 2, 3, 5, 1_200].map(length => Buffer.alloc(length, length % 251));
    const bytes = Buffer.concat(packets.map(data => stun.writeChannelData(0x4000, data, true)));
    for (let at = 0; at < 24; at++) {
      mira.socket.write(bytes.subarray(at, at + 1));
      await new Promise(resolve => setImmediate(resolve));
    }
    mira.socket.write(bytes.subarray(24));
    await until(() => jonas.arrived.length === packets.length);
    expect(jonas.arrived.map(({ data }) => data)).toEqual(packets);
  });

  it('TU7a free an allocation as soon as its stream ends', async () => {
    await start();
    const [mira, jonas] = await pair();
    mira.socket.destroy();
    await until(() => relay.allocations === 1);
    jonas.socket.end();
    await until(() => relay.allocations === 0);
  });

  for (const [what, bytes] of Object.entries({
    HTTP: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    'a STUN message without the magic cookie': Buffer.alloc(20),
    'a STUN message whose length is no multiple of four': Buffer.from([0, 1, 0, 3, 0x21, 0x12, 0xa4, 0x42]),
    'a STUN message that is longer than any': Buffer.from([0, 1, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42]),
    'ChannelData that is longer than any': Buffer.from([0x40, 0, 0xff, 0xff]),
    'a first byte of nothing': Buffer.from([0x80, 0, 0, 0]),
  }))
    it(`TU8a are closed by ${what}`, async () => {
      await start();
      const mira = await connected();
      mira.socket.write(bytes);
      await closed(mira.socket);
      expect(relay.allocations).toBe(0);
    });

  it('TU8a are closed when a message is begun and not finished, or nothing is said', async () => {
    await start({ wholeMs: 50, silenceMs: 100 });
    const [half, silent] = [await connected(), await connected()];
    half.socket.write(Buffer.from([0, 1, 0, 0]));
    await Promise.all([closed(half.socket), closed(silent.socket)]);
  });

  it('TU8a stay open while they are silent and have an allocation', async () => {
    await start({ silenceMs: 50 });
    const [mira, witness] = [await connected('mira'), await connected('jonas')];
    await mira.allocate();
    await closed(witness.socket);
    // The silence of the witness began after hers.
    const later = await connected('jonas');
    await closed(later.socket);
    expect((await mira.insist(METHOD.refresh)).code).toBe(0);
  });

  it('TU8b are so many of one address, and no more', async () => {
    await start({ perAddress: 2 });
    const [first, second, third] = [await connected(), await connected(), await connected()];
    await closed(third.socket);
    await first.ask(METHOD.binding);
    second.socket.destroy();
    await closed(second.socket);
    let last: number | undefined;
    while (last === undefined) {
      const next = await connected();
      last = await Promise.race([
        next.ask(METHOD.binding).then(({ code }) => code),
        closed(next.socket).then(() => undefined),
      ]);
    }
    expect(last).toBe(0);
  });

  it('TU9a lose media and nothing else when the client does not read, and memory stays small', async () => {
    await start();
    const [mira, jonas] = await pair();
    jonas.socket.pause();
    const sent = 60_000;
    const media = Buffer.alloc(1_100, 0x80);
    for (let count = 0; count < sent; count++) {
      mira.sendByChannel(0x4000, media);
      if (mira.socket.writableNeedDrain) await once(mira.socket, 'drain');
    }
    // What STUN answers shows that everything before it has been read.
    await mira.ask(METHOD.binding);
    expect(relay.allocations).toBe(2);
    jonas.socket.resume();
    await jonas.ask(METHOD.binding);
    expect(jonas.arrived.length).toBeLessThan(sent);
    mira.sendByChannel(0x4000, Buffer.from('after it'));
    await until(() => jonas.arrived.at(-1)?.data.toString() === 'after it');
  });

  describe('that do not drain', () => {
    let now: number;
    beforeEach(() => {
      now = 1_000;
      spyOn(performance, 'now').and.callFake(() => now);
    });

    /** A stream that may stop draining, one packet away from another client of its call. */
    async function slowPair() {
      await start();
      const slow = new SlowSocket();
      const reader = new TurnClient(bytes => void slow.push(bytes), credentialsOf('jonas'));
      slow.drained = bytes => reader.receive(bytes);
      streams.serve(slow as unknown as Socket);
      const fast = new TurnClient(bytes => path.receive(bytes), credentialsOf('mira'));
      const remote = { address: '203.0.113.8', port: 40_001 };
      const path = relay.client({ remote, isStream: true, send: bytes => fast.receive(bytes) });
      const [fastPort, slowPort] = [await fast.allocate(), await reader.allocate()];
      await Promise.all([fast.bind(0x4000, slowPort), reader.bind(0x4000, fastPort)]);
      const kinds = () => reader.arrived.map(({ data }) => data.toString());
      return { slow, reader, send: (text: string) => fast.sendByChannel(0x4000, Buffer.from(text, 'latin1')), kinds };
    }
    const [MEDIA, STUN, DTLS] = ['\x80 media', '\x00 stun', '\x16 dtls'];

    it('TU9a lose media after 300 ms, and neither STUN nor DTLS, until all has gone', async () => {
      const { slow, send, kinds } = await slowPair();
      slow.hold();
      send(`${MEDIA} 1`);
      now += 300;
      send(`${MEDIA} 2`);
      now += 1;
      for (const what of [MEDIA, STUN, MEDIA, DTLS]) send(`${what} 3`);
      await slow.release();
      send(`${MEDIA} 4`);
      const arrived = [`${MEDIA} 1`, `${MEDIA} 2`, `${STUN} 3`, `${DTLS} 3`, `${MEDIA} 4`];
      expect(kinds()).toEqual(arrived.map(text => Buffer.from(text, 'latin1').toString()));
    });

    it('TU9b keep 64 KB at most, whatever it is, and lose the rest', async () => {
      const { slow, send, kinds } = await slowPair();
      slow.hold();
      for (let count = 0; count < 100; count++) send(`${DTLS}${'x'.repeat(1_000)}`);
      expect(slow.writableLength).toBeGreaterThan(60 * 1_024);
      expect(slow.writableLength).toBeLessThanOrEqual(64 * 1_024);
      await slow.release();
      expect(kinds().length).toBeLessThan(66);
      send(`${DTLS} after it`);
      expect(kinds().at(-1)).toBe(Buffer.from(`${DTLS} after it`, 'latin1').toString());
    });
  });

  it('TU8a, TU8b are bounded: of a thousand that send one byte of one address few stay, and those not long', async () => {
    await start({ wholeMs: 200, perAddress: 50 });
    const mira = await connected('mira');
    await mira.allocate();
    const sockets = await Promise.all(Array.from({ length: 1_000 }, () => connected()));
    const gone = sockets.map(async ({ socket }) => {
      if (!socket.closed) await new Promise(resolve => socket.once('close', resolve));
    });
    for (const { socket } of sockets) socket.write(Buffer.from([0]));
    expect((await mira.insist(METHOD.refresh)).code).toBe(0);
    await Promise.all(gone);
    expect(relay.allocations).toBe(1);
    const next = await connected('jonas');
    await next.allocate();
  });

  it('TU2a answer a stranger as often as they ask, and give them no allocation', async () => {
    await start();
    const stranger = await connected();
    stranger.credentials = undefined;
    for (let count = 0; count < 50; count++)
      expect((await stranger.ask(METHOD.allocate, [TRANSPORT_UDP])).code).toBe(401);
    expect(relay.allocations).toBe(0);
  });
});

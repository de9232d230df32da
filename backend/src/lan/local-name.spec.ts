import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { NetworkInterfaceInfo } from 'node:os';
import multicastDns, { type MulticastDNS, type ResponsePacket } from 'multicast-dns';
import { createLog } from '../log.ts';
import { systemTimers } from '../timers.ts';
import { LocalName } from './local-name.ts';

const name = 'parley-abcd.local';
const card = (address: string): NetworkInterfaceInfo => ({
  address,
  netmask: '',
  mac: '',
  internal: false,
  cidr: `${address}/8`,
  family: 'IPv4',
});

describe('the local name, over loopback', () => {
  let port: number;
  let addresses: string[];
  let wanted: string | undefined;
  let logged: string[];
  let open: LocalName[];
  let sockets: { close(): Promise<void> }[];
  const log = createLog('info', { write: line => void logged.push((JSON.parse(line) as { msg: string }).msg) });

  beforeEach(async () => {
    const probe = createSocket('udp4').bind(0);
    await once(probe, 'listening');
    ({ port } = probe.address());
    await new Promise<void>(resolve => probe.close(resolve));
    [addresses, wanted, logged, open, sockets] = [['127.0.0.1'], name, [], [], []];
  });
  afterEach(async () => {
    await Promise.all(open.map(local => local.stop()));
    await Promise.all(sockets.map(socket => socket.close()));
  });

  const start = (interfaces = () => ({ lo: addresses.map(card) })): LocalName => {
    const options = { wanted: () => (wanted === undefined ? undefined : { name: wanted, addresses }), interfaces };
    const local = new LocalName({ ...options, log, timers: systemTimers, port });
    open.push(local);
    return local;
  };
  const neighbour = async (): Promise<MulticastDNS> => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    const mdns = multicastDns({ port, socket, interface: '127.0.0.1', bind: '0.0.0.0' });
    sockets.push({ close: () => new Promise(resolve => mdns.destroy(resolve)) });
    await once(mdns, 'ready');
    return mdns;
  };
  /** The next answer that fits. */
  const heard = (mdns: MulticastDNS, fits: (packet: ResponsePacket) => boolean): Promise<ResponsePacket> =>
    new Promise(resolve => mdns.on('response', packet => void (fits(packet) && resolve(packet))));
  const tells =
    (address: string, ttl = 120) =>
    ({ answers = [] }: ResponsePacket) =>
      answers.some(answer => answer.type === 'A' && answer.data === address && answer.ttl === ttl);

  it('is answered to a neighbour once no other device has objected', async () => {
    const asker = await neighbour();
    const probes: unknown[] = [];
    asker.on('query', packet => probes.push(packet.authorities));
    const announced = heard(asker, tells('127.0.0.1'));
    const local = start();
    expect(local.current()).toBeUndefined();
    await local.settled;
    expect(local.current()).toBe(name);
    await announced;
    expect(probes.length).toBe(3);
    expect(logged).toEqual([`${name} is answered for on lo IPv4`]);

    // The second announcement is over, so that this is an answer of its own.
    await heard(asker, tells('127.0.0.1'));
    const answered = heard(asker, tells('127.0.0.1'));
    const ask = () => asker.query([{ name: name.toUpperCase(), type: 'A' }]);
    const stopAsking = systemTimers.every(200, ask);
    const { additionals = [] } = await answered;
    stopAsking();
    // There is no AAAA, and nobody shall wait for one.
    expect(additionals.map(({ type }) => type)).toEqual(['NSEC']);
  });

  it('is answered to old-fashioned askers alone, with their question', async () => {
    const local = start();
    await local.settled;
    const asker: Socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(asker, 'listening');
    const mdns = multicastDns({ socket: asker, bind: false, multicast: false });
    sockets.push({ close: () => new Promise(resolve => mdns.destroy(resolve)) });
    const answered = heard(mdns, () => true);
    mdns.query({ id: 77, questions: [{ name, type: 'A' }] } as never, { address: '127.0.0.1', port });
    const packet = await answered;
    expect([packet.id, packet.questions?.[0]?.name]).toEqual([77, name]);
    expect(packet.answers?.map(answer => 'ttl' in answer && [answer.data, answer.ttl, answer.flush])).toEqual([
      ['127.0.0.1', 10, false],
    ]);
  });

  it('follows an address and a new root, and is taken back at the end', async () => {
    const asker = await neighbour();
    const local = start();
    await local.settled;
    const followed = heard(asker, tells('127.0.0.2'));
    addresses = ['127.0.0.1', '127.0.0.2'];
    local.look();
    await followed;

    const renamed = heard(asker, packet => packet.answers?.[0]?.name === 'parley-wxyz.local');
    const goodbye = heard(asker, tells('127.0.0.1', 0));
    wanted = 'parley-wxyz.local';
    local.look();
    await goodbye;
    await renamed;
    expect(local.current()).toBe('parley-wxyz.local');

    const last = heard(asker, packet => packet.answers?.[0]?.name === wanted && tells('127.0.0.1', 0)(packet));
    await local.stop();
    await last;
    expect(local.current()).toBeUndefined();
  });

  it('is answered from the new address when the only one has changed', async () => {
    const asker = await neighbour();
    const local = start();
    await local.settled;
    const sources = new Set<string>();
    asker.on('response', (_packet, { address }) => sources.add(address));
    const followed = heard(asker, tells('127.0.0.2'));
    addresses = ['127.0.0.2'];
    local.look();
    await followed;
    expect(sources).toContain('127.0.0.2');
    expect(local.current()).toBe(name);
  });

  it('is left to a neighbour who holds it, which is said', async () => {
    const holder = await neighbour();
    holder.on('query', ({ questions = [] }) => {
      if (questions[0]?.name === name) holder.respond([{ name, type: 'A', ttl: 120, flush: true, data: '127.9.9.9' }]);
    });
    const local = start();
    await local.settled;
    expect(local.current()).toBeUndefined();
    expect(logged).toEqual([
      jasmine.stringMatching(/parley-abcd\.local is taken on lo IPv4 by 127\.9\.9\.9: is this root/),
    ]);
  });

  it('is given up with one line where another program keeps the port to itself', async () => {
    const greedy = createSocket({ type: 'udp4', reuseAddr: false }).bind(port, '0.0.0.0');
    await once(greedy, 'listening');
    sockets.push({ close: () => new Promise<void>(resolve => greedy.close(resolve)) });
    const local = start();
    await local.settled;
    expect(local.current()).toBeUndefined();
    expect(logged).toEqual([jasmine.stringMatching(/not answered for on lo IPv4: another program keeps port/)]);
  });

  it('is given up with one line where there is no multicast', async () => {
    // No interface has this address, as none has one that left while the socket was opened.
    addresses = ['192.0.2.77'];
    const local = start();
    await local.settled;
    local.look();
    expect(local.current()).toBeUndefined();
    expect(logged).toEqual([jasmine.stringMatching(/not answered for on lo IPv4: multicast does not work there/)]);
  });

  it('does not fall over packets that are none, and not over strange ones', async () => {
    const asker = await neighbour();
    const local = start();
    await local.settled;
    const bytes = createSocket('udp4');
    sockets.push({ close: () => new Promise<void>(resolve => bytes.close(resolve)) });
    for (const packet of [Buffer.alloc(0), Buffer.alloc(3, 255), Buffer.alloc(512, 255), Buffer.alloc(8_192, 0xc0)])
      await new Promise(resolve => bytes.send(packet, port, '127.0.0.1', resolve));
    asker.respond([{ name, type: 'TXT', ttl: 1, data: 'x' }]);
    asker.query([{ name: '', type: 'PTR' }]);
    const again = heard(asker, tells('127.0.0.1'));
    const stopAsking = systemTimers.every(200, () => asker.query([{ name, type: 'A' }]));
    await again;
    stopAsking();
    expect(local.current()).toBe(name);
  });

  it('is not there without an address to be told, and nothing waits for it', async () => {
    addresses = [];
    const local = start();
    await local.settled;
    expect([local.current(), logged]).toEqual([undefined, []]);
  });
});

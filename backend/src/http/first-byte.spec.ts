import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { splitByFirstByte } from './first-byte.ts';

describe('One port for HTTP and TURN', () => {
  let server: Server;
  let others: Buffer[];
  let end: () => void;

  const start = async (firstByteMs?: number) => {
    others = [];
    server = createServer((asked, answer) => {
      asked.resume().on('end', () => answer.end(`${asked.method} ${asked.url}`));
    });
    end = splitByFirstByte(server, socket => void socket.once('data', bytes => others.push(bytes)), firstByteMs);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  };
  afterEach(async () => {
    const closed = new Promise(resolve => server.close(resolve));
    server.closeAllConnections();
    end();
    await closed;
  });
  const port = () => (server.address() as AddressInfo).port;
  async function connected(): Promise<Socket> {
    const socket = connect(port(), '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  it('TU1a answers a request that comes whole, and one that comes byte by byte', async () => {
    await start();
    const body = 'x'.repeat(100_000);
    const asked = request({ port: port(), host: '127.0.0.1', method: 'POST', path: '/whole' });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    expect(String(await once(answer, 'data'))).toBe('POST /whole');

    const slow = await connected();
    for (const byte of 'GET /slow HTTP/1.1\r\nHost: here\r\n\r\n') {
      slow.write(byte);
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(String(await once(slow, 'data'))).toContain('GET /slow');
    slow.destroy();
    expect(others).toEqual([]);
  });

  it('TU1a hands on a socket that begins as STUN does, with all that it has said', async () => {
    await start();
    for (const first of [0x00, 0x01]) {
      const socket = await connected();
      socket.write(Buffer.from([first, 1, 2, 3]));
      while (others.length < first + 1) await new Promise(resolve => setImmediate(resolve));
      expect([...(others[first] ?? [])]).toEqual([first, 1, 2, 3]);
    }
  });

  it('TU1c closes a socket that says nothing', async () => {
    await start(50);
    const silent = await connected();
    await once(silent, 'close');
  });

  it('does not wait for sockets that HTTP does not know when it closes', async () => {
    await start();
    const [silent, turn] = [await connected(), await connected()];
    turn.write(Buffer.from([0, 1]));
    while (others.length === 0) await new Promise(resolve => setImmediate(resolve));
    const gone = Promise.all([once(silent, 'close'), once(turn, 'close')]);
    end();
    await gone;
  });
});

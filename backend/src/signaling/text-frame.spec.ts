import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { writeText } from './text-frame.ts';

describe('a text frame', () => {
  it('is read as it was written, at every length of its header and between frames of the library', async () => {
    const texts = [0, 1, 125, 126, 65_535, 65_536, 100_000].flatMap(length => [
      'x'.repeat(length),
      'é👋'.repeat(length / 7),
    ]);
    const server = createServer();
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, accepted => {
        for (const text of texts) {
          writeText(socket, text);
          accepted.send('between');
        }
        accepted.close(1000);
      }),
    );
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const read: string[] = [];
    client.on('message', (data: Buffer) => read.push(data.toString()));
    const [code] = (await once(client, 'close')) as [number];
    expect(code).toBe(1000);
    expect(read).toEqual(texts.flatMap(text => [text, 'between']));
    server.close();
  });
});

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export type Raw = { status: number; headers: IncomingHttpHeaders; text: string };

/** A request with exactly these headers: `fetch` would add its own and refuse to change the Host. */
export function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<Raw> {
  const { promise, resolve, reject } = Promise.withResolvers<Raw>();
  const request = httpRequest({ port, host: '127.0.0.1', method, path, headers, agent: false });
  request.on('error', reject);
  request.on('upgrade', (response, socket) => {
    socket.destroy();
    resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' });
  });
  request.on('response', response => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => (text += part));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
  });
  request.end(body);
  return promise;
}

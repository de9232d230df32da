import type { IncomingMessage, RequestListener } from 'node:http';
import { isLoopback } from './client-address.ts';
import type { Upgrade } from './listeners.ts';
import { refuseUpgrade } from './upgrade.ts';

/** Whether a plain-http socket gets the app: only a browser on this machine, by the one name that is a secure context. */
export const isThisMachine = (request: IncomingMessage): boolean =>
  isLoopback(request) && /^localhost(:\d{1,5})?$/i.test(request.headers.host ?? '');

/** On plain http everybody else is only told where to go: nothing that is sent here is safe. */
export const onlyThisMachine =
  (app: RequestListener, secureOrigin: () => string): RequestListener =>
  (request, response) => {
    if (isThisMachine(request)) return app(request, response);
    const text = `Parley is at ${secureOrigin()}\n`;
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(text);
  };

export const thisMachineUpgrade =
  (upgrade: Upgrade): Upgrade =>
  (request, socket, head) =>
    isThisMachine(request) ? upgrade(request, socket, head) : refuseUpgrade(socket, 404);

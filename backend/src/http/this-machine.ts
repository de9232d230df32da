import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { isLoopback } from './client-address.ts';
import { refuseUpgrade, type Upgrade } from './refuse-upgrade.ts';

/** Whether a plain-http socket gets the app: only a browser on this machine, by the one name that is a secure context. */
export const isThisMachine = (request: IncomingMessage): boolean =>
  isLoopback(request) && /^localhost(:\d{1,5})?$/i.test(request.headers.host ?? '');

/** On plain http everybody else is welcomed and never gets the app: nothing that is sent here is safe. */
export const onlyThisMachine =
  (app: RequestListener, welcome: RequestListener): RequestListener =>
  (request, response) =>
    isThisMachine(request) ? app(request, response) : welcome(request, response);

export const thisMachineUpgrade =
  (upgrade: Upgrade): Upgrade =>
  (request, socket, head) =>
    isThisMachine(request) ? upgrade(request, socket, head) : refuseUpgrade(socket, 404);

/** Takes sockets of this machine alone: to anybody else nothing is safe on a plain port. */
export const onLoopback =
  (serve: (socket: Socket) => void) =>
  (socket: Socket): void =>
    isLoopback({ socket }) ? serve(socket) : void socket.destroy();

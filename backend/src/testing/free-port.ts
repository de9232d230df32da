import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below every port that a system gives to whoever asks for any (IANA's dynamic ports begin at 49152, Linux's at 32768). */
const FIRST = 20_000;
const LAST = 31_999;

/** @returns a port on which nobody listens, and which no system gives to a program that asks for any before it is used */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    const probe = createServer();
    const isFree = once(probe, 'listening').then(
      () => true,
      () => false,
    );
    probe.listen(port);
    if (!(await isFree)) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

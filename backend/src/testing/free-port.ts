import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ephemeral ports of every system: IANA's begin at 49152 (RFC 6335, 6), those of Linux at 32768. */
const FIRST = 20_000;
const LAST = 31_999;

/** @returns a TCP port on which nobody listens. It is not ephemeral: no other program gets it by listening on port 0 */
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

import encodeQR from 'qr';
import { plainOf } from '../http/origins.ts';
import type { PublicRoot } from '../tls/certificates.ts';

/** What a terminal says of a server that has just started. */
export type Started = {
  /** Where others reach it, best first. */
  readonly reachable: readonly string[];
  /** The welcome page, as a device finds it that knows nothing of this server. */
  readonly welcome: string | undefined;
  readonly httpPort: number;
  /** The root that others must trust first; undefined where they know the certificate already. */
  readonly root: Pick<PublicRoot, 'fingerprint'> | undefined;
  /** The ports that a router must forward for people outside of this network; `tcp` is undefined behind a proxy. */
  readonly router: { readonly tcp: number | undefined; readonly udp: number | undefined };
};

/**
 * @returns the sentences, a line each: where this machine, a new device and one that trusts the server find it. The code to scan
 * is the welcome page's address and holds no secret: whoever can alter a plain-http page reads all that it is given.
 */
export function whereToBegin({ reachable, welcome, httpPort, root, router }: Started): string[] {
  const here = `Parley is at http://localhost:${httpPort} on this machine`;
  if (reachable.length === 0) return [here, 'This machine has no address that others could use; HOSTS names one.'];
  const listed = reachable.map(origin => `  ${origin}`);
  if (root === undefined) return [here, 'and from other devices at', ...listed, ...forwarding(router)];
  const welcomes = reachable.map(origin => `  ${plainOf(origin, httpPort)}`);
  return [
    here,
    ...['A phone or another computer starts at', ...welcomes],
    ...(welcome === undefined ? [] : [encodeQR(welcome, 'ascii', { border: 2 })]),
    ...['and, once it trusts this server, opens Parley at', ...listed],
    `The certificate it is asked to trust has the SHA-256 fingerprint\n  ${root.fingerprint}`,
    ...forwarding(router),
  ];
}

/** Calls from outside come by TCP alone where UDP is not forwarded, and are never direct then. */
function forwarding({ tcp, udp }: Started['router']): string[] {
  if (tcp === undefined) return [];
  const ports =
    udp === undefined
      ? `port ${tcp} (TCP)`
      : udp === tcp
        ? `port ${tcp} (TCP and UDP)`
        : `ports ${tcp} (TCP) and ${udp} (UDP)`;
  return [`For people outside of this network, forward ${ports} at the router to this machine.`];
}

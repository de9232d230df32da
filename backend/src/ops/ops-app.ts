import type { IncomingMessage, RequestListener } from 'node:http';
import { canonicalHost } from '../tls/host-name.ts';
import type { Metrics } from './metrics.ts';

type OpsDeps = {
  metrics: Metrics;
  /** Further names by which it may be called, beside `localhost` and the addresses it listens on. */
  hosts: readonly string[];
  missing: () => string | undefined;
  weak?: () => string | undefined;
};

/** The name in a `Host` (RFC 9110, 7.2), without port and brackets. */
const nameIn = (host: string): string | undefined => {
  const name = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(host);
  return canonicalHost(name?.[1] ?? name?.[2] ?? '')?.value;
};

/**
 * Whether it is called by a name of its own. A page that a browser on this machine has open may let its own name lead here
 * (DNS rebinding), and would read what is answered; it cannot do so with an address.
 */
function isCalledRight({ headers, socket }: IncomingMessage, hosts: readonly string[]): boolean {
  const name = nameIn(headers.host ?? '');
  const own = canonicalHost((socket.localAddress ?? '').replace(/^::ffff:/, ''))?.value;
  const known = ['localhost', '127.0.0.1', '::1', ...hosts].flatMap(host => canonicalHost(host)?.value ?? []);
  return name !== undefined && (name === own || known.includes(name));
}

/**
 * `/livez`, `/readyz` and `/metrics`, for administrators; never on the app's own port.
 * @param missing what keeps this process from serving, in words
 * @param weak what does not work though it serves; a proxy that took such a process away would take all of them
 */
export const opsApp =
  ({ metrics, hosts, missing, weak = () => undefined }: OpsDeps): RequestListener =>
  (request, response) => {
    const reply = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
    if (!isCalledRight(request, hosts)) return void reply(421, 'not called that: see OPS_HOSTS\n');
    if (request.method !== 'GET') return void reply(405, 'GET only\n');
    switch (request.url) {
      case '/livez':
        return void reply(200, 'ok\n');
      case '/readyz': {
        const why = missing();
        return void (why === undefined ? reply(200, `${weak() ?? 'ok'}\n`) : reply(503, `not ready: ${why}\n`));
      }
      case '/metrics':
        return void metrics.registry.metrics().then(
          text => reply(200, text, metrics.registry.contentType),
          () => reply(500, 'no metrics\n'),
        );
      default:
        return void reply(404, 'not found\n');
    }
  };

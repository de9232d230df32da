import type { RequestListener } from 'node:http';
import type { Metrics } from './metrics.ts';

type OpsDeps = { metrics: Metrics; missing: () => string | undefined; weak?: () => string | undefined };

/**
 * `/livez`, `/readyz` and `/metrics`, for whoever runs the machine; never on the app's own port.
 * @param missing what keeps this process from serving, in words
 * @param weak what does not work though it serves; a proxy that took such a process away would take all of them
 */
export const opsApp =
  ({ metrics, missing, weak = () => undefined }: OpsDeps): RequestListener =>
  (request, response) => {
    const reply = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(text);
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

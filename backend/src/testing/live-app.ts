import type { RequestListener } from 'node:http';
import type { Authenticate } from '../auth/authenticate.ts';
import { createPasswords } from '../auth/passwords.ts';
import { createPatience } from '../auth/patience.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Clock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { createApp } from '../http/app.ts';
import { createBudgets } from '../http/budgets.ts';
import { createOrigins } from '../http/origins.ts';
import type { Events } from '../events/event-hub.ts';
import type { AppDeps } from '../http/deps.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../ops/metrics.ts';
import { openPush } from '../push/open-push.ts';
import { createSecurityLog } from '../security-log.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';

export type LiveAppDeps = {
  store: Store;
  tokens: AccessTokens;
  authenticate: Authenticate;
  events: Events;
  declineElsewhere: (token: string) => Promise<boolean>;
  isSeated: AppDeps['isSeated'];
  guestFinds: AppDeps['guestFinds'];
  door: AppDeps['door'];
  clock: Clock;
  timers: Timers;
};

const FEW = { points: 1e6, seconds: 1 };

/** The HTTP interface beside a live server whose time is in a spec's hands; called `localhost`, on whatever port. */
export async function liveApp({ timers, ...deps }: LiveAppDeps): Promise<RequestListener> {
  const config = readConfig({ TLS: 'off', LOG_LEVEL: 'silent', SIGN_UP: 'open' });
  if (!config.ok) throw new Error(config.error.join(' '));
  const log = createLog('silent');
  const origins = createOrigins({
    config: config.value,
    names: () => [],
    ports: () => ({ https: undefined, http: 0 }),
  });
  const push = await openPush({
    ...deps,
    timers,
    log,
    config: config.value,
    secrets: { vapidKey: Buffer.alloc(32, 9) },
    sessionMs: { idle: Infinity, absolute: Infinity },
  });
  const app = createApp(
    {
      ...deps,
      config: config.value,
      installation: await deps.store.installation(),
      log,
      origins,
      push,
      passwords: createPasswords({ cost: 4 }),
      patience: createPatience(deps.clock),
      tls: undefined,
      refreshKey: Buffer.alloc(32, 5),
      metrics: createMetrics(),
      version: '0.0.0',
      appDir: '/nonexistent',
      security: createSecurityLog(log),
      budgets: createBudgets({ requests: FEW, searches: FEW, relationChanges: FEW }),
    },
    origins,
    () => undefined,
  );
  return (request, response) => void app(request, response);
}

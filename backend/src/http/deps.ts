import type { CallId, DeviceAddress } from '#protocol/ids';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Passwords } from '../auth/passwords.ts';
import type { Patience } from '../auth/patience.ts';
import type { AccessTokens } from '../auth/tokens.ts';
import type { Calls } from '../calls/calls.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Events } from '../events/event-hub.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Push } from '../push/push.ts';
import type { Relay } from '../relay/relay.ts';
import type { SecurityLog } from '../security-log.ts';
import type { Installation, Store } from '../store/store.ts';
import type { ServedCertificates } from '../tls/served.ts';
import type { Budgets } from './budgets.ts';
import type { Origins } from './origins.ts';

/** What the HTTP interface works with. */
export type AppDeps = {
  config: Config;
  store: Store;
  installation: Installation;
  tokens: AccessTokens;
  authenticate: Authenticate;
  passwords: Passwords;
  patience: Patience;
  /** What successors of refresh tokens are made with. */
  refreshKey: Buffer;
  events: Events;
  /** Hands on the token of a pushed ring that this process did not give; whether another one did, within a second. */
  declineElsewhere: (token: string) => Promise<boolean>;
  /** Whether this device has a seat in this call now. */
  isSeated: (device: DeviceAddress, callId: CallId) => boolean;
  /** What a guest finds, and the link of a call, as of `Calls`. */
  guestFinds: Calls['guestFinds'];
  door: Calls['door'];
  push: Push;
  /** By which origins the installation is reached now: the canonical one, an address, all. */
  origins: Origins;
  /** What is served on https, with the root to be trusted; undefined with `TLS=off`. */
  tls: ServedCertificates | undefined;
  budgets: Budgets;
  /** The installation's own relay for calls; undefined where it has none. */
  relay?: Relay | undefined;
  metrics: Metrics;
  log: Logger;
  /** What a person who runs this should be able to see later: sign-ins, refusals, what admins did. */
  security: SecurityLog;
  clock: Clock;
  /** The app's version, as package.json has it. */
  version: string;
  /** Where the built app is. */
  appDir: string;
};

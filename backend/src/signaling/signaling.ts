import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticate } from '../auth/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { LiveSessions } from '../delivery.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Installation, Store } from '../store/store.ts';

export type SignalingDeps = {
  config: Config;
  store: Store;
  installation: Installation;
  authenticate: Authenticate;
  metrics: Metrics;
  log: Logger;
  clock: Clock;
  /** Every origin of the installation, the canonical one first. */
  origins: () => string[];
};

export type Signaling = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  live: LiveSessions;
  /** Tells every session `server.restarting` and closes its socket with 1012. */
  drain(): Promise<void>;
};

/** Nobody is live yet: holds the place of the gateway. */
export const createSignaling = async (_deps: SignalingDeps): Promise<Signaling> => ({
  upgrade: (_request, socket) => socket.destroy(),
  live: { deliver: () => undefined, endDevices: () => undefined, relationChanged: () => undefined },
  drain: async () => undefined,
});

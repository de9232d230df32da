import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallId } from '#protocol/ids';
import { RING_MS } from '#protocol/limits';
import { createAuthenticate } from '../auth/authenticate.ts';
import { ABSOLUTE_MS, IDLE_MS } from '../auth/refresh.ts';
import { accessTokens } from '../auth/tokens.ts';
import { EventHub } from '../events/event-hub.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../ops/metrics.ts';
import { createSignaling, type Signaling, type SignalingDeps } from '../signaling/signaling.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Bus } from '../bus/bus.ts';
import type { Store } from '../store/store.ts';
import { openPush } from '../push/open-push.ts';
import type { Push } from '../push/push.ts';
import type { Timers } from '../timers.ts';
import { liveApp } from './live-app.ts';
import { ManualTime } from './manual-time.ts';
import type { PushService } from './push-receiver.ts';
import { People, type TestDevice } from './people.ts';
import { TestClient } from './test-client.ts';

const KEY = Buffer.alloc(32, 7);

export type LiveServerOptions = {
  resumeWindowMs?: number;
  /** With a push service, closed devices are reached by it. */
  pushService?: PushService | undefined;
  /** Takes every line that it logs, at trace level; without it nothing is logged. */
  logged?: string[];
  /** What calls may use; without it they are told nothing. */
  servers?: SignalingDeps['servers'];
  /** Whether it has the HTTP interface, too. */
  app?: boolean;
  /** One of several servers, which have these in common; the timers are its own. */
  shared?: { store: Store; time: ManualTime; bus: Bus; timers: Timers };
};

/** The live side of the server on a port of its own, over a real store, with time in the spec's hands. */
export class LiveServer {
  readonly time: ManualTime;
  readonly metrics = createMetrics();
  /** Calls that are over, as the relay is told. */
  readonly over: CallId[] = [];
  /** Where it is reached, as its welcomes say. */
  origins = ['https://parley.test'];
  readonly people = new People({
    store: () => this.store,
    now: () => this.time.clock.now(),
    token: (userId, deviceId, family) => this.tokens().issue({ userId, deviceId, role: 'user', family, gen: 1 }),
  });
  readonly person = (username: string) => this.people.person(username);
  readonly otherDevice = (device: TestDevice) => this.people.otherDevice(device);
  readonly befriend = (a: TestDevice, b: TestDevice) => this.people.befriend(a, b);
  readonly #options: LiveServerOptions;
  #push: Push | undefined;
  readonly #clients: TestClient[] = [];
  #directory = '';
  #http = createServer();
  #signaling: Signaling | undefined;
  #events: EventHub | undefined;
  #store: Store | undefined;
  #installation = '';

  private constructor(options: LiveServerOptions) {
    this.#options = options;
    this.time = options.shared?.time ?? new ManualTime();
  }

  static async start(options: LiveServerOptions = {}): Promise<LiveServer> {
    const server = new LiveServer(options);
    if (!options.shared) server.#directory = await mkdtemp(join(tmpdir(), 'parley-live-'));
    await server.#open();
    return server;
  }

  async #open(): Promise<void> {
    const { time, metrics } = this;
    const { clock } = time;
    const { resumeWindowMs = 60_000, shared, pushService, logged, servers } = this.#options;
    const store = shared?.store ?? (await openSqliteStore(this.#directory, clock));
    const installation = await store.installation();
    this.#store = store;
    this.#installation = installation.id;
    this.#push = pushService && (await openLivePush(pushService, store, time));
    const events = new EventHub();
    events.on('call-changed', ({ call }) => void (call.state === 'ended' && this.over.push(call.callId)));
    this.#events = events;
    const signaling = await createSignaling({
      events,
      store,
      installation,
      metrics,
      clock,
      timers: shared?.timers ?? time,
      bus: shared?.bus,
      ...(this.#push ? { push: this.#push } : {}),
      config: { resumeWindowMs, ringMs: RING_MS },
      authenticate: createAuthenticate({ store, tokens: this.tokens(), clock }),
      guest: token => this.tokens().verifyGuest(token),
      log: logged ? createLog('trace', { write: line => void logged.push(line) }) : createLog('silent'),
      origins: () => this.origins,
      ...(servers ? { servers } : {}),
    });
    this.#signaling = signaling;
    const parts = {
      store,
      clock,
      tokens: this.tokens(),
      events,
      declineElsewhere: (token: string) => signaling.declineElsewhere(token),
      isSeated: signaling.isSeated,
      guestFinds: signaling.guestFinds,
      door: signaling.door,
      timers: shared?.timers ?? time,
    };
    const authenticate = createAuthenticate({ store, tokens: parts.tokens, clock });
    const app = this.#options.app ? await liveApp({ ...parts, authenticate }) : undefined;
    this.#http = createServer(app).on('upgrade', (request, socket, head) =>
      signaling.upgrade(request, socket, head, { from: 'here', origin: 'https://parley.test' }),
    );
    await new Promise<void>(resolve => this.#http.listen(0, '127.0.0.1', resolve));
  }

  get store(): Store {
    if (!this.#store) throw new Error('not open');
    return this.#store;
  }

  get push(): Push {
    if (!this.#push) throw new Error('no push');
    return this.#push;
  }

  get events(): EventHub {
    if (!this.#events) throw new Error('not open');
    return this.#events;
  }

  get signaling(): Signaling {
    if (!this.#signaling) throw new Error('not open');
    return this.#signaling;
  }

  /** Tokens as the server makes them; a spec may forge some with another key or audience. */
  tokens({ key = KEY, installation = this.#installation } = {}) {
    return accessTokens({ key, installation, clock: this.time.clock });
  }

  get origin(): string {
    return `http://localhost:${(this.#http.address() as AddressInfo).port}`;
  }

  client(): TestClient {
    const client = new TestClient(`ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}`);
    this.#clients.push(client);
    return client;
  }

  /** A client of this device that has been welcomed. */
  async connect(device: TestDevice): Promise<TestClient> {
    const client = this.client();
    await client.hello(device.token());
    return client;
  }

  /** Resolves when the server knows of `count` live sockets of this device: a cut is noticed a moment later. */
  async seen({ deviceId }: TestDevice, count: 0 | 1): Promise<void> {
    while (this.signaling.isLive(deviceId) !== (count === 1)) await new Promise(resolve => setImmediate(resolve));
  }

  /** Its sockets end without a word, as with its process. */
  cutAll(): void {
    this.#http.closeAllConnections();
    for (const client of this.#clients) client.cut();
  }

  /** The process ends without a word, and another one takes over on another port. */
  async crash(): Promise<void> {
    for (const client of this.#clients) client.cut();
    await this.#close();
    await this.#open();
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.cut();
    await this.#close();
    if (!this.#options.shared) await rm(this.#directory, { recursive: true });
  }

  async #close(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise(resolve => this.#http.close(resolve));
    await this.signaling.drain();
    if (!this.#options.shared) await this.store.close();
  }
}

const VAPID_KEY = Buffer.alloc(32, 9);

function openLivePush({ hosts, root }: PushService, store: Store, time: ManualTime): Promise<Push> {
  return openPush({
    store,
    clock: time.clock,
    timers: time,
    ca: root,
    log: createLog('silent'),
    secrets: { vapidKey: VAPID_KEY },
    config: {
      pushContact: 'https://example.org/parley',
      publicOrigin: undefined,
      pushHosts: hosts.split(','),
      pushNames: 'on',
    },
    sessionMs: { idle: IDLE_MS, absolute: ABSOLUTE_MS },
  });
}

import type { PushLanguage } from '#protocol/api/push';
import type { DeviceId, UserId } from '#protocol/ids';
import type { PushPayload } from '#protocol/push-payload';
import type { Logger } from '../log.ts';
import type { PushRow } from '../store/push.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { encrypted, type Signer, type Treatment } from './encrypted.ts';
import type { Post, PushOutcome } from './post.ts';
import type { PushHosts } from './push-hosts.ts';
import { SendQueue } from './send-queue.ts';
import type { Subscriptions } from './subscriptions.ts';

export type SenderDeps = {
  store: Pick<Store, 'device' | 'userById'>;
  log: Logger;
  timers: Timers;
  hosts: PushHosts;
  post: Post;
  signer: Signer;
  subscriptions: Subscriptions;
};

/** One push. What it says and how it is treated is asked when it is its turn; without either it is too late for it. */
export type Sending = {
  userId: UserId;
  deviceId: DeviceId;
  treatment: () => Treatment | undefined;
  payload: (language: PushLanguage) => PushPayload | undefined | Promise<PushPayload | undefined>;
  /** What it tells is owed to the device since then, ms since the epoch, until its service has accepted it. */
  owed?: { since: number; accepted: () => void };
};

type Queued = Sending & { lane: string; key: string; run: (attempt: number) => Promise<number | undefined> };

/** The same complaint about the same push service is written down once in this time, in ms. */
const COMPLAIN_MS = 3_600_000;

/** How long after the first failure a push is tried again, and the longest it waits later on, in ms. */
const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;

/** With a random half, so that what failed together does not come back together. */
const backoffMs = (attempt: number): number =>
  Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS) * (0.5 + Math.random() / 2);

/** Sends to the push service a device has named, and draws the consequences of its answer. */
export class Sender {
  readonly #queue: SendQueue<Queued>;
  readonly #complained = new Map<string, number>();
  readonly #deps: SenderDeps;
  #closed = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#queue = new SendQueue(() => deps.timers.now());
  }

  send(sending: Sending): void {
    const { subscriptions, hosts, log } = this.#deps;
    const row = subscriptions.find(sending.userId, sending.deviceId);
    const lane = row && hosts.entryFor(row.endpoint);
    if (row === undefined || lane === undefined || this.#closed) return;
    const key = `${row.deviceId} ${sending.treatment()?.tag ?? ''}`;
    const run = async (attempt: number) => {
      try {
        return await this.#run(sending, row, lane, attempt);
      } catch (error) {
        log.error({ err: error }, 'a push failed');
        return undefined;
      }
    };
    if (!this.#queue.add({ ...sending, lane, key, run }))
      this.#complain(lane, 'full', { service: lane }, 'too many pushes wait; some are not sent');
  }

  /** Since when this device is owed what waits or is on its way to it. */
  owedSince(deviceId: DeviceId): number[] {
    const own = Array.from(this.#queue.pending()).filter(sending => sending.deviceId === deviceId);
    return own.flatMap(({ owed }) => owed?.since ?? []);
  }

  /** Tries again what has failed and whose time has come. */
  tick(): void {
    this.#queue.tick();
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#queue.close();
    return this.#queue.idle();
  }

  /** Answers after how many ms it is to be tried again: never later than it is of any use. */
  async #run(sending: Sending, row: PushRow, lane: string, attempt: number): Promise<number | undefined> {
    const { subscriptions, store, post, signer } = this.#deps;
    const { userId, deviceId, endpoint } = row;
    if (subscriptions.find(userId, deviceId)?.endpoint !== endpoint) return;
    const found = await store.device(deviceId);
    if (found?.device.userId !== userId || found.user.disabled) return;
    const treatment = sending.treatment();
    if (treatment === undefined) return;
    const payload = await sending.payload(row.language);
    if (payload === undefined) return;
    const outcome = await post(encrypted(signer, row, payload, treatment));
    await this.#settle(row, lane, outcome);
    if (outcome.kind === 'accepted') sending.owed?.accepted();
    if (outcome.kind !== 'later') return;
    const againMs = Math.max(backoffMs(attempt), outcome.restMs ?? 0);
    return againMs < treatment.ttl * 1_000 ? againMs : undefined;
  }

  async #settle({ deviceId, endpoint }: PushRow, lane: string, outcome: PushOutcome): Promise<void> {
    const { subscriptions, log } = this.#deps;
    switch (outcome.kind) {
      case 'accepted':
        return;
      case 'gone':
        log.info({ service: lane, deviceId }, 'a push subscription is over');
        return subscriptions.unsubscribe(deviceId, endpoint);
      case 'forbidden': {
        const about = { service: lane, status: outcome.status };
        const words = 'a push service refuses this installation: PUSH_CONTACT, the clock or the VAPID key is wrong';
        return this.#complain(lane, 'forbidden', about, words, 'error');
      }
      case 'later':
        if (outcome.restMs !== undefined) this.#queue.rest(lane, outcome.restMs);
        return this.#notSent(lane, outcome.reason);
      case 'failed':
        return this.#notSent(lane, outcome.reason);
    }
  }

  #notSent(lane: string, reason: string): void {
    this.#complain(lane, reason, { service: lane, reason }, 'a push was not sent');
  }

  /** An address may hold a capability: the log names the service alone. */
  #complain(lane: string, why: string, about: object, words: string, level: 'warn' | 'error' = 'warn'): void {
    const now = this.#deps.timers.now();
    const key = `${lane} ${why}`;
    if (now - (this.#complained.get(key) ?? -Infinity) < COMPLAIN_MS) return;
    if (this.#complained.size > 100) this.#complained.clear();
    this.#complained.set(key, now);
    this.#deps.log[level](about, words);
  }
}

import type { PushLanguage } from '#protocol/api/push';
import type { DeviceId, UserId } from '#protocol/ids';
import type { PushPayload } from '#protocol/push-payload';
import type { Logger } from '../log.ts';
import type { PushRow } from '../store/store-push.ts';
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

/** One push. How it is treated and what it says is asked when it is its turn; without a treatment it is too late for it. */
export type Sending = {
  userId: UserId;
  deviceId: DeviceId;
  treatment: () => Treatment | undefined;
  payload: (language: PushLanguage) => PushPayload | Promise<PushPayload>;
};

/** The same complaint about the same push service is written down once in this time, in ms. */
const COMPLAIN_MS = 3_600_000;

/** Sends to the push service a device has named, and draws the consequences of its answer. */
export class Sender {
  readonly #queue = new SendQueue();
  readonly #complained = new Map<string, number>();
  readonly #deps: SenderDeps;
  #closed = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  send(sending: Sending): void {
    const { subscriptions, hosts } = this.#deps;
    const row = subscriptions.find(sending.userId, sending.deviceId);
    const lane = row && hosts.entryFor(row.endpoint);
    if (row === undefined || lane === undefined || this.#closed) return;
    const key = `${row.deviceId} ${sending.treatment()?.tag ?? ''}`;
    const run = () =>
      this.#run(sending, row, lane).catch((error: unknown) => this.#deps.log.error({ err: error }, 'a push failed'));
    if (!this.#queue.add({ lane, key, run }))
      this.#complain(lane, 'full', { service: lane }, 'too many pushes wait; some are not sent');
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#queue.clear();
    return this.#queue.idle();
  }

  async #run(sending: Sending, row: PushRow, lane: string): Promise<void> {
    const { subscriptions, store, post, signer } = this.#deps;
    const { userId, deviceId, endpoint } = row;
    if (subscriptions.find(userId, deviceId)?.endpoint !== endpoint) return;
    const found = await store.device(deviceId);
    if (found?.device.userId !== userId || found.user.disabled) return;
    const treatment = sending.treatment();
    if (treatment === undefined) return;
    const payload = await sending.payload(row.language);
    await this.#settle(row, lane, await post(encrypted(signer, row, payload, treatment)));
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
      case 'failed':
        return this.#complain(lane, outcome.reason, { service: lane, reason: outcome.reason }, 'a push was not sent');
    }
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

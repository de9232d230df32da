import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { pushInfo } from '#protocol/api/push';
import { type Result } from '#protocol/result';
import { Words } from '../../i18n/words';
import { Api } from '../account/api';
import type { Failure } from '../account/fetch-json';
import { OfflineStart } from '../worker/offline-start';
import { BrowserPush } from './browser-push';
import { type PushState, stateOf } from './push-state';

/** Whether this device is told of messages and calls while the app is closed (PROTOCOL.md, Push). */
@Service()
export class Push {
  readonly #api = inject(Api);
  readonly #browser = inject(BrowserPush);
  readonly #words = inject(Words);
  readonly #worker = inject(OfflineStart).state;
  readonly #state = signal<PushState | undefined>(undefined);
  #told: string | undefined;

  /** Undefined until it is known: the service worker may still be on its way. */
  readonly state = this.#state.asReadonly();
  /** Whether it makes sense to offer it. */
  readonly canTurnOn = computed(() => this.#state() === 'off');

  constructor() {
    // Whoever is here now is who this browser's subscription speaks for, in the language spoken now.
    effect(() => {
      const language = this.#words.language();
      if (this.#worker() !== 'unknown') untracked(() => void this.refresh(language));
    });
    this.#browser.onReplaced(() => void this.refresh());
  }

  /** Looks what the browser has, and tells the server what has changed. Nobody is asked for anything. */
  async refresh(language = this.#words.language()): Promise<void> {
    const subscription = await this.#browser.subscription();
    // Somebody is just turning it on: that will say more than this.
    if (this.#state() === 'turning-on') return;
    this.#state.set(stateOf(this.#browser.abilities(this.#worker() === 'ready'), subscription !== null));
    if (subscription === null || this.#state() !== 'on' || this.#told === subscription.endpoint + language) return;
    const key = await this.#key();
    // Without the server nothing is known to be wrong.
    if (!key.ok) return;
    if (this.#browser.isMadeWith(subscription, key.value.publicKey)) await this.#tell(subscription);
    else await this.#subscribe(key.value.publicKey);
  }

  /** Asks the person, the browser and the server, in this order; called by a click. */
  async turnOn(): Promise<void> {
    if (this.#state() === 'turning-on') return;
    this.#state.set('turning-on');
    const permission = await this.#browser.ask();
    if (permission !== 'granted') return this.#state.set(permission === 'denied' ? 'denied' : 'off');
    const key = await this.#key();
    if (!key.ok) return this.#state.set('failed');
    await this.#subscribe(key.value.publicKey);
  }

  async turnOff(): Promise<void> {
    const { ok } = await this.#api.request('DELETE', '/api/push');
    await this.#browser.unsubscribe();
    this.#told = undefined;
    this.#state.set(ok ? 'off' : 'failed');
  }

  /** Asks the server to push a notification here; whether it comes is seen. */
  test(): Promise<Result<undefined, Failure>> {
    return this.#api.request('POST', '/api/push/test');
  }

  async #subscribe(publicKey: string): Promise<void> {
    const subscription = await this.#browser.subscribe(publicKey);
    if (subscription === null) this.#state.set('silent');
    else await this.#tell(subscription);
  }

  async #tell(subscription: PushSubscription): Promise<void> {
    const { endpoint, keys } = subscription.toJSON();
    const language = this.#words.language();
    const body = { endpoint, keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] }, language };
    const answer = await this.#api.request('PUT', '/api/push', { body });
    if (answer.ok) {
      this.#told = subscription.endpoint + language;
      return this.#state.set('on');
    }
    const { error } = answer;
    const isRefused = error.kind === 'problem' && error.problem.type === 'bad-request';
    // A server that is away for now has the subscription of the last time.
    if (isRefused) this.#state.set('refused');
    else if (this.#state() === 'turning-on') this.#state.set('failed');
  }

  #key() {
    return this.#api.request('GET', '/api/push', { answer: pushInfo });
  }
}

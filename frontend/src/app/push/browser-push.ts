import { DestroyRef, inject, Service } from '@angular/core';
import type { Abilities } from './push-state';

/**
 * How long a browser may take to reach its push service, ms. Chromium's `subscribe` may never settle without internet
 * here, so its promise is given up rather than waited for.
 */
const SUBSCRIBE_MS = 15_000;

/** What a notification of ours keeps (frontend/worker/notification.ts). */
export interface NotificationFacts {
  readonly type?: string;
  readonly conversationId?: string;
  /** The message in it, where a page has shown it. */
  readonly seq?: number;
  readonly callId?: string;
}

/** The browser's half: Push API and Notifications API behind names of our own, so that specs can stand in for a browser. */
@Service()
export class BrowserPush {
  readonly #destroyed = inject(DestroyRef);
  #turn: Promise<unknown> = Promise.resolve();

  /** @param worker whether the service worker stands */
  abilities(worker: boolean): Abilities {
    return {
      push: 'PushManager' in window && 'serviceWorker' in navigator,
      worker,
      permission: 'Notification' in window ? Notification.permission : undefined,
      userAgent: navigator.userAgent,
      touchPoints: navigator.maxTouchPoints,
      installed: matchMedia('(display-mode: standalone)').matches,
    };
  }

  ask(): Promise<NotificationPermission> {
    return Notification.requestPermission();
  }

  async subscription(): Promise<PushSubscription | null> {
    try {
      return (await (await this.#registration())?.pushManager?.getSubscription()) ?? null;
    } catch {
      return null;
    }
  }

  /** Whether a subscription takes messages signed with this key (RFC 8292, 4). */
  isMadeWith({ options }: PushSubscription, publicKey: string): boolean {
    const key = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer());
    return (
      btoa(String.fromCharCode(...key))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace(/=+$/, '') === publicKey
    );
  }

  /** Null where the browser's push service is out of reach. One made with another key makes way. */
  async subscribe(publicKey: string): Promise<PushSubscription | null> {
    const worker = await this.#registration();
    const old = await this.subscription();
    if (worker === undefined) return null;
    if (old !== null && this.isMadeWith(old, publicKey)) return old;
    await old?.unsubscribe().catch(() => false);
    const tooLong = new Promise<null>(resolve => setTimeout(() => resolve(null), SUBSCRIBE_MS));
    const asked = worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
    return Promise.race([asked.catch(() => null), tooLong]);
  }

  async unsubscribe(): Promise<void> {
    await (await this.subscription())?.unsubscribe().catch(() => false);
  }

  /** Takes away the notifications of which this is true. */
  closeWhere(isOver: (facts: NotificationFacts) => boolean): Promise<void> {
    return this.#inTurn(async () => {
      const shown = (await (await this.#registration())?.getNotifications().catch(() => [])) ?? [];
      // Of this registration only our worker makes any.
      for (const one of shown) if (isOver((one.data ?? {}) as NotificationFacts)) one.close();
    });
  }

  /** Shows a notification by the worker, as only it may on some systems; answers false where there is none to do it. */
  show(title: string, options: NotificationOptions): Promise<boolean> {
    return this.#inTurn(async () => {
      const shown = (await this.#registration())?.showNotification(title, options);
      return shown === undefined ? false : shown.then(() => true).catch(() => false);
    });
  }

  /** The worker says that the browser has replaced the subscription. */
  onReplaced(told: () => void): void {
    this.onMessage('parley.subscription', told);
  }

  /** What our worker says to this page. */
  onMessage(type: string, told: (message: object) => void): void {
    const { serviceWorker } = navigator;
    const listen = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'object' && data !== null && 'type' in data && data.type === type) told(data);
    };
    serviceWorker?.addEventListener('message', listen);
    serviceWorker?.startMessages();
    this.#destroyed.onDestroy(() => serviceWorker?.removeEventListener('message', listen));
  }

  /** Chromium forgets a notification that is just being shown while others are asked for, and with it what its buttons do. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #registration(): Promise<ServiceWorkerRegistration | undefined> {
    // Refused where site data is blocked: nothing is shown there and nothing subscribed.
    return navigator.serviceWorker?.getRegistration().catch(() => undefined) ?? Promise.resolve(undefined);
  }
}

import { effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import * as z from 'zod/mini';
import { isInCall } from '#protocol/call-client-state';
import { callId, type CallId } from '#protocol/ids';
import { DOOR_MS } from '#protocol/limits';
import { callOf, doorOf, newSecret } from '../../../crypto/guest-link.ts';
import { GuestCalls } from '../crypto/guest-calls';
import { forgetRemembered, remember, remembered } from '../device/remembered';
import { type Heard } from '../signaling/said';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';

const KEY = 'parley.guest-links' as const;

const link = z.object({ callId, secret: z.string(), madeAt: z.number() });
/** A link for a guest that was made on this device; `madeAt` in ms since the epoch. */
export type GuestLink = z.infer<typeof link>;
const links = z.array(link);

function kept(): GuestLink[] {
  try {
    const read = links.safeParse(JSON.parse(remembered(KEY) ?? '[]'));
    return read.success ? read.data.filter(({ madeAt }) => Date.now() - madeAt < DOOR_MS) : [];
  } catch {
    return [];
  }
}

/**
 * Links for guests that this device has made. Their secrets are kept here and nowhere else, and the server is told of each again
 * after every welcome: it keeps them in memory alone.
 */
@Service()
export class GuestLinks {
  readonly #signaling = inject(Signaling);
  readonly #guests = inject(GuestCalls);
  readonly #links = signal<readonly GuestLink[]>(kept());
  readonly #known = signal<ReadonlySet<CallId>>(new Set());
  readonly #refused = signal(false);

  /** The newest first. */
  readonly links = this.#links.asReadonly();
  /** Those that the server knows now. */
  readonly known = this.#known.asReadonly();
  /** The last one was refused: too many are open. */
  readonly refused = this.#refused.asReadonly();

  constructor() {
    const call = inject(Call);
    effect(() => {
      const own = this.#links();
      for (const { callId: id, secret } of own) this.#guests.secrets.set(id, secret);
      if (own.length === 0) forgetRemembered(KEY);
      else remember(KEY, JSON.stringify(own));
    });
    // Who was let in has used it up.
    effect(() => {
      const state = call.state();
      if (isInCall(state)) untracked(() => this.#drop(state.callId));
    });
    this.#signaling.frames.pipe(takeUntilDestroyed()).subscribe(frame => this.#hear(frame));
    if (this.#signaling.status().is === 'live') this.#links().forEach(own => void this.#open(own));
  }

  async make(): Promise<void> {
    const secret = newSecret();
    const made = { callId: await callOf(secret), secret, madeAt: Date.now() };
    this.#refused.set(false);
    this.#links.update(others => [made, ...others]);
    await this.#open(made);
  }

  /** Closes a link: the server refuses later guests. */
  close(id: CallId): void {
    this.#signaling.send({ type: 'guest.close', callId: id });
    this.#drop(id);
  }

  async #open({ callId: id, secret }: GuestLink): Promise<void> {
    this.#signaling.send({ type: 'guest.open', callId: id, door: await doorOf(secret) });
  }

  #hear(frame: Heard): void {
    if (frame.type === 'welcome') {
      if (frame.how === 'resumed') return;
      this.#known.set(new Set());
      this.#links().forEach(own => void this.#open(own));
    } else if (frame.type === 'guest.link') {
      if (frame.ms === 0) this.#drop(frame.callId);
      else this.#known.update(others => new Set(others).add(frame.callId));
    } else if (frame.type === 'fault' && frame.re.type === 'guest.open' && frame.retryMs === undefined) {
      const own = this.#links().find(({ callId: id }) => id === frame.re.id);
      if (own === undefined) return;
      this.#refused.set(frame.code === 'out-of-bounds');
      this.#drop(own.callId);
    }
  }

  #drop(id: CallId): void {
    this.#links.update(all => (all.some(own => own.callId === id) ? all.filter(own => own.callId !== id) : all));
  }
}

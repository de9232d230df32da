import { createHash, randomBytes } from 'node:crypto';
import type { CallId, DeviceAddress } from '#protocol/ids';

/** What a token declines: one call, at one device. */
export type Declining = { seat: DeviceAddress; callId: CallId };

/** Tokens that decline a ring once, without a session. They live as long as the ring, in memory: no ring survives a restart. */
export class DeclineTokens {
  readonly #known = new Map<string, Declining & { until: number }>();

  /** 32 random bytes, base64url. */
  issue(declining: Declining, until: number): string {
    const token = randomBytes(32).toString('base64url');
    this.#known.set(hashOf(token), { ...declining, until });
    return token;
  }

  /** What this token declines; it does so once. */
  take(token: string, now: number): Declining | undefined {
    const hash = hashOf(token);
    const found = this.#known.get(hash);
    this.#known.delete(hash);
    return found === undefined || found.until <= now ? undefined : { seat: found.seat, callId: found.callId };
  }

  tick(now: number): void {
    for (const [hash, { until }] of this.#known) if (until <= now) this.#known.delete(hash);
  }

  forget(callId: CallId): void {
    for (const [hash, known] of this.#known) if (known.callId === callId) this.#known.delete(hash);
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

import { randomUUID } from 'node:crypto';
import type { Declining } from '../push/decline-tokens.ts';
import type { Timers } from '../timers.ts';
import type { Bus } from './bus.ts';
import type { Roster } from './roster.ts';
import type { Voice } from './voice.ts';

/** How long the others have to answer, in ms; who asks hears something within a second. */
const ANSWER_MS = 500;

export type DeclinesDeps = {
  bus: Pick<Bus, 'up'>;
  voice: Pick<Voice, 'toAll'>;
  roster: Pick<Roster, 'processes'>;
  /** What the token of a notification declines, if this process gave it. */
  declining: (token: string) => Declining | undefined;
  timers: Timers;
};

type Question = { silent: Set<string>; until: number; settle: (known: boolean) => void };

/** Tokens of notifications that came to another process than the one that gave them, which alone knows what they decline. */
export class Declines {
  readonly #open = new Map<string, Question>();
  readonly #deps: DeclinesDeps;

  constructor(deps: DeclinesDeps) {
    this.#deps = deps;
  }

  /** True when another process says that it gave this token; false when all have said no, or were silent for too long. */
  ask(token: string): Promise<boolean> {
    const { bus, roster, timers, voice } = this.#deps;
    const others = roster.processes();
    if (!bus.up || others.length === 0) return Promise.resolve(false);
    const question = randomUUID();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#open.set(question, { silent: new Set(others), until: timers.now() + ANSWER_MS, settle: resolve });
    voice.toAll({ kind: 'declining', question, token });
    return promise;
  }

  /** Another process asks; answers it, and here with what the token declines. */
  asked(question: string, token: string): Declining | undefined {
    const declining = this.#deps.declining(token);
    this.#deps.voice.toAll({ kind: 'declines', question, known: declining !== undefined });
    return declining;
  }

  answered(question: string, by: string, known: boolean): void {
    const open = this.#open.get(question);
    open?.silent.delete(by);
    if (known || open?.silent.size === 0) this.#settle(question, known);
  }

  /** To be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    for (const [question, { until }] of this.#open) if (until <= now) this.#settle(question, false);
  }

  #settle(question: string, known: boolean): void {
    this.#open.get(question)?.settle(known);
    this.#open.delete(question);
  }
}

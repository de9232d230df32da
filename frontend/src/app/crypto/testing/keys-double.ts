import { signal } from '@angular/core';
import { Subject } from 'rxjs';
import { type Message } from '#protocol/chat-frames';
import { type Content, contentOf, dataOf } from '#protocol/content/kinds';
import { type ListRefusal } from '#protocol/crypto/device-list';
import { type UserId } from '#protocol/ids';
import { ok } from '#protocol/result';
import type { KeptEvent } from '../../../../crypto/arrived.ts';
import { type Restoring } from '../key-backup';
import { type Plain } from '../opened';
import { OwnKeys, type KeyState, type OwedCode } from '../own-keys';

/** Keys that are there at once, of a machine that seals nothing: specs of what is written and read. */
export class KeysDouble {
  readonly state = signal<KeyState>('own');
  readonly plain = signal<Plain>('everywhere');
  readonly hasOpened = signal(true);
  readonly owedCode = signal<OwedCode | null>(null);
  readonly isRestored = signal(true);
  readonly restoring = signal<Restoring | 'refused' | null>(null);
  readonly came = new Subject<void>();
  readonly events = new Subject<readonly KeptEvent[]>();
  readonly noticed = new Subject<{ userId: UserId; refusal: ListRefusal }>();
  /** How often events were acted on. */
  acted = 0;
  /** Verbs in place of these. */
  readonly verbs: Record<string, (input: never) => unknown> = {
    giveUp: () => null,
    countAnew: () => null,
    seal: ({ content }: { content: Content }) => ok(dataOf(content)),
    read: ({ data }: Message) => ok({ content: contentOf(data), known: { how: 'signed' } }),
  };

  async ask(verb: string, input: unknown): Promise<unknown> {
    const act = this.verbs[verb];
    if (!act) throw new Error(`the spec has no verb ${verb}`);
    return act(input as never);
  }
  async settled(): Promise<void> {}
  isDue(): boolean {
    return false;
  }
  async actedOn(): Promise<void> {
    this.acted++;
  }
  backUpSoon(): void {}
  async removeDevices(): Promise<void> {}
  async passwordChanged(): Promise<void> {}
  changed(): void {
    this.came.next();
  }
}

export const provideKeys = (keys = new KeysDouble()) => ({ provide: OwnKeys, useValue: keys });

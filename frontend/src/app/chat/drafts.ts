import { inject, Injectable, signal } from '@angular/core';
import { type ConversationId } from '#protocol/ids';
import { LocalChat } from './local-chat';

/** A draft is written to the database when its writer pauses for this long, ms. */
const PAUSE_MS = 400;

/** What was typed and not sent, by conversation; kept over reloads. */
@Injectable({ providedIn: 'root' })
export class Drafts {
  readonly #local = inject(LocalChat);
  readonly #texts = signal<ReadonlyMap<ConversationId, string>>(new Map());
  readonly #timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();

  async load(): Promise<void> {
    const kept = await this.#local.drafts();
    this.#texts.update(now => new Map([...kept, ...now]));
  }

  of(id: ConversationId): string {
    return this.#texts().get(id) ?? '';
  }

  /** @param text '' once it was sent */
  set(id: ConversationId, text: string): void {
    if (text === this.of(id)) return;
    this.#texts.update(now => new Map(now).set(id, text));
    clearTimeout(this.#timers.get(id));
    const save = (): void => void this.#local.saveDraft(id, text).catch(() => undefined);
    // A draft that was sent must not come back after a crash.
    if (text === '') save();
    else this.#timers.set(id, setTimeout(save, PAUSE_MS));
  }
}

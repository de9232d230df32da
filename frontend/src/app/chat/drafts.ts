import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import { type ConversationId } from '#protocol/ids';
import { PageReload } from '../worker/page-reload';
import { LocalChat } from './local-chat';

/** A draft is written to the database when its writer pauses for this long, ms. */
const PAUSE_MS = 400;

/** What was typed and not sent, by conversation; kept over reloads. */
@Injectable({ providedIn: 'root' })
export class Drafts {
  readonly #local = inject(LocalChat);
  readonly #texts = signal<ReadonlyMap<ConversationId, string>>(new Map());
  readonly #timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();

  constructor() {
    inject(PageReload).before(() => this.keep());
    // A page that is put away may never be looked at again.
    fromEvent(document, 'visibilitychange')
      .pipe(takeUntilDestroyed())
      .subscribe(() => void this.keep());
  }

  /** Writes at once what waits for its writer to pause. */
  async keep(): Promise<void> {
    const waiting = [...this.#timers.keys()];
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.allSettled(waiting.map(id => this.#local.saveDraft(id, this.of(id))));
  }

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
    this.#timers.delete(id);
    const save = (): void => {
      this.#timers.delete(id);
      void this.#local.saveDraft(id, text).catch(() => undefined);
    };
    // A draft that was sent must not come back after a crash.
    if (text === '') save();
    else this.#timers.set(id, setTimeout(save, PAUSE_MS));
  }
}

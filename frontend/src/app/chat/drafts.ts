import { inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import { type ConversationId } from '#protocol/ids';
import { PageReload } from '../worker/page-reload';
import { LocalChat } from './local-chat';
import { Unkept } from './unkept';

/** While somebody types, a draft is written to the database this often, ms: no more than that can be lost. */
const EVERY_MS = 400;

const keyOf = (id: ConversationId): string => `draft ${id}`;

/** What was typed and not sent, by conversation; kept over reloads. */
@Service()
export class Drafts {
  readonly #local = inject(LocalChat);
  readonly #unkept = inject(Unkept);
  readonly #texts = signal<ReadonlyMap<ConversationId, string>>(new Map());
  /** Written a moment ago, and those of them that have changed since. */
  readonly #written = new Set<ConversationId>();
  readonly #changed = new Set<ConversationId>();
  #writing: Promise<void> = Promise.resolve();

  constructor() {
    inject(PageReload).before(() => this.keep());
    // A page that is put away may never be looked at again.
    fromEvent(document, 'visibilitychange')
      .pipe(takeUntilDestroyed())
      .subscribe(() => void this.keep());
  }

  /** Writes at once what is not written yet; resolves when everything is. */
  keep(): Promise<void> {
    for (const id of this.#changed) this.#write(id);
    // The database writes in order, so the last is there when all are.
    return this.#writing;
  }

  async load(): Promise<void> {
    const kept = await this.#local.drafts();
    this.#texts.update(now => new Map([...kept, ...now]));
  }

  of(id: ConversationId): string {
    return this.#texts().get(id) ?? '';
  }

  /** Whether what stands there would be lost with this page: the database is full or refuses. */
  isUnkept(id: ConversationId): boolean {
    return this.of(id) !== '' && this.#unkept.has(keyOf(id));
  }

  /** @param text '' once it was sent */
  set(id: ConversationId, text: string): void {
    if (text === this.of(id)) return;
    this.#texts.update(now => new Map(now).set(id, text));
    // A draft that was sent must not come back after a crash.
    if (text === '' || !this.#written.has(id)) this.#write(id);
    else this.#changed.add(id);
  }

  #write(id: ConversationId): void {
    this.#changed.delete(id);
    if (!this.#written.has(id)) setTimeout(() => this.#again(id), EVERY_MS);
    this.#written.add(id);
    this.#writing = this.#unkept.write(keyOf(id), () => this.#local.saveDraft(id, this.of(id)));
  }

  #again(id: ConversationId): void {
    this.#written.delete(id);
    if (this.#changed.has(id)) this.#write(id);
  }
}

import { Component, computed, inject, signal } from '@angular/core';
import { laterWords } from '../i18n/later-words';
import { type Key } from '../i18n/words';
import { type Refusal, StorageState } from './device/storage-state';

const SENTENCES: Record<Refusal, Key> = {
  identity: 'account.storage.identity',
  messages: 'account.storage.messages',
  newer: 'account.storage.newer',
};

/** Says what the browser refuses to keep, what that costs, and what to change; over every page until it is closed. */
@Component({
  selector: 'parley-storage-notice',
  template: `
    @if (sentence(); as key) {
      <section role="alert" [attr.aria-label]="t(title())">
        <p class="title">{{ t(title()) }}</p>
        <p>{{ t(key, { host }) }}</p>
        <button class="button small text" type="button" (click)="close()">{{ t('account.storage.close') }}</button>
      </section>
    }
  `,
  styles: `
    section {
      position: fixed;
      z-index: 25;
      inset-block-end: calc(16px + var(--safe-bottom));
      inset-inline: 16px;
      display: grid;
      gap: 6px;
      max-width: 420px;
      margin: 0 auto;
      padding: 14px 20px 8px;
      border-radius: var(--radius-large);
      background: var(--surface-high);
      box-shadow: var(--shadow);
    }

    /* Beside the form of a door, whose button it would cover in the middle. */
    @media (width >= 1280px) {
      section {
        inset-inline: auto 16px;
      }
    }

    .title {
      font-weight: 600;
    }

    button {
      justify-self: end;
    }
  `,
})
export class StorageNotice {
  readonly #storage = inject(StorageState);
  protected readonly t = laterWords();
  /** As it stands in the browser's list of sites. */
  protected readonly host = location.host;
  readonly #closed = signal<Refusal | undefined>(undefined);
  protected readonly sentence = computed(() => {
    const refusal = this.#storage.refusal();
    return refusal && refusal !== this.#closed() ? SENTENCES[refusal] : undefined;
  });

  protected readonly title = computed<Key>(() =>
    this.#storage.refusal() === 'newer' ? 'account.storage.newerTitle' : 'account.storage.title',
  );

  protected close(): void {
    this.#closed.set(this.#storage.refusal());
  }
}

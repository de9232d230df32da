import { Component, inject, resource, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { APPROVED_TYPE, approvedEvent } from '#protocol/crypto/approving';
import type { KeptEvent } from '../../../crypto/arrived.ts';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { Account } from '../account/account';
import { OwnKeys } from '../crypto/own-keys';
import { QrCode } from '../look/qr-code';
import { KeyDoor } from './key-door';

/** The code by which another device of this person approves this one; it opens by itself when that has sent what opens it. */
@Component({
  selector: 'parley-key-device',
  imports: [QrCode],
  template: `
    @if (shown.status() === 'error') {
      <p class="note bad" role="alert">{{ t('keys.device.none') }}</p>
    } @else {
      <parley-qr-code [text]="shown.value()?.code" [label]="t('keys.device.code')" />
      <p class="dim" role="status">{{ t(door.busy() ? 'keys.open.busy' : 'keys.device.waiting') }}</p>
    }
    <div role="alert">
      @if (fault(); as key) {
        <p class="note bad">{{ t(key) }}</p>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 12px;
      text-align: center;
    }
  `,
})
export class KeyDevice {
  readonly #keys = inject(OwnKeys);
  readonly #account = inject(Account);
  protected readonly t = laterWords();
  protected readonly door = inject(KeyDoor);
  protected readonly fault = signal<Key | null>(null);
  /** As long as it is shown, and no longer, the code opens something. */
  protected readonly shown = resource({ loader: () => this.#keys.ask('deviceCode', null) });

  constructor() {
    this.#keys.events.pipe(takeUntilDestroyed()).subscribe(events => void this.#hear(events));
  }

  async #hear(events: readonly KeptEvent[]): Promise<void> {
    const { secret } = this.shown.value() ?? {};
    const own = events.filter(({ from, type }) => type === APPROVED_TYPE && from.userId === this.#account.me()?.id);
    // The last one: what was sent to a code that is not shown any more does not open.
    const sent = approvedEvent.safeParse(own.at(-1)?.content);
    if (secret === undefined || !sent.success) return;
    this.fault.set(await this.door.try(keys => keys.approved(secret, sent.data.box)));
  }
}

import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import { type DeviceId } from '#protocol/ids';
import { laterWords } from '../../i18n/later-words';
import { Api } from '../account/api';
import { listDevices } from '../account/device-list';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallElsewhere, type Elsewhere } from './call-elsewhere';
import { Peer } from './peer';

/** The call that goes on at another device of this person, with one button that takes it over. */
@Component({
  selector: 'parley-move-here',
  imports: [Icon],
  host: { '[attr.role]': "call() ? 'region' : null", '[attr.aria-label]': 'sentence()' },
  template: `
    <p class="unseen" role="status">{{ sentence() }}</p>
    @if (call(); as call) {
      <div class="bar">
        <parley-icon [svg]="call.media === 'video' ? icons.video : icons.phone" />
        <span class="text" aria-hidden="true">
          <strong>{{ t('call.move.in', { name: name() }) }}</strong>
          <small>{{ where() }}</small>
        </span>
        <button type="button" (click)="move(call)">{{ t('call.move.here') }}</button>
      </div>
    }
  `,
  styles: `
    .bar {
      display: flex;
      align-items: center;
      gap: 14px;
      margin: calc(12px + var(--safe-top)) calc(12px + var(--safe-right)) 4px calc(12px + var(--safe-left));
      padding: 10px 10px 10px 16px;
      border-radius: 26px;
      background: var(--primary);
      color: var(--on-primary);
      animation: appear var(--slow) var(--ease);
    }

    .bar :focus-visible {
      outline-color: var(--on-primary);
    }

    parley-icon {
      --icon-size: 22px;
      flex: none;
    }

    .text {
      flex: 1;
      min-width: 0;
      overflow-wrap: anywhere;
    }

    strong,
    small {
      display: block;
    }

    strong {
      font-weight: 600;
    }

    button {
      flex: none;
      min-height: var(--target);
      padding: 0 18px;
      border: 0;
      border-radius: 22px;
      background: var(--on-primary);
      color: var(--primary);
      font-weight: 600;
      cursor: pointer;
    }

    button:hover {
      opacity: 0.9;
    }
  `,
})
export class MoveHere {
  readonly #api = inject(Api);
  readonly #peer = inject(Peer);
  readonly #own = inject(Call);
  readonly #devices = signal<ReadonlyMap<DeviceId, string>>(new Map());
  protected readonly call = inject(CallElsewhere).call;
  protected readonly t = laterWords();
  protected readonly icons = { phone, video };
  protected readonly name = computed(() => this.#peer.personOf(this.call()?.peerId).displayName);
  readonly #device = computed(() => this.call()?.deviceId);
  protected readonly where = computed(() => {
    const device = this.#devices().get(this.#device() as DeviceId);
    return device === undefined ? this.t('call.move.elsewhere') : this.t('call.move.on', { device });
  });
  protected readonly sentence = computed(() =>
    this.call() === null ? null : `${this.t('call.move.in', { name: this.name() })} ${this.where()}`,
  );

  constructor() {
    effect(() => {
      const device = this.#device();
      if (device !== undefined && !untracked(this.#devices).has(device)) untracked(() => void this.#nameDevices());
    });
  }

  protected move({ callId, peerId, media }: Elsewhere): void {
    this.#own.dispatch({ type: 'move', callId, peerId, media });
  }

  async #nameDevices(): Promise<void> {
    const devices = await listDevices(this.#api);
    if (devices.ok) this.#devices.set(new Map(devices.value.map(({ id, name }) => [id, name])));
  }
}

import { Component, computed, inject } from '@angular/core';
import arrowLeftRight from 'lucide-static/icons/arrow-left-right.svg';
import pause from 'lucide-static/icons/pause.svg';
import phone from 'lucide-static/icons/phone.svg';
import { canResume } from '#protocol/call-client';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { Peer } from './peer';

/** The call that is on hold beside the current one: who, and two ways on. */
@Component({
  selector: 'parley-held-strip',
  imports: [Icon],
  host: { role: 'group', '[attr.aria-label]': "t('call.held.own', names())" },
  template: `
    <parley-icon [svg]="icons.pause" />
    <span class="text">
      <strong class="cut">{{ names().name }}</strong>
      <small>{{ t('call.held.short') }}</small>
    </span>
    <button
      [disabled]="!swaps()"
      [attr.aria-label]="t('call.held.swapTo', names())"
      (click)="call.dispatch({ type: 'resume' })"
    >
      <parley-icon [svg]="icons.arrowLeftRight" />{{ t('call.held.swap') }}
    </button>
    <button
      class="end"
      [attr.aria-label]="t('call.held.endWith', names())"
      (click)="call.dispatch({ type: 'end-held' })"
    >
      <parley-icon [svg]="icons.phone" />{{ t('call.held.end') }}
    </button>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 10px;
      max-width: 100%;
      padding: 4px 4px 4px 14px;
      border-radius: 26px;
      background: #0b1110d9;
      color: #ffffff;
      font-size: 14.5px;
    }

    .text {
      flex: 1;
      min-width: 0;
    }

    strong,
    small {
      display: block;
    }

    strong {
      font-weight: 600;
    }

    small {
      font-size: 13px;
      color: #ffffffc2;
    }

    parley-icon {
      --icon-size: 18px;
      flex: none;
    }

    button {
      display: flex;
      flex: none;
      align-items: center;
      gap: 8px;
      min-height: var(--target);
      padding: 0 14px;
      border: 0;
      border-radius: 22px;
      background: #ffffff24;
      color: #ffffff;
      font-weight: 600;
      cursor: pointer;
    }

    button:hover {
      background: #ffffff38;
    }

    .end {
      background: var(--hang-up);
    }

    .end parley-icon {
      rotate: 135deg;
    }
  `,
})
export class HeldStrip {
  readonly #peer = inject(Peer);
  protected readonly call = inject(Call);
  protected readonly t = laterWords();
  protected readonly icons = { arrowLeftRight, pause, phone };
  protected readonly names = computed(() => ({
    name: this.#peer.personOf(this.call.held()?.peerId).displayName,
    current: this.#peer.name(),
  }));
  protected readonly swaps = computed(() => canResume(this.call.calls()));
}

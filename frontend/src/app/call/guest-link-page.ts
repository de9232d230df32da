import { Component, computed, inject } from '@angular/core';
import { Dates } from '../../i18n/dates';
import { guestWords } from '../../i18n/guest-words';
import { DOOR_MS } from '#protocol/limits';
import { HandedLink } from '../look/handed-link';
import { PageHeader } from '../look/page-header';
import { Signaling } from '../signaling/signaling';
import { type GuestLink, GuestLinks } from './guest-links';

/** A call with somebody who has no account: the link to hand out, and those that can still be used. */
@Component({
  selector: 'parley-guest-link-page',
  imports: [HandedLink, PageHeader],
  template: `
    <section class="page" [attr.aria-label]="t('guest.invite')">
      <parley-page-header [title]="t('guest.invite')" back="/calls" />
      <div class="page-scroll">
        <div class="page-body narrow">
          <p class="dim lead">{{ t('guest.lead') }}</p>
          @for (link of links.links(); track link.callId) {
            <div class="card" role="group" [attr.aria-label]="t('guest.link')">
              <parley-handed-link [link]="addressOf(link)" [label]="t('guest.code')" [words]="t('guest.shareText')">
                <p class="dim small" role="status">
                  {{
                    links.known().has(link.callId)
                      ? t('guest.until', { when: dates.moment(link.madeAt + life) })
                      : t('guest.opening')
                  }}
                </p>
              </parley-handed-link>
              <button class="button small text danger" type="button" (click)="links.close(link.callId)">
                {{ t('guest.close') }}
              </button>
            </div>
          }
          <div role="alert">
            @if (links.refused()) {
              <p class="note bad">{{ t('guest.tooMany') }}</p>
            }
          </div>
          <button class="button wide" [class.text]="links.links().length > 0" type="button" (click)="links.make()">
            {{ t(links.links().length > 0 ? 'guest.another' : 'guest.make') }}
          </button>
          <p class="dim small">{{ t('guest.hereAlone') }}</p>
        </div>
      </div>
    </section>
  `,
  styles: `
    .lead {
      margin-bottom: 16px;
    }

    .card {
      display: grid;
      justify-items: center;
      gap: 8px;
      margin-bottom: 16px;
      padding: 16px;
    }

    .wide + p {
      margin-top: 16px;
    }
  `,
})
export class GuestLinkPage {
  readonly #signaling = inject(Signaling);
  protected readonly links = inject(GuestLinks);
  protected readonly dates = inject(Dates);
  protected readonly t = guestWords();
  protected readonly life = DOOR_MS;
  /** By which name others reach this server. */
  readonly #origin = computed(() => this.#signaling.welcome()?.origins[0] ?? location.origin);

  protected addressOf({ secret }: GuestLink): string {
    return `${this.#origin()}/guest#${secret}`;
  }
}

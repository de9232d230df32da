import { Component, computed, inject, signal } from '@angular/core';
import moon from 'lucide-static/icons/moon.svg';
import { Dates, midnight } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { type Contact } from '#protocol/api/contacts';
import { Contacts } from '../contacts/contacts';
import { Icon } from '../look/icon';
import { DoNotDisturb } from '../push/do-not-disturb';
import { SwitchRow } from './switch-row';

const HOUR_MS = 3_600_000;
/** When an evening is over, in hours of the day. */
const EVENING_ENDS = 22;
const NIGHT = { from: 22 * 60, to: 7 * 60 };

/** "07:05" of a minute of the day, and back. */
const timeOf = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map(part => String(part).padStart(2, '0')).join(':');
function minuteOf(time: string): number | undefined {
  const [hours, minutes] = time.split(':').map(Number);
  return hours === undefined || minutes === undefined || Number.isNaN(hours + minutes)
    ? undefined
    : hours * 60 + minutes;
}

/** Do not disturb: for a time in one tap, every day between two times, and who comes through. */
@Component({
  selector: 'parley-quiet-settings',
  imports: [Icon, SwitchRow],
  template: `
    <section class="quiet" [class.on]="dnd.until() !== null" aria-labelledby="quiet-title">
      <parley-icon [svg]="moon" />
      <div>
        <h2 id="quiet-title">{{ t('settings.quiet.title') }}</h2>
        <p role="status">{{ state() }}</p>
      </div>
      <div class="times">
        @for (choice of choices; track choice) {
          <button class="time" type="button" [attr.aria-pressed]="choice === chosen()" (click)="choose(choice)">
            {{ t(names[choice]) }}
          </button>
        }
        @if (dnd.until() !== null) {
          <button class="time" type="button" (click)="dnd.change({ now: null })">
            {{ t('settings.quiet.turnOff') }}
          </button>
        }
      </div>
    </section>
    <div class="card hours">
      <parley-switch-row
        [label]="t('settings.quiet.hours')"
        [hint]="t('settings.quiet.hoursHint')"
        [on]="dnd.hours() !== null"
        (changed)="dnd.change({ hours: $event ? night : null })"
      />
      @if (dnd.hours(); as hours) {
        <div class="between">
          <label>
            {{ t('settings.quiet.from') }}
            <input #from type="time" required [value]="timeOf(hours.from)" (change)="set({ from: from.value })" />
          </label>
          <label>
            {{ t('settings.quiet.to') }}
            <input #to type="time" required [value]="timeOf(hours.to)" (change)="set({ to: to.value })" />
          </label>
        </div>
      }
    </div>
    <h2 class="group">{{ t('settings.quiet.through') }}</h2>
    <div class="card through">
      <div class="row acting">
        <span class="row-text">
          <span class="row-name">{{ t('settings.quiet.close') }}</span>
          <span class="row-line wrap">{{ close() }}</span>
        </span>
        <button
          class="button small tonal"
          type="button"
          aria-controls="close-people"
          [attr.aria-expanded]="picking()"
          (click)="picking.set(!picking())"
        >
          {{ t(picking() ? 'settings.quiet.done' : 'settings.quiet.choose') }}
        </button>
      </div>
      <div id="close-people" [hidden]="!picking()">
        @for (contact of contacts(); track contact.person.id) {
          <parley-switch-row
            [label]="contact.person.displayName"
            [on]="isClose(contact)"
            (changed)="letThrough(contact, $event)"
          />
        } @empty {
          <p class="nobody dim">{{ t('settings.quiet.noContacts') }}</p>
        }
      </div>
      <parley-switch-row
        [label]="t('settings.quiet.again')"
        [hint]="t('settings.quiet.againHint')"
        [on]="dnd.again()"
        (changed)="dnd.change({ again: $event })"
      />
    </div>
  `,
  styleUrl: './quiet-settings.css',
})
export class QuietSettings {
  protected readonly dnd = inject(DoNotDisturb);
  protected readonly t = laterWords();
  protected readonly moon = moon;
  protected readonly night = NIGHT;
  protected readonly timeOf = timeOf;
  protected readonly choices = ['hour', 'evening', 'until-off'] as const;
  protected readonly names = {
    hour: 'settings.quiet.hour',
    evening: 'settings.quiet.evening',
    'until-off': 'settings.quiet.untilOff',
  } as const;
  readonly #dates = inject(Dates);

  readonly #list = inject(Contacts).list;
  protected readonly picking = signal(false);
  protected readonly contacts = computed(() => this.#list().accepted);
  /** Those whom one still has as contacts. */
  protected readonly close = computed(() => {
    const names = this.contacts().filter(one => this.isClose(one));
    return names.length === 0
      ? this.t('settings.quiet.closeNone')
      : names.map(({ person }) => person.displayName).join(', ');
  });

  /** What was chosen since this page is open: after a while an hour is no longer one. */
  readonly #picked = signal<(typeof this.choices)[number] | undefined>(undefined);
  protected readonly chosen = computed(() => {
    const until = this.dnd.until();
    return until === null || until === 'until-off' ? (until ?? undefined) : this.#picked();
  });
  protected readonly state = computed(() => {
    const until = this.dnd.until();
    if (until === null) return this.t('settings.quiet.off');
    return until === 'until-off'
      ? this.t('settings.quiet.on')
      : this.t('settings.quiet.onUntil', { time: this.#dates.moment(until) });
  });

  protected isClose({ person }: Contact): boolean {
    return this.dnd.people().some(({ id }) => id === person.id);
  }

  protected letThrough({ person, conversationId }: Contact, isHeard: boolean): void {
    this.dnd.letThrough({ id: person.id, conversationId }, isHeard);
  }

  protected choose(choice: (typeof this.choices)[number]): void {
    const now = Date.now();
    this.#picked.set(choice);
    const evening = midnight(now) + EVENING_ENDS * HOUR_MS;
    const ends = { hour: now + HOUR_MS, evening: evening > now ? evening : evening + 24 * HOUR_MS };
    this.dnd.change({ now: choice === 'until-off' ? choice : ends[choice] });
  }

  protected set(times: { readonly from?: string; readonly to?: string }): void {
    const hours = this.dnd.hours();
    if (hours === null) return;
    const from = minuteOf(times.from ?? '') ?? hours.from;
    const to = minuteOf(times.to ?? '') ?? hours.to;
    this.dnd.change({ hours: { from, to } });
  }
}

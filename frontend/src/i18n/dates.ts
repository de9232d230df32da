import { computed, inject, Service } from '@angular/core';
import { Clock } from './clock';
import { Words } from './words';

const DAY_MS = 86_400_000;

/** Calendar days from one moment to another, in this device's time zone. */
export function daysBetween(from: number, to: number): number {
  // Rounded, because a day on which the clocks change is 23 or 25 hours long.
  return Math.round((midnight(to) - midnight(from)) / DAY_MS);
}

/** The midnight that begins the day, or one `days` later. */
export const midnight = (at: number, days = 0): number => new Date(at).setHours(24 * days, 0, 0, 0);

/** So long a message is said to have come "now", ms. */
const NOW_MS = 60_000;

/** Dates and durations as the chosen language writes them. Times are ms since the epoch. */
@Service()
export class Dates {
  readonly #words = inject(Words);
  readonly #clock = inject(Clock);
  readonly #formats = new Map<string, Intl.DateTimeFormat>();

  /** The midnight that began this day. */
  readonly today = computed(() => midnight(this.#clock.read(tomorrow)));

  /** "18:02" */
  time(at: number): string {
    return this.#format({ hour: '2-digit', minute: '2-digit' }, at);
  }

  /** What a list says: "now", "18:02", "Tue", "3 Mar", "3 Mar 2024". */
  stamp(at: number, now: number = this.#clock.read(now => stampChange(at, now))): string {
    const days = daysBetween(at, now);
    if (Math.abs(now - at) < NOW_MS) return this.#words.t('app.now');
    if (days === 0) return this.time(at);
    if (days > 0 && days < 7) return this.#format({ weekday: 'short' }, at);
    return this.#date(at, now, 'short');
  }

  /** What stands between the days of a conversation: "Today", "Yesterday", "Tuesday", "3 March". */
  day(at: number, now: number = this.#clock.read(tomorrow)): string {
    const days = daysBetween(at, now);
    if (days === 0) return this.#words.t('app.today');
    if (days === 1) return this.#words.t('app.yesterday');
    if (days > 0 && days < 7) return this.#format({ weekday: 'long' }, at);
    return this.#date(at, now, 'long');
  }

  /** Within a sentence, and also to come: "18:02", "yesterday, 18:02", "Tuesday, 18:02", "3 March, 18:02". */
  moment(at: number, now: number = this.#clock.read(tomorrow)): string {
    const time = this.time(at);
    const days = daysBetween(at, now);
    if (days === 0) return time;
    if (days === 1) return this.#words.t('app.yesterdayAt', { time });
    if (days === -1) return this.#words.t('app.tomorrowAt', { time });
    const day = Math.abs(days) < 7 ? this.#format({ weekday: 'long' }, at) : this.#date(at, now, 'long');
    return `${day}, ${time}`;
  }

  #date(at: number, now: number, month: 'short' | 'long'): string {
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return this.#format({ day: 'numeric', month, ...(sameYear ? {} : { year: 'numeric' }) }, at);
  }

  // Making a format costs far more than using it, and a list uses the same few again and again.
  #format(options: Intl.DateTimeFormatOptions, at: number): string {
    const locale = this.#words.locale();
    const key = locale + JSON.stringify(options);
    let format = this.#formats.get(key);
    if (!format) this.#formats.set(key, (format = new Intl.DateTimeFormat(locale, options)));
    return format.format(at);
  }
}

const tomorrow = (now: number): number => midnight(now, 1);

/** When the stamp of something changes next: it is "now" for a minute, whichever clock is ahead. */
const stampChange = (at: number, now: number): number =>
  Math.min(...[at - NOW_MS + 1, at + NOW_MS, tomorrow(now)].filter(change => change > now));

/** How long something lasted, ms, as a clock: "0:07", "12:47", "1:02:03". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const padded = (part: number) => String(part).padStart(2, '0');
  const tail = `${hours > 0 ? padded(minutes) : minutes}:${padded(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

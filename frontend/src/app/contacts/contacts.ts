import { computed, effect, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import * as z from 'zod/mini';
import type { Person } from '#protocol/api/account';
import { type Contact, contact, type ContactState } from '#protocol/api/contacts';
import { type Page } from '#protocol/api/page';
import type { UserId } from '#protocol/ids';
import { PAGE_ROWS } from '#protocol/limits';
import { ok, type Result } from '#protocol/result';
import { Words } from '../../i18n/words';
import { Api } from '../account/api';
import type { Failure, Method } from '../account/fetch-json';
import { LocalDatabase } from '../device/local-database';
import { Badges } from '../look/badges';
import { Signaling } from '../signaling/signaling';
import { listContacts } from './contact-list';

const contactNow = z.object({ contact: z.optional(contact) });

/** What one can do about a contact; `request` also accepts a crossing request. */
export type ContactChange = 'accept' | 'decline' | 'block' | 'unblock' | 'remove' | 'request';

type ListStatus = 'loading' | 'ready' | 'failed';

/** What is on the screen stays there. */
const orFailed = (status: ListStatus): ListStatus => (status === 'ready' ? status : 'failed');

/**
 * The people this person knows: shown from this device at once, fetched again whenever the server says that something
 * has changed, and kept for the next start without a network.
 */
@Service()
export class Contacts {
  readonly #api = inject(Api);
  readonly #database = inject(LocalDatabase);
  readonly #badges = inject(Badges);
  readonly #words = inject(Words);
  readonly #known = signal<ReadonlyMap<UserId, Contact>>(new Map());
  readonly #status = signal<ListStatus>('loading');
  #fetching: Promise<void> | undefined;
  #again = false;

  /** `ready` once there is something to show, from the device or the server; `failed` while there is nothing. */
  readonly status = this.#status.asReadonly();
  readonly list = computed(() => listContacts([...this.#known().values()], this.#words.language()));

  constructor() {
    const signaling = inject(Signaling);
    signaling.frames.pipe(takeUntilDestroyed()).subscribe(frame => {
      const missed = frame.type === 'welcome' && frame.how !== 'resumed';
      if (missed || frame.type === 'contacts.changed') void this.refresh();
    });
    effect(() => {
      if (signaling.status().is === 'waiting') this.#status.update(orFailed);
    });
    effect(() => this.#badges.contacts.set(this.list().incoming.length));
    void this.#load();
  }

  of(userId: UserId): Contact | undefined {
    return this.#known().get(userId);
  }

  /** undefined for a stranger. */
  stateOf(userId: UserId): ContactState | undefined {
    return this.of(userId)?.state;
  }

  person(userId: UserId): Person | undefined {
    return this.of(userId)?.person;
  }

  /** Somebody a list names, as they are called now: by the contact list, else as the list has them. */
  asKnown(person: Person): Person {
    const known = this.person(person.id) ?? person;
    return known.deleted ? { ...known, displayName: this.#words.t('contacts.deleted') } : known;
  }

  /** Fetches the list; a change that is told meanwhile makes it fetch once more. */
  refresh(): Promise<void> {
    if (this.#fetching) this.#again = true;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
      if (this.#again) void this.refresh();
    });
    return this.#fetching;
  }

  async change(userId: UserId, change: ContactChange): Promise<Result<Contact | undefined, Failure>> {
    const [method, path]: [Method, string] =
      change === 'request'
        ? ['POST', '/api/contacts']
        : change === 'remove'
          ? ['DELETE', `/api/contacts/${userId}`]
          : ['POST', `/api/contacts/${userId}/${change}`];
    const body = change === 'request' ? { body: { userId } } : {};
    const outcome = await this.#api.request(method, path, { ...body, answer: contactNow });
    if (!outcome.ok) return outcome;
    // A list that is on its way may be older than this.
    if (this.#fetching) this.#again = true;
    const now = outcome.value.contact;
    const known = new Map(this.#known());
    if (now) known.set(userId, now);
    else known.delete(userId);
    await this.#keep(known);
    return ok(now);
  }

  async #load(): Promise<void> {
    const kept = await this.#database.use(db => db.table<Contact>('contacts').toArray()).catch(() => []);
    if (this.#status() === 'ready' || kept.length === 0) return;
    this.#known.set(new Map(kept.map(one => [one.person.id, one])));
    this.#status.set('ready');
  }

  async #fetch(): Promise<void> {
    this.#again = false;
    const known = new Map<UserId, Contact>();
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const outcome = await this.#api.request<Page<Contact>>('GET', `/api/contacts?limit=${PAGE_ROWS}${query}`, {
        row: contact,
      });
      if (!outcome.ok) return this.#status.update(orFailed);
      for (const one of outcome.value.items) known.set(one.person.id, one);
      cursor = outcome.value.next;
    }
    await this.#keep(known);
    this.#status.set('ready');
  }

  async #keep(known: ReadonlyMap<UserId, Contact>): Promise<void> {
    this.#known.set(known);
    // The list on screen is right without the device's copy, which only the next start needs.
    const rows = [...known.values()];
    await this.#database
      .use(db =>
        db.transaction(['contacts'], async () => {
          await db.table<Contact>('contacts').clear();
          await db.table<Contact>('contacts').bulkPut(rows);
        }),
      )
      .catch(() => undefined);
  }
}

import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter } from 'rxjs';
import type { Device } from '#protocol/api/account';
import { type DeviceId } from '#protocol/ids';
import type { Result } from '#protocol/result';
import type { Failure } from '../account/fetch-json';
import { LocalDatabase } from '../device/local-database';
import { type LocalTable } from '../device/local-tables';
import { OwnKeys } from '../crypto/own-keys';
import { Signaling } from '../signaling/signaling';
import { OwnAccount } from './own-account';

/**
 * The devices of this account, as the server lists them: asked for with each connection and each `devices.changed`. Which of
 * them a person has confirmed is kept on this device alone: another device must not be able to answer for itself.
 */
@Service()
export class OwnDevices {
  readonly #own = inject(OwnAccount);
  readonly #keys = inject(OwnKeys);
  readonly #database = inject(LocalDatabase);
  readonly #signaling = inject(Signaling);
  readonly #all = signal<readonly Device[] | undefined>(undefined);
  readonly #failure = signal<Failure | undefined>(undefined);
  readonly #confirmed = signal<ReadonlySet<DeviceId>>(new Set());
  /** Counts the looks, so that a late answer does not undo a later one. */
  #look = 0;
  /** The last look that has its answer; behind `#look` while one is asked. */
  #answered = 0;

  /** Undefined before the first answer. */
  readonly all = this.#all.asReadonly();
  /** Why the last look brought nothing. */
  readonly failure = this.#failure.asReadonly();
  /** Those that signed in after this one and were not confirmed here, the first to sign in first. */
  readonly unconfirmed = computed(() => {
    const since = this.#all()?.find(({ current }) => current)?.createdAt ?? Infinity;
    const newer = this.#all()?.filter(({ id, createdAt }) => createdAt > since && !this.#confirmed().has(id)) ?? [];
    return newer.sort((one, other) => one.createdAt - other.createdAt);
  });

  /** A page is open that asks about a new device, and leads to the same answers. */
  readonly isAskedOnPage = signal(false);

  constructor() {
    effect(() => {
      if (this.#signaling.status().is === 'live' && this.#answered === this.#look) untracked(() => void this.look());
    });
    this.#signaling.frames
      .pipe(
        filter(frame => frame.type === 'devices.changed'),
        takeUntilDestroyed(),
      )
      .subscribe(() => void this.look());
  }

  async look(): Promise<void> {
    const look = ++this.#look;
    const [devices, confirmed] = await Promise.all([this.#own.devices(), this.#kept()]);
    if (look !== this.#look) return;
    this.#answered = look;
    this.#confirmed.update(known => new Set([...known, ...confirmed]));
    if (devices.ok) this.#all.set(devices.value);
    this.#failure.set(devices.ok ? undefined : devices.error);
  }

  /** "That was me." It is not asked about again on this device. */
  async confirm({ id }: Device): Promise<void> {
    this.#confirmed.update(known => new Set([...known, id]));
    // Where the browser keeps nothing, it is asked about again after a reload.
    await this.#use(table => table.put({ id })).catch(() => undefined);
  }

  /** Signs a device out at the server. */
  async remove({ id }: Device): Promise<Result<void, Failure>> {
    return this.#signOut([id], () => this.#own.removeDevice(id));
  }

  /** All but this one. */
  async removeOthers(): Promise<Result<void, Failure>> {
    const others = this.#all()?.filter(({ current }) => !current) ?? [];
    return this.#signOut(
      others.map(({ id }) => id),
      () => this.#own.signOutOthers(),
    );
  }

  /** From the signed list first: a server that keeps a device that was removed gets nothing for it. */
  async #signOut(ids: readonly DeviceId[], ask: () => Promise<Result<void, Failure>>): Promise<Result<void, Failure>> {
    // Where the list cannot be changed now, the session ends all the same.
    await this.#keys.removeDevices(ids).catch(() => undefined);
    const done = await ask();
    await this.look();
    return done;
  }

  #use<T>(act: (table: LocalTable<{ id: DeviceId }>) => Promise<T>): Promise<T> {
    return this.#database.use(db => act(db.table('confirmedDevices')));
  }

  async #kept(): Promise<DeviceId[]> {
    const rows = await this.#use(table => table.toArray()).catch(() => []);
    return rows.map(({ id }) => id);
  }
}

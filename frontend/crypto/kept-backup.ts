import { backupBatches, type BackupRecord } from '#protocol/keys/api';
import { err, ok, type Result } from '#protocol/result';
import {
  isBefore,
  judgeLast,
  linkOf,
  nextManifest,
  NO_LINK,
  openManifest,
  sealManifest,
  type Link,
  type Manifest,
  type ManifestRefusal,
} from './backup-manifest.ts';
import { importSessions, sealSessions, type BackupOf } from './backup.ts';
import { fromBase64 } from './bytes.ts';
import { Refused } from './key-server.ts';
import { type Olm } from './olm.ts';
import { type OwnSecrets } from './own-secrets.ts';
import { type RestoreState } from './rows.ts';
import { boxKey } from './sealed-box.ts';

export type BackupRefusal =
  | ManifestRefusal
  /** The secrets were not opened on this device. */
  | 'locked';

/** How a backing-up went on. */
export interface BackedUp {
  readonly done: number;
  /** Sessions that the backup does not hold yet: ask again. */
  readonly left: number;
}

/** How a restore went on. */
export interface RestoredPage {
  readonly imported: number;
  /** Records that do not open although their batch is whole. */
  readonly refused: number;
  /** Batches that were not read yet: ask again. */
  readonly left: number;
}

/** A batch stays below its limit in bytes: a session with its record takes some 1.2 KiB. */
const BATCH_SESSIONS = 100;
/** Few enough that one call ends within a second on a phone. */
const PAGE_BATCHES = 2;
/** Other devices back up at the same time; more often than this, something else is wrong. */
const TRIES = 10;

interface OpenedBatch {
  readonly manifest: Manifest;
  readonly records: readonly BackupRecord[];
}

/** The backup that the server keeps for this person, written and read in small steps. */
export class KeptBackup {
  readonly #olm: Olm;
  readonly #secrets: OwnSecrets;

  constructor(olm: Olm, secrets: OwnSecrets) {
    this.#olm = olm;
    this.#secrets = secrets;
  }

  /** Puts a batch of the sessions that the backup does not hold yet. */
  backUp(): Promise<Result<BackedUp, BackupRefusal>> {
    return this.#olm.turns.run('backup', async () => {
      const backup = await this.#present();
      if (!backup) return err('locked');
      const { rows } = this.#olm;
      for (let tries = 1; ; tries++) {
        const waiting = await rows.some('unkept', BATCH_SESSIONS);
        if (waiting.count === 0) return ok({ done: 0, left: 0 });
        const records = await sealSessions(this.#olm, backup, new Set(waiting.rows));
        const last = (await rows.get('backup', backup.version)) ?? null;
        if (records.length === 0 || (await this.#putBatch(backup, last ?? NO_LINK, records))) {
          // A session that the library does not have any more stays out.
          for (const sessionId of waiting.rows) await rows.remove('unkept', sessionId);
          return ok({ done: records.length, left: waiting.count - waiting.rows.length });
        }
        if (tries === TRIES) throw new Error('the backup on the server does not stand still');
        const followed = await this.#follow(backup, last, records);
        if (!followed.ok) return followed;
      }
    });
  }

  /**
   * Reads a page of the backup, the newest batches first, down to those that were read before. A crash loses one page; what other
   * devices have added since is read by a later call.
   */
  restore(): Promise<Result<RestoredPage, BackupRefusal>> {
    return this.#olm.turns.run('backup', async () => {
      const backup = await this.#present();
      if (!backup) return err('locked');
      const { rows } = this.#olm;
      let state: RestoreState = (await rows.get('restore', backup.version)) ?? { read: NO_LINK, pass: null };
      const known = (await rows.get('backup', backup.version))?.number ?? 0;
      const page = await this.#page(backup, state.pass?.number);
      if (!page.ok) return page;
      // Nothing is the whole backup only where nothing was ever known to be in it.
      if (page.value.length === 0 && (state.pass || known > 0)) return err('other-records');
      let [imported, refused] = [0, 0];
      for (const batch of page.value) {
        const next = await this.#step(backup, state, batch.manifest);
        if (!next.ok) return next;
        if (next.value === state) break;
        const done = await importSessions(this.#olm, backup, batch.records);
        imported += done.imported;
        refused += [...done.refused.values()].reduce((sum, count) => sum + count, 0);
        state = next.value;
        await rows.put('restore', backup.version, state);
        if (!state.pass) break;
      }
      return ok({ imported, refused, left: state.pass ? state.pass.number - 1 - state.read.number : 0 });
    });
  }

  /** @returns how far it is read with this batch; the same state where it was read before */
  async #step(backup: BackupOf, state: RestoreState, manifest: Manifest): Promise<Result<RestoreState, BackupRefusal>> {
    const { read, pass } = state;
    const link = await linkOf(manifest);
    if (pass && !isBefore(link, pass)) return err('other-records');
    const last = pass ? ok(link) : await this.#pinLast(backup, manifest);
    if (!last.ok) return last;
    if (link.number <= read.number) return ok(state);
    const from = pass?.from ?? link;
    if (link.number > read.number + 1) {
      return ok({ read, pass: { from, number: link.number, previous: manifest.previous } });
    }
    return isBefore(read, manifest) ? ok({ read: from, pass: null }) : err('other-records');
  }

  /** @returns false where another device has put a batch in between */
  async #putBatch(backup: BackupOf, last: Link, records: readonly BackupRecord[]): Promise<boolean> {
    const { options, own, rows } = this.#olm;
    const manifest = await nextManifest(last, records);
    const sealed = await sealManifest(backup.key, own.userId, backup.version, manifest);
    const path = `/api/backups/${backup.version}/batches/${manifest.number}`;
    try {
      await options.server.ask('PUT', path, { manifest: { sealed }, records });
    } catch (error) {
      if (error instanceof Refused && error.type === 'stale') return false;
      throw error;
    }
    await rows.put('backup', backup.version, await linkOf(manifest));
    return true;
  }

  /**
   * Goes to the last batch on the server; each in between must lead back to the one that is known.
   * @param mine records that were to be put: those that another device has put by now need not be
   */
  async #follow(
    backup: BackupOf,
    known: Link | null,
    mine: readonly BackupRecord[],
  ): Promise<Result<null, BackupRefusal>> {
    const indexes = new Map(mine.map(({ session, index }) => [session, index]));
    let behind: Manifest | null = null;
    let last: Manifest | null = null;
    for (;;) {
      const page = await this.#page(backup, behind?.number);
      if (!page.ok) return page;
      if (page.value.length === 0) return err('other-records');
      for (const { manifest, records } of page.value) {
        for (const { session, index } of records) {
          if (index <= (indexes.get(session) ?? -1)) await this.#olm.rows.remove('unkept', session);
        }
        const link = await linkOf(manifest);
        if (behind && !isBefore(link, behind)) return err('other-records');
        last ??= manifest;
        behind = manifest;
        // A device that knows of none cannot tell whether it is an older backup.
        if (known && manifest.number > known.number + 1) continue;
        if (known && manifest.number > known.number && !isBefore(known, manifest)) return err('other-records');
        const pinned = await this.#pinLast(backup, last);
        return pinned.ok ? ok(null) : pinned;
      }
    }
  }

  async #pinLast({ version }: BackupOf, last: Manifest): Promise<Result<Link, BackupRefusal>> {
    const judged = await judgeLast(last, (await this.#olm.rows.get('backup', version)) ?? null);
    if (judged.ok) await this.#olm.rows.put('backup', version, judged.value);
    return judged;
  }

  /** @param before the number of a batch; undefined: from the last one */
  async #page({ key, version }: BackupOf, before?: number): Promise<Result<OpenedBatch[], BackupRefusal>> {
    const { server } = this.#olm.options;
    const from = before === undefined ? '' : `&before=${before}`;
    const { items } = backupBatches.parse(
      await server.ask('GET', `/api/backups/${version}/batches?limit=${PAGE_BATCHES}${from}`),
    );
    const batches: OpenedBatch[] = [];
    for (const { number, manifest, records } of items) {
      const sealed = String(manifest['sealed']);
      const opened = await openManifest(key, this.#olm.own.userId, version, { number, sealed, records });
      if (!opened.ok) return opened;
      batches.push({ manifest: opened.value, records });
    }
    return ok(batches);
  }

  async #present(): Promise<BackupOf | null> {
    const backup = (await this.#secrets.kept())?.secrets.backup;
    const raw = backup && fromBase64(backup.key);
    return backup && raw ? { key: await boxKey(raw), version: backup.version } : null;
  }
}

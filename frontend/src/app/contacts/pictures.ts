import { inject, Service, signal, type Signal } from '@angular/core';
import type { Person } from '#protocol/api/account';
import type { UserId } from '#protocol/ids';
import { Api } from '../account/api';
import { LocalDatabase } from '../device/local-database';

/** A picture as this device keeps it: of each person the version seen last. */
interface KeptPicture {
  readonly userId: UserId;
  readonly version: string;
  readonly bytes: Blob;
}

/**
 * People's pictures as blob URLs: an `<img>` cannot send the token. Each version is fetched once and kept in the person's own
 * database, for a start without a server; the browser's http cache would keep it for whoever signs in next.
 */
@Service()
export class Pictures {
  readonly #api = inject(Api);
  readonly #database = inject(LocalDatabase);
  readonly #urls = new Map<string, Signal<string | undefined>>();

  /** The address of a picture, as soon as it is there; undefined for somebody without one. */
  urlOf({ id, avatar }: Pick<Person, 'id' | 'avatar'>): string | undefined {
    if (avatar === undefined) return undefined;
    const key = `${id} ${avatar}`;
    const known = this.#urls.get(key);
    if (known) return known();
    const url = signal<string | undefined>(undefined);
    this.#urls.set(key, url);
    void this.#bytes(id, avatar)
      .catch(() => undefined)
      .then(bytes => {
        if (bytes) url.set(URL.createObjectURL(bytes));
        else this.#urls.delete(key);
      });
    return url();
  }

  async #bytes(userId: UserId, version: string): Promise<Blob | undefined> {
    const kept = await this.#database.use(db => db.table<KeptPicture>('pictures').get(userId));
    if (kept?.version === version) return kept.bytes;
    const bytes = await this.#api.bytes(`/api/users/${userId}/avatar/${version}`);
    if (bytes) await this.#database.use(db => db.table<KeptPicture>('pictures').put({ userId, version, bytes }));
    return bytes;
  }
}

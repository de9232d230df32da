import { inject, Injectable, signal, type Signal } from '@angular/core';
import type { Person } from '#protocol/api/account';
import { Api } from '../account/api';

/**
 * People's pictures as blob URLs: an `<img>` cannot send the token. Each version is fetched once; the browser keeps the
 * bytes for offline (they are immutable).
 */
@Injectable({ providedIn: 'root' })
export class Pictures {
  readonly #api = inject(Api);
  readonly #urls = new Map<string, Signal<string | undefined>>();

  /** The address of a picture, as soon as it is there; undefined for somebody without one. */
  urlOf({ id, avatar }: Pick<Person, 'id' | 'avatar'>): string | undefined {
    if (avatar === undefined) return undefined;
    const path = `/api/users/${id}/avatar/${avatar}`;
    const known = this.#urls.get(path);
    if (known) return known();
    const url = signal<string | undefined>(undefined);
    this.#urls.set(path, url);
    void this.#api.bytes(path).then(bytes => {
      if (bytes) url.set(URL.createObjectURL(bytes));
      else this.#urls.delete(path);
    });
    return url();
  }
}

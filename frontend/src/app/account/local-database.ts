import { inject, Injectable } from '@angular/core';
import { Dexie, type Table } from 'dexie';
import { Account } from './account';
import { LOCAL_TABLES } from './local-tables';

/**
 * What this device keeps of a person: one database for each installation and user (PROTOCOL.md, Messages). It opens
 * by itself at the first use, with or without a server, and is deleted when the person leaves the device.
 */
@Injectable({ providedIn: 'root' })
export class LocalDatabase {
  readonly #account = inject(Account);
  readonly #features = inject(LOCAL_TABLES);
  #open: Dexie | undefined;

  constructor() {
    this.#account.beforeLeaving(async () => this.#open?.close());
  }

  /** A table of the person who is here now. */
  table<Row, Key = string>(name: string): Table<Row, Key> {
    return this.#database().table<Row, Key>(name);
  }

  /** One transaction over some tables: all of it or nothing. */
  transaction<T>(tables: readonly string[], act: () => Promise<T>): Promise<T> {
    return this.#database().transaction('rw', [...tables], act);
  }

  #database(): Dexie {
    const name = this.#account.databaseName();
    if (this.#open?.name === name) return this.#open;
    this.#open?.close();
    this.#open = new Dexie(name);
    // Any feature may grow, and the whole only ever grows with it.
    const version = this.#features.reduce((sum, feature) => sum + feature.version, 0);
    const tables = Object.fromEntries(this.#features.flatMap(feature => Object.entries(feature.tables)));
    this.#open.version(version).stores(tables);
    return this.#open;
  }
}

import { InjectionToken } from '@angular/core';

/** The tables of one feature; `version` grows with each change of them. */
export interface LocalTables {
  readonly version: number;
  /** Table name → Dexie's schema: primary key, then indexes. */
  readonly tables: Readonly<Record<string, string>>;
}

/** Every feature adds its own (`{ provide: LOCAL_TABLES, useValue: chatTables, multi: true }`); names must differ. */
export const LOCAL_TABLES = new InjectionToken<readonly LocalTables[]>('local tables');

import type { Person } from '#protocol/api/account';
import type { Contact } from '#protocol/api/contacts';
import type { ServerFrame } from '#protocol/messages';
import { anId } from '#protocol/testing/ids';
import { Subject } from 'rxjs';
import { signal } from '@angular/core';
import { Account } from '../../account/account';
import { Access } from '../../account/access';
import { KeysDouble, provideKeys } from '../../crypto/testing/keys-double';
import { DATABASE_OWNER, LOCAL_TABLES } from '../../device/local-tables';
import { identityOf } from '../../account/testing/server';
import { Signaling } from '../../signaling/signaling';
import { contactTables } from '../contact-tables';

const id = (name: string): string => {
  const hex = [...name].map(letter => (letter.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('');
  return `00000000-0000-4000-8000-${hex.slice(0, 12).padEnd(12, '0')}`;
};

/** Somebody else, with an id of their own. */
export const personCalled = (displayName: string): Person => {
  const username = displayName.toLowerCase().replace(/\W+/g, '.');
  return { id: anId(id(username)), username, displayName };
};

export const contactCalled = (displayName: string, state: Contact['state'] = 'accepted', since = 0): Contact => ({
  person: personCalled(displayName),
  state,
  since,
  ...(state === 'accepted' ? { conversationId: anId(id(`c${displayName}`)) } : {}),
});

/** The rooms below contacts for a spec: a person with a token, a database of their own, a connection one can speak for. */
export function below() {
  const frames = new Subject<ServerFrame>();
  const status = signal<{ is: string }>({ is: 'live' });
  const database = `parley-spec-${crypto.randomUUID()}`;
  const leave: (() => Promise<void>)[] = [];
  const access = new (class {
    token = async () => 'token';
  })();
  const keys = new KeysDouble();
  return {
    frames,
    keys,
    status,
    providers: [
      { provide: Signaling, useValue: { frames, status, welcome: signal(null) } },
      { provide: Access, useValue: access },
      provideKeys(keys),
      {
        provide: Account,
        useValue: {
          me: signal(identityOf().me),
          databaseName: () => database,
          beforeLeaving: (act: () => Promise<void>) => leave.push(act),
        },
      },
      { provide: DATABASE_OWNER, useExisting: Account },
      { provide: LOCAL_TABLES, useValue: contactTables, multi: true },
    ],
    async end(): Promise<void> {
      await Promise.all(leave.map(act => act()));
      indexedDB.deleteDatabase(database);
    },
  };
}

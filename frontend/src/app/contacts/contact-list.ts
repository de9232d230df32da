import type { Contact } from '#protocol/api/contacts';
import { foldText } from '#protocol/search-text';

/** The contacts of one person, each under the state it is in, and each list in the order it is shown. */
export interface ContactList {
  readonly accepted: readonly Contact[];
  /** Others who ask, the latest first. */
  readonly incoming: readonly Contact[];
  /** Asked by this person, the latest first. */
  readonly requested: readonly Contact[];
  readonly blocked: readonly Contact[];
}

/** @param language by whose alphabet names are sorted */
export function listContacts(contacts: readonly Contact[], language: string): ContactList {
  const { compare } = new Intl.Collator(language, { sensitivity: 'base', numeric: true });
  const byName = (a: Contact, b: Contact) =>
    compare(a.person.displayName, b.person.displayName) || compare(a.person.username, b.person.username);
  const latest = (a: Contact, b: Contact) => b.since - a.since;
  const of = (state: Contact['state'], order: typeof byName) => contacts.filter(one => one.state === state).sort(order);
  return {
    accepted: of('accepted', byName),
    incoming: of('incoming', latest),
    requested: of('requested', latest),
    blocked: of('blocked', byName),
  };
}

/** Those whose name, a word of it, or username begins with what was typed. */
export function findContacts(contacts: readonly Contact[], typed: string): readonly Contact[] {
  const sought = foldText(typed);
  if (sought === '') return contacts;
  return contacts.filter(({ person }) => {
    const name = foldText(person.displayName);
    return [name, ...name.split(' '), person.username].some(part => part.startsWith(sought));
  });
}

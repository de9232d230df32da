import { findContacts, listContacts } from './contact-list';
import { contactCalled } from './testing/below';

const names = (contacts: readonly { person: { displayName: string } }[]) => contacts.map(one => one.person.displayName);

describe('the list of contacts', () => {
  it('sorts people by the alphabet of the language, small and capital letters alike', () => {
    const contacts = ['Zoe', 'öre', 'Ada', 'adam', 'Otto'].map(name => contactCalled(name));
    expect(names(listContacts(contacts, 'de').accepted)).toEqual(['Ada', 'adam', 'öre', 'Otto', 'Zoe']);
  });

  it('shows requests with the latest first, and each person once', () => {
    const contacts = [
      contactCalled('Old', 'incoming', 1),
      contactCalled('New', 'incoming', 2),
      contactCalled('Request sent', 'requested', 3),
      contactCalled('Blocked', 'blocked', 4),
    ];
    const list = listContacts(contacts, 'en');
    expect(names(list.incoming)).toEqual(['New', 'Old']);
    expect(names(list.requested)).toEqual(['Request sent']);
    expect(names(list.blocked)).toEqual(['Blocked']);
    expect(list.accepted).toEqual([]);
  });

  it('is searched by the beginning of any word and of the username, without accents', () => {
    const contacts = ['Zoë Brandt', 'Jonas Weber', 'Ada Okafor'].map(name => contactCalled(name));
    expect(names(findContacts(contacts, 'zoe'))).toEqual(['Zoë Brandt']);
    expect(names(findContacts(contacts, ' WEB'))).toEqual(['Jonas Weber']);
    expect(names(findContacts(contacts, 'ada.o'))).toEqual(['Ada Okafor']);
    expect(names(findContacts(contacts, 'onas'))).toEqual([]);
    expect(findContacts(contacts, '')).toEqual(contacts);
  });
});

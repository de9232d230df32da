import { TestBed } from '@angular/core/testing';
import { withWords } from '../../i18n/testing/with-words';
import { LocalDatabase } from '../device/local-database';
import { json, problemOf, serverOf } from '../account/testing/server';
import { Badges } from '../look/badges';
import { Contacts } from './contacts';
import { below, contactCalled } from './testing/below';

const FIRST = 'GET /api/contacts?limit=500';

describe('Contacts', () => {
  let room: ReturnType<typeof below>;

  beforeEach(async () => {
    room = below();
    await withWords(room.providers);
  });
  afterEach(() => room.end());

  const names = (contacts: Contacts) => contacts.list().accepted.map(one => one.person.displayName);
  const kept = () => TestBed.inject(LocalDatabase).use(db => db.table('contacts').count());

  it('gathers every page and keeps them on the device', async () => {
    serverOf({
      [FIRST]: () => json({ items: [contactCalled('Mira')], next: 'a b' }),
      [`${FIRST}&cursor=a%20b`]: () => json({ items: [contactCalled('Ada'), contactCalled('Noor', 'incoming')] }),
    });
    const contacts = TestBed.inject(Contacts);
    await contacts.refresh();
    expect(names(contacts)).toEqual(['Ada', 'Mira']);
    expect(contacts.status()).toBe('ready');
    expect(await kept()).toBe(3);
    TestBed.tick();
    expect(TestBed.inject(Badges).contacts()).toBe(1);
  });

  it('shows what the device has kept where the server does not answer', async () => {
    serverOf({});
    await TestBed.inject(LocalDatabase).use(db => db.table('contacts').put(contactCalled('Mira')));
    const contacts = TestBed.inject(Contacts);
    await contacts.refresh();
    while (contacts.status() !== 'ready') await new Promise(resolve => requestAnimationFrame(resolve));
    expect(names(contacts)).toEqual(['Mira']);
  });

  it('says that there is nothing yet where neither has anything', async () => {
    serverOf({});
    const contacts = TestBed.inject(Contacts);
    await contacts.refresh();
    expect(contacts.status()).toBe('failed');
  });

  it('does not pretend to load while there is no connection', async () => {
    serverOf({});
    const contacts = TestBed.inject(Contacts);
    TestBed.tick();
    expect(contacts.status()).toBe('loading');
    room.status.set({ is: 'waiting' });
    TestBed.tick();
    expect(contacts.status()).toBe('failed');
  });

  it('fetches again when the server says so, and once more for what changes meanwhile', async () => {
    const answers: (() => void)[] = [];
    const asked = serverOf({
      [FIRST]: () => new Promise(resolve => answers.push(() => resolve(json({ items: [contactCalled('Mira')] })))),
    });
    const contacts = TestBed.inject(Contacts);
    const reaches = async (count: number) => {
      while (asked.length < count) await new Promise(resolve => requestAnimationFrame(resolve));
    };
    room.frames.next({ type: 'contacts.changed' });
    await reaches(1);
    room.frames.next({ type: 'contacts.changed' });
    room.frames.next({ type: 'contacts.changed' });
    answers[0]!();
    await reaches(2);
    answers[1]!();
    while (contacts.status() !== 'ready') await new Promise(resolve => requestAnimationFrame(resolve));
    expect(asked.length).toBe(2);
  });

  it('keeps what a change has made of somebody, and drops who is gone', async () => {
    const asks = contactCalled('Noor', 'incoming');
    const { id } = asks.person;
    const asked = serverOf({
      [FIRST]: () => json({ items: [asks] }),
      [`POST /api/contacts/${id}/accept`]: () => json({ contact: { ...asks, state: 'accepted' } }),
      [`DELETE /api/contacts/${id}`]: () => json({}),
    });
    const contacts = TestBed.inject(Contacts);
    await contacts.refresh();
    await contacts.change(id, 'accept');
    expect(contacts.stateOf(id)).toBe('accepted');
    await contacts.change(id, 'remove');
    expect(contacts.of(id)).toBeUndefined();
    expect(await kept()).toBe(0);
    expect(asked.every(one => one.authorization === 'Bearer token')).toBeTrue();
  });

  it('changes nothing when the server refuses', async () => {
    const mira = contactCalled('Mira');
    serverOf({
      [FIRST]: () => json({ items: [mira] }),
      [`POST /api/contacts/${mira.person.id}/block`]: () => problemOf('internal', 500),
    });
    const contacts = TestBed.inject(Contacts);
    await contacts.refresh();
    expect((await contacts.change(mira.person.id, 'block')).ok).toBeFalse();
    expect(contacts.stateOf(mira.person.id)).toBe('accepted');
  });
});

import { befriend, signUp, type Answer, type Person } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { systemClock } from '../clock.ts';
import type { Who } from '../auth/authenticate.ts';
import * as relations from './relations.ts';

describe('contacts', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let count = 0;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    count += 1;
    ada = await signUp(server.origin, `ada${count}`, `Ada ${'Lovelace'.slice(0, count)}`);
    bob = await signUp(server.origin, `bob${count}`);
  });

  const request = (from: Person, to: Person) => from.ask('POST', '/api/contacts', { json: { userId: to.id } });
  const change = (from: Person, to: Person, what: string) => from.ask('POST', `/api/contacts/${to.id}/${what}`);
  /** What somebody sees of somebody else. */
  const seen = async (person: Person, other: Person) => {
    const { body } = await person.ask('GET', '/api/contacts');
    const items = body.items as { person: { id: string }; state: string; conversationId?: string }[];
    return items.find(item => item.person.id === other.id);
  };
  const deps = () => ({ store: server.store, clock: systemClock });
  const who = async ({ id, deviceId, accessToken }: Person): Promise<Who> => {
    const row = await server.store.device(deviceId);
    if (row === null) throw new Error(`no device: ${accessToken.length}`);
    return { userId: id, deviceId, ...row, expiresAt: 0 };
  };
  /** Whom a change tells. */
  const told = async (outcome: Promise<{ ok: boolean; value?: relations.Changed; error?: unknown }>) =>
    (await outcome).value?.deliveries.map(({ userId, frame }) => [userId, frame.type]) ?? [];

  it('R7a begin with a request, which the other accepts', async () => {
    expect((await request(ada, bob)).body.contact.state).toBe('requested');
    expect((await seen(bob, ada))?.state).toBe('incoming');
    const { body } = await change(bob, ada, 'accept');
    expect(body.contact.state).toBe('accepted');
    const conversation = (await seen(ada, bob))?.conversationId;
    expect(conversation).toBe(body.contact.conversationId as string);
    for (const person of [ada, bob]) {
      const { body: list } = await person.ask('GET', '/api/conversations');
      expect((list.items as { id: string }[]).map(({ id }) => id)).toEqual([String(conversation)]);
    }
  });

  it('R7a, R7b are made by requests that cross, of which both sides are told', async () => {
    await request(ada, bob);
    const crossing = relations.requestContact(deps(), await who(bob), ada.id);
    expect(await told(crossing)).toEqual([
      [bob.id, 'contacts.changed'],
      [ada.id, 'contacts.changed'],
    ]);
    expect((await seen(ada, bob))?.state).toBe('accepted');
  });

  it('R7c may be declined or withdrawn, and asked for again', async () => {
    await request(ada, bob);
    expect((await change(bob, ada, 'decline')).status).toBe(200);
    expect(await seen(ada, bob)).toBeUndefined();
    await request(ada, bob);
    expect((await ada.ask('DELETE', `/api/contacts/${bob.id}`)).status).toBe(200);
    expect(await seen(bob, ada)).toBeUndefined();
    expect((await change(bob, ada, 'accept')).status).toBe(404);
    expect(await befriend(bob, ada)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('R7c keep their conversation through removal and another acceptance', async () => {
    const before = await befriend(ada, bob);
    await bob.ask('DELETE', `/api/contacts/${ada.id}`);
    expect(await seen(ada, bob)).toBeUndefined();
    expect(await befriend(bob, ada)).toBe(before);
  });

  it('R7d are neither oneself nor a person who is not there', async () => {
    expect((await request(ada, ada)).status).toBe(403);
    expect((await change(ada, ada, 'block')).status).toBe(404);
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await ada.ask('POST', '/api/contacts', { json: { userId: nobody } })).status).toBe(404);
    expect((await ada.ask('POST', `/api/contacts/${nobody}/block`)).status).toBe(404);
  });

  it('R8a, R8c who were blocked see a contact as before, and no frame reaches them', async () => {
    await befriend(ada, bob);
    const before = await seen(ada, bob);
    const block = relations.blockContact(deps(), await who(bob), ada.id);
    expect(await told(block)).toEqual([[bob.id, 'contacts.changed']]);
    expect(await seen(ada, bob)).toEqual(before);
    expect((await seen(bob, ada))?.state).toBe('blocked');
    expect(await told(relations.unblockContact(deps(), await who(bob), ada.id))).toEqual([
      [bob.id, 'contacts.changed'],
    ]);
    expect((await seen(bob, ada))?.state).toBe('accepted');
  });

  it('R8a, R8c who were blocked as strangers ask in vain and cannot tell', async () => {
    const eve = await signUp(server.origin, `eve${count}`);
    const ordinary = await request(ada, eve);
    await change(bob, ada, 'block');
    const asked = relations.requestContact(deps(), await who(ada), bob.id);
    expect(await told(asked)).toEqual([[ada.id, 'contacts.changed']]);
    const again = await request(ada, bob);
    expect([again.status, again.body.contact.state]).toEqual([ordinary.status, ordinary.body.contact.state]);
    expect(Object.keys(again.body.contact as object)).toEqual(Object.keys(ordinary.body.contact as object));
    expect((await seen(bob, ada))?.state).toBe('blocked');
  });

  it('R8d who were blocked find the other by a new name when they ask', async () => {
    await befriend(ada, bob);
    await change(bob, ada, 'block');
    expect((await bob.ask('PATCH', '/api/me', { json: { displayName: `Robert${count}` } })).status).toBe(200);
    const { body } = await ada.ask('GET', `/api/users?search=robert${count}`);
    expect((body.items as { id: string }[]).map(({ id }) => id)).toEqual([bob.id]);
  });

  it('R9a, R9b are found by three letters of a name, or by one character of Han, kana or Hangul, a page at a time', async () => {
    const find = (query: string) => ada.ask('GET', `/api/users?${query}`);
    for (const [index, name] of ['zoe', 'zoey', 'zoedog'].entries())
      await signUp(server.origin, `${name}${count}`, `Prof. Zoe${index}`);
    expect((await find('search=zo')).status).toBe(400);
    expect((await find('')).status).toBe(400);
    expect((await find(`search=${'z'.repeat(65)}`)).status).toBe(400);
    for (const typed of ['%%%', 'z..', ',,z', 'z  ', 'zo\u00ad\u00ad'])
      expect((await find(`search=${encodeURIComponent(typed)}`)).status)
        .withContext(typed)
        .toBe(400);
    expect((await find(`search=${encodeURIComponent('李')}`)).body).toEqual({ items: [] });
    await signUp(server.origin, `han${count}`, '李小龍');
    const found = await find(`search=${encodeURIComponent('李小')}`);
    expect(found.body.items[0].displayName).toBe('李小龍');
    const names = ({ body }: Answer) => (body.items as { username: string }[]).map(({ username }) => username);
    const first = await find('search=ZOE&limit=2');
    expect(names(first)).toEqual([`zoe${count}`, `zoedog${count}`]);
    const rest = await find(`search=ZOE&limit=2&cursor=${String(first.body.next)}`);
    expect(names(rest)).toEqual([`zoey${count}`]);
    expect(rest.body.next).toBeUndefined();
    expect(Object.keys(first.body.items[0] as object).sort()).toEqual(['displayName', 'id', 'username']);
  });
});

import { befriend, signIn, signUp, type Answer, type Person } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('a person whose name was made under an older rule', () => {
  let server: TestServer;
  let ada: Person;
  let odd: Person;
  type Shown = { displayName: string };
  const shownBy = (body: unknown) => (body as Shown).displayName;
  const itemsOf = ({ body }: Answer) => (body as { items: unknown[] }).items;

  beforeAll(async () => {
    server = await startTestServer();
    ada = await signUp(server.origin, 'ada');
    odd = await signUp(server.origin, 'odd');
    await befriend(ada, odd);
  });
  beforeEach(() => server.store.updateProfile(odd.id, 'A\u00add\u034fa\u202e'));
  afterAll(() => server.stop());

  it('signs in, reads and changes what is theirs', async () => {
    const again = await signIn(server.origin, 'odd');
    expect(again.me.displayName).toBe('Ada');
    const me = await again.ask('GET', '/api/me');
    expect([me.status, shownBy(me.body)]).toEqual([200, 'Ada']);
  });

  it('is shown to others, in a list and in a search, without what is not seen', async () => {
    const contacts = await ada.ask('GET', '/api/contacts');
    expect(itemsOf(contacts).map(one => shownBy((one as { person: Shown }).person))).toEqual(['Ada']);
    const found = await ada.ask('GET', '/api/users?search=odd');
    expect(itemsOf(found).map(shownBy)).toEqual(['Ada']);
  });

  it('is shown by the username where nothing of the name is seen', async () => {
    await server.store.updateProfile(odd.id, '\u3164\u115f');
    expect(shownBy((await odd.ask('GET', '/api/me')).body)).toBe('odd');
  });

  it('cannot give such a name any more', async () => {
    for (const displayName of ['Ad\u00ada', '\u3164', 'Ada\u{e0041}', '\u061cAda']) {
      const { status } = await odd.ask('PATCH', '/api/me', { json: { displayName } });
      expect(status).withContext(JSON.stringify(displayName)).toBe(400);
    }
    expect((await odd.ask('PATCH', '/api/me', { json: { displayName: 'Odd 🏴󠁧󠁢󠁥󠁮󠁧󠁿' } })).status).toBe(200);
  });
});

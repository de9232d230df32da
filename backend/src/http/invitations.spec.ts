import { randomUUID } from 'node:crypto';
import type { DeviceId, UserId } from '#protocol/ids';
import { CODE_LETTERS } from '#protocol/invitation-code';
import { offerSetUp } from '../auth/administration.ts';
import { befriend, loginSecret, openBrowser, signIn, signUp, type Answer, type Person } from '../testing/browser.ts';
import { TestClient } from '../testing/test-client.ts';
import { testClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { newId } from '../testing/new-id.ts';

const DAY_MS = 86_400_000;

describe('invitations', () => {
  const clock = testClock();
  let server: TestServer;
  let ada: Person;
  let count = 0;
  beforeAll(async () => {
    server = await startTestServer({
      env: { SIGN_UP: 'invitation' },
      clock,
      budgets: { codes: { points: 10_000, seconds: 1 }, usernames: { points: 10_000, seconds: 1 } },
    });
    await server.store.createInvitation(
      { id: randomUUID(), codeHash: 'x', inviterId: null, uses: 1, createdAt: 0, expiresAt: 1 },
      10,
    );
  });
  afterAll(() => server.stop());

  const post = (path: string, json: object) => openBrowser(server.origin).ask('POST', path, { json });
  const registration = (username: string, more: object = {}) => ({
    username,
    displayName: 'Guest',
    loginSecret: loginSecret(username),
    deviceName: 'Phone',
    ...more,
  });
  const join = (username: string, invitation: string) =>
    post('/api/auth/register', registration(username, { invitation }));
  const invite = async (from: Person, offer: object = { uses: 1, days: 7 }): Promise<Answer['body']> =>
    (await from.ask('POST', '/api/invitations', { json: offer })).body;
  /** Somebody who was let in at the terminal. */
  const somebody = async (): Promise<Person> => {
    const name = `ada${String((count += 1))}`;
    const id = newId<UserId>();
    const user = { id, username: name, displayName: name, passwordHash: '', role: 'user', at: clock.now() } as const;
    const device = {
      id: newId<DeviceId>(),
      userId: id,
      name: 'x',
      secretHash: '',
      tokenHash: randomUUID(),
      at: clock.now(),
    };
    await server.store.createUser(user, device);
    await server.store.changePassword(id, await hashOf(name), device.id);
    return signIn(server.origin, name);
  };
  const hashOf = async (name: string) => (await import('bcrypt')).default.hash(loginSecret(name), 4);
  beforeEach(async () => {
    ada = await somebody();
  });

  it('I1a, I1b, I5a are needed where the installation says so', async () => {
    const about = (await openBrowser(server.origin).ask('GET', '/api/installation')).body;
    expect([about.signUp, about.setUp]).toEqual(['invitation', true]);
    const { status, body } = await post('/api/auth/register', registration('nobody'));
    expect([status, body.type]).toEqual([403, 'invitation-needed']);
    expect((await post('/api/auth/username', { name: 'nobody' })).body.type).toBe('invitation-needed');
  });

  it('I2b are made of ten letters, which are told once; who is not the inviter neither sees nor revokes one', async () => {
    const made = await invite(ada, { uses: 3, days: 2 });
    expect(made.code).toMatch(new RegExp(`^[${CODE_LETTERS}]{10}$`));
    expect(made.origins).toEqual([server.origin]);
    expect(made.expiresAt).toBe(clock.now() + 2 * DAY_MS);
    const { body, text } = await ada.ask('GET', '/api/invitations');
    expect(body.items).toEqual([jasmine.objectContaining({ id: made.id, uses: 3, used: 0 })]);
    expect(text).not.toContain(made.code as string);
    expect(server.logged.join()).not.toContain(made.code as string);
    const shown = await post('/api/invitations/open', { code: made.code as string });
    expect(shown.body).toEqual({
      inviter: { id: ada.id, username: ada.username, displayName: ada.username },
      expiresAt: made.expiresAt as number,
    });
    const bob = await somebody();
    expect((await bob.ask('GET', '/api/invitations')).body.items).toEqual([]);
    expect((await bob.ask('DELETE', `/api/invitations/${String(made.id)}`)).status).toBe(404);
    expect((await post('/api/invitations/open', { code: made.code as string })).status).toBe(200);
  });

  for (const offer of [{ uses: 0, days: 1 }, { uses: 51, days: 1 }, { uses: 1, days: 31 }, { uses: 1.5, days: 1 }, {}])
    it(`I2a are not made for ${JSON.stringify(offer)}`, async () => {
      expect((await ada.ask('POST', '/api/invitations', { json: offer })).status).toBe(400);
    });

  it('I2c open nothing when they are wrong, over, used up, revoked or of a disabled inviter', async () => {
    const [over, used, revoked] = [await invite(ada, { uses: 1, days: 1 }), await invite(ada), await invite(ada)];
    expect((await join(`guest-${ada.username}`, used.code as string)).status).toBe(201);
    expect((await ada.ask('DELETE', `/api/invitations/${String(revoked.id)}`)).status).toBe(204);
    clock.advance(DAY_MS);
    const again = await signIn(server.origin, ada.username);
    const away = await somebody();
    const disabled = await invite(away);
    await server.store.disableUser(away.id);
    for (const code of [over.code, used.code, revoked.code, disabled.code, 'ABCDEFGHJK'] as string[]) {
      expect((await post('/api/invitations/open', { code })).body.type).toBe('invalid-code');
      expect((await join(`late-${ada.username}`, code)).body.type).toBe('invalid-code');
      expect((await post('/api/auth/username', { name: 'free', invitation: code })).body.type).toBe('invalid-code');
      expect((await again.ask('POST', '/api/invitations/accept', { json: { code } })).body.type).toBe('invalid-code');
    }
    for (const code of ['abcdefghjk', 'ABCDEFGHJ', 'ABCDEFGHIJ', '', null, { $ne: '' }])
      expect((await post('/api/invitations/open', { code })).status).toBe(400);
  });

  it('I2d are at most fifty open ones of a person', async () => {
    const offered = async () => ada.ask('POST', '/api/invitations', { json: { uses: 1, days: 7 } });
    const first = (await offered()).body;
    for (let i = 1; i < 50; i += 1) expect((await offered()).status).toBe(201);
    const { status, body } = await offered();
    expect([status, body.type, body.detail]).toEqual([429, 'too-many-requests', jasmine.stringMatching(/revoke one/)]);
    expect((await ada.ask('DELETE', `/api/invitations/${String(first.id)}`)).status).toBe(204);
    expect((await offered()).status).toBe(201);
  });

  it('I3a, I3c let in as many as they say, make them contacts, and tell the inviter', async () => {
    const { code } = await invite(ada, { uses: 2, days: 1 });
    const socket = new TestClient(server.origin.replace('http', 'ws'));
    await socket.hello(ada.accessToken);
    const names = [1, 2, 3, 4].map(i => `g${String(i)}-${ada.username}`);
    const answers = await Promise.all(names.map(name => join(name, code as string)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403]);
    await socket.next('contacts.changed');
    socket.close();
    const { body } = await ada.ask('GET', '/api/contacts');
    expect((body.items as { state: string }[]).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect((await ada.ask('GET', '/api/conversations')).body.items.length).toBe(2);
  });

  it('I3b are not used up by a taken name', async () => {
    const { code } = await invite(ada);
    expect((await join(ada.username, code as string)).body.type).toBe('username-taken');
    expect((await join(`then-${ada.username}`, code as string)).status).toBe(201);
  });

  it('I4a, I4b make people who have accounts contacts, and are not used up by those who are', async () => {
    const [bob, eve] = [await somebody(), await somebody()];
    await befriend(ada, bob);
    const { code } = await invite(ada);
    const accept = async (who: Person): Promise<Answer['body']> =>
      (await who.ask('POST', '/api/invitations/accept', { json: { code: code as string } })).body;
    expect((await accept(ada)).outcome).toBe('own');
    expect((await accept(bob)).outcome).toBe('already');
    const { outcome, contact } = await accept(eve);
    expect([outcome, contact.state, contact.person.id]).toEqual(['accepted', 'accepted', ada.id]);
    expect((await accept(await somebody())).type).toBe('invalid-code');
  });

  it('R8a, I4a tell a person who was blocked nothing of it', async () => {
    const eve = await somebody();
    await ada.ask('POST', `/api/contacts/${eve.id}/block`);
    const { code } = await invite(ada);
    const { body } = await eve.ask('POST', '/api/invitations/accept', { json: { code: code as string } });
    expect([body.outcome, body.contact.state]).toEqual(['accepted', 'accepted']);
    expect((await ada.ask('GET', '/api/contacts')).body.items[0].state).toBe('blocked');
  });

  it('I5a, I5b let their holders ask twenty times whether a name is free', async () => {
    const { code } = await invite(ada);
    const ask = (invitation: string) => post('/api/auth/username', { name: ada.username, invitation });
    for (let i = 0; i < 20; i += 1) expect((await ask(code as string)).body).toEqual({ free: false });
    expect((await ask(code as string)).body.type).toBe('too-many-requests');
    expect((await ask((await invite(ada)).code as string)).status).toBe(200);
  });

  it('I5b count registering with a taken name as such a question, and with a free one not', async () => {
    const code = String((await invite(ada, { uses: 50, days: 7 })).code);
    const secret = { displayName: 'X', loginSecret: loginSecret('x'), deviceName: 'x', invitation: code };
    const register = (username: string) => post('/api/auth/register', { ...secret, username });
    for (let i = 0; i < 5; i += 1) expect((await register(`guest-of-ada-${i}`)).status).toBe(201);
    for (let i = 0; i < 10; i += 1) expect((await register(ada.username)).body.type).toBe('username-taken');
    const ask = () => post('/api/auth/username', { name: ada.username, invitation: code });
    for (let i = 0; i < 10; i += 1) expect((await ask()).body).toEqual({ free: false });
    expect((await register(ada.username)).body.type).toBe('too-many-requests');
    expect((await ask()).body.type).toBe('too-many-requests');
  });
});

describe('an address that guesses', () => {
  it('I5c is stopped after a hundred codes', async () => {
    const server = await startTestServer({ env: { SIGN_UP: 'invitation' } });
    const ask = (path: string) =>
      openBrowser(server.origin).ask('POST', path, {
        json: { code: path.includes('invitations') ? 'ABCDEFGHJK' : 'x'.repeat(22) },
      });
    const paths = ['/api/invitations/open', '/api/auth/reset/open', '/api/set-up/open'];
    const answers = [];
    for (let i = 0; i < 102; i += 1) answers.push((await ask(paths[i % 3] ?? '')).body.type);
    expect(answers.slice(0, 100).every(type => type === 'invalid-code')).toBeTrue();
    expect(answers.slice(100)).toEqual(['too-many-requests', 'too-many-requests']);
    await server.stop();
  });
});

describe('signing up at an installation', () => {
  it('I1a, I1b lets no one make an account', async () => {
    const server = await startTestServer({ env: { SIGN_UP: 'closed' } });
    const json = { username: 'ada', displayName: 'A', loginSecret: loginSecret('ada'), deviceName: 'x' };
    const register = (more: object) =>
      openBrowser(server.origin).ask('POST', '/api/auth/register', { json: { ...json, ...more } });
    expect((await register({})).body.type).toBe('sign-up-closed');
    expect((await register({ invitation: 'ABCDEFGHJK' })).body.type).toBe('sign-up-closed');
    expect((await openBrowser(server.origin).ask('GET', '/api/installation')).body.signUp).toBe('closed');
    await server.stop();
  });

  it('I5a, I6b lets the holder of the set-up link ask for a name and be its admin', async () => {
    const server = await startTestServer({ env: { SIGN_UP: 'closed' } });
    const setUp = await offerSetUp({ store: server.store, refreshKey: server.secrets.refreshKey });
    const post = (path: string, json: object) => openBrowser(server.origin).ask('POST', path, { json });
    expect((await post('/api/auth/username', { name: 'ada' })).body.type).toBe('sign-up-closed');
    expect((await post('/api/auth/username', { name: 'ada', setUp })).body).toEqual({ free: true });
    const json = { username: 'ada', displayName: 'A', loginSecret: loginSecret('ada'), deviceName: 'x', setUp };
    expect((await post('/api/auth/register', json)).body.me.role).toBe('admin');
    await server.stop();
  });

  it('I1a, I1b, I5a lets everybody sign up where it is open', async () => {
    const server = await startTestServer({ env: { SIGN_UP: 'open' } });
    const browser = openBrowser(server.origin);
    expect((await browser.ask('GET', '/api/installation')).body.signUp).toBe('open');
    expect((await browser.ask('POST', '/api/auth/username', { json: { name: 'ada' } })).body).toEqual({ free: true });
    expect((await signUp(server.origin, 'ada')).me.role).toBe('user');
    await server.stop();
  });
});

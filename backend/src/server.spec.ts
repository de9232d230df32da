import { CLOSE_CODES } from '#protocol/close-codes';
import type { MessageId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { befriend, loginSecret, signIn, signUp, type Person } from './testing/browser.ts';
import { TestClient } from './testing/test-client.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

describe('a whole server', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let sockets: TestClient[];
  beforeEach(async () => {
    server = await startTestServer();
    ada = await signUp(server.origin, 'ada');
    bob = await signUp(server.origin, 'bob');
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.close();
    await server.stop();
  });
  const connect = async ({ accessToken }: Person): Promise<TestClient> => {
    const socket = new TestClient(server.origin.replace('http', 'ws'));
    sockets.push(socket);
    await socket.hello(accessToken);
    return socket;
  };

  it('A1a opens the socket with the token of a sign-in, and names the origins', async () => {
    const socket = await connect(bob);
    socket.close();
    const again = new TestClient(server.origin.replace('http', 'ws'));
    sockets.push(again);
    const welcome = await again.hello(ada.accessToken);
    expect([welcome.userId, welcome.deviceId]).toEqual([ada.id, ada.deviceId]);
    expect(welcome.origins).toEqual([server.origin]);
  });

  it('A10a closes the sockets of removed devices at once, and tells those that stay', async () => {
    const other = await signIn(server.origin, 'ada');
    const [mine, theirs, strangers] = [await connect(ada), await connect(other), await connect(bob)];
    await ada.ask('DELETE', `/api/devices/${other.deviceId}`);
    expect(await theirs.closed).toBe(CLOSE_CODES.unauthorized.code);
    await mine.next('devices.changed');
    await strangers.settled();
    expect(strangers.unread('devices.changed')).toEqual([]);
  });

  it('A10a, I8c closes the sockets of every device of a deleted account', async () => {
    await befriend(ada, bob);
    const [mine, theirs] = [await connect(ada), await connect(bob)];
    expect((await ada.ask('DELETE', '/api/me', { json: { loginSecret: loginSecret('ada') } })).status).toBe(204);
    expect(await mine.closed).toBe(CLOSE_CODES.unauthorized.code);
    await theirs.next('contacts.changed');
    expect((await bob.ask('GET', '/api/contacts')).body.items).toEqual([]);
  });

  it('R7b tells both sides of a request and of what becomes of it', async () => {
    const [mine, theirs] = [await connect(ada), await connect(bob)];
    await ada.ask('POST', '/api/contacts', { json: { userId: bob.id } });
    await Promise.all([mine.next('contacts.changed'), theirs.next('contacts.changed')]);
    await bob.ask('POST', `/api/contacts/${ada.id}/accept`);
    await Promise.all([mine.next('contacts.changed'), theirs.next('contacts.changed')]);
    await bob.ask('PATCH', '/api/me', { json: { displayName: 'Robert' } });
    await mine.next('contacts.changed');
  });

  it('R8a, R8c sends nothing to a person who was blocked, and their request reaches no one', async () => {
    const [mine, theirs] = [await connect(ada), await connect(bob)];
    await bob.ask('POST', `/api/contacts/${ada.id}/block`);
    await theirs.next('contacts.changed');
    await mine.settled();
    expect(mine.unread('contacts.changed')).toEqual([]);
    await ada.ask('POST', '/api/contacts', { json: { userId: bob.id } });
    await mine.next('contacts.changed');
    await theirs.settled();
    expect(theirs.unread('contacts.changed')).toEqual([]);
  });

  it('R16a, R16b tells every socket that it restarts, and keeps what it acknowledged', async () => {
    const conversationId = await befriend(ada, bob);
    const [mine, theirs] = [await connect(ada), await connect(bob)];
    const ids = Array.from({ length: 20 }, (_, index) =>
      anId<MessageId>(`01890000-0000-7000-8000-${String(index).padStart(12, '0')}`),
    );
    for (const id of ids) mine.say({ type: 'chat.post', counts: true, conversationId, id, data: `message ${id}` });
    await mine.next('chat.posted', ({ id }) => id === ids.at(-1));
    const restarted = server.restart();
    await Promise.all([mine.next('server.restarting'), theirs.next('server.restarting')]);
    expect(await Promise.all([mine.closed, theirs.closed])).toEqual([
      CLOSE_CODES.restart.code,
      CLOSE_CODES.restart.code,
    ]);
    await restarted;
    const { body } = await bob.ask('GET', `/api/conversations/${conversationId}/messages`);
    expect((body.items as { id: string }[]).map(({ id }) => id)).toEqual(ids);
    await connect(bob);
  });
});

import { SUBPROTOCOL } from '#protocol/session-frames';
import { ACCESS_TOKEN_MS } from '../auth/tokens.ts';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import { FRESH_SOCKETS } from './fresh-sockets.ts';
import { newId } from '../testing/new-id.ts';

describe('a hello', () => {
  let server: LiveServer;
  let ada: TestDevice;

  beforeAll(async () => {
    server = await LiveServer.start();
    ada = await server.person('ada');
  });
  afterAll(() => server.stop());

  /** What becomes of a socket whose first frame is this. */
  async function closedAfter(first: object | string | Buffer): Promise<number> {
    const client = server.client();
    await client.open();
    client.write(first);
    return client.closed;
  }
  const hello = (token: string) => ({ type: 'hello', token });

  it('P1 is answered by a welcome that says who one is and how long the token lasts', async () => {
    const client = server.client();
    const welcome = await client.hello(ada.token());
    const { userId, deviceId } = ada;
    expect(welcome).toEqual(jasmine.objectContaining({ how: 'new', ack: 0, userId, deviceId, presence: [] }));
    expect(welcome.tokenMs).toBeGreaterThan(ACCESS_TOKEN_MS - 1_000);
    expect(welcome.origins).toEqual(['https://parley.test']);
    expect(welcome.epoch).toBe((await server.store.installation()).epoch);
    expect(welcome.n).toBeUndefined();
  });

  it('P21 is said again to a live session when the origins have changed, once, and nothing is sent again', async () => {
    const live = await LiveServer.start();
    const [ann, ben] = await Promise.all(['ann', 'ben'].map(name => live.person(name)));
    await live.befriend(ann!, ben!);
    const [client, away] = [await live.connect(ann!), await live.connect(ben!)];
    away.cut();
    await live.seen(ben!, 0);
    live.origins = ['https://parley-abcd.local', 'https://10.0.0.7'];
    live.time.pass(1_000);
    const told = await client.next('welcome');
    expect(told).toEqual(jasmine.objectContaining({ how: 'resumed', session: client.session, origins: live.origins }));
    expect(told.n).toBeUndefined();
    live.time.pass(5_000);
    await client.settled();
    expect(client.unread('welcome')).toEqual([]);
    await live.stop();
  });

  it('P2 comes by a subprotocol this server speaks: any other is echoed, and then closed with 4406', async () => {
    for (const offered of [['parley.v9'], ['soap', 'parley.v9']]) {
      const client = server.client();
      await client.open(offered);
      expect(await client.closed).toBe(4406);
    }
    const client = server.client();
    await client.open(['parley.v9', SUBPROTOCOL]);
    client.write(hello(ada.token()));
    expect((await client.next('welcome')).how).toBe('new');
  });

  it('P3b must come within five seconds', async () => {
    const [late, early] = [server.client(), server.client()];
    await late.open();
    await early.open();
    server.time.pass(4_000);
    early.write(hello(ada.token()));
    await early.next('welcome');
    server.time.pass(1_500);
    expect(await late.closed).toBe(4408);
    await early.settled();
  });

  it('P3c is answered however long that takes, once it has come in time', async () => {
    const contacts = server.store.acceptedContacts.bind(server.store);
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    spyOn(server.store, 'acceptedContacts').and.callFake(async (...asking) => {
      asked.resolve();
      await answered.promise;
      return contacts(...asking);
    });
    const client = server.client();
    await client.open();
    client.write(hello(ada.token()));
    await asked.promise;
    server.time.pass(6_000);
    answered.resolve();
    expect((await client.next('welcome')).how).toBe('new');
  });

  it('P3a is the first frame, and at most 4 KB of it are read', async () => {
    expect(await closedAfter({ type: 'ping' })).toBe(4408);
    expect(await closedAfter(JSON.stringify(hello('x')) + ' '.repeat(4_096))).toBe(4408);
    expect(await closedAfter({ type: 'hello' })).toBe(4400);
    expect(await closedAfter(Buffer.from(JSON.stringify(hello(ada.token()))))).toBe(4400);
  });

  it('P6a keeps at most 200 sockets waiting, refuses more, and takes the next one when one has gone', async () => {
    const waiting = Array.from({ length: FRESH_SOCKETS }, () => server.client());
    await Promise.all(waiting.map(client => client.open()));
    await expectAsync(server.client().open()).toBeRejectedWithError(/503/);
    waiting[0]?.close();
    await waiting[0]?.closed;
    const next = server.client();
    await next.hello(ada.token());
    server.time.pass(6_000);
    await Promise.all(waiting.map(client => client.closed));
    await next.settled();
  });

  describe('without a good token', () => {
    const unsigned = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const cases: Record<string, () => Promise<string> | string> = {
      garbage: () => 'x',
      'signed with another key': () => server.tokens({ key: Buffer.alloc(32, 8) }).issue(subject()),
      'made for another installation': () =>
        server.tokens({ installation: '99999999-9999-4999-8999-999999999999' }).issue(subject()),
      'not signed at all (alg: none)': () => {
        const claims = JSON.parse(Buffer.from(ada.token().split('.')[1]!, 'base64url').toString()) as object;
        return `${unsigned({ alg: 'none', typ: 'JWT' })}.${unsigned(claims)}.`;
      },
      'with its claims exchanged': () => {
        const [head, , signature] = ada.token().split('.');
        return `${head!}.${unsigned({ sub: ada.userId })}.${signature!}`;
      },
      expired: () => {
        const token = ada.token();
        server.time.pass(ACCESS_TOKEN_MS);
        return token;
      },
      'of a device that was removed a moment ago': async () => {
        const phone = await server.otherDevice(ada);
        const token = phone.token();
        await server.store.removeDevice(phone.userId, phone.deviceId);
        return token;
      },
      'of somebody else than its device': () => server.tokens().issue({ ...subject(), userId: newId() }),
    };
    const subject = () => ({
      userId: ada.userId,
      deviceId: ada.deviceId,
      role: 'user' as const,
      family: server.time.clock.now(),
      gen: 1,
    });

    for (const [what, token] of Object.entries(cases)) {
      it(`P4 closes its own socket with 4401 and no other: ${what}`, async () => {
        const bad = await token();
        const client = await server.connect(ada);
        expect(await closedAfter(hello(bad))).toBe(4401);
        await client.settled();
      });
    }
  });
});

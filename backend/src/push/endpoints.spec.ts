import { openBrowser, signUp, type Person } from '../testing/browser.ts';
import { PushService } from '../testing/push-receiver.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { contactOf } from './open-push.ts';
import { createPost } from './post.ts';
import { createPushHosts, isPublic } from './push-hosts.ts';
import { SendQueue } from './send-queue.ts';

describe('push services', () => {
  let service: PushService;
  let server: TestServer;
  let people = 0;
  let ada: Person;

  beforeAll(async () => {
    service = await PushService.start();
    server = await startTestServer({ env: { PUSH_HOSTS: service.hosts }, pushRoots: service.root });
  });
  beforeEach(async () => {
    ada = await signUp(server.origin, `push-${++people}`);
  });
  afterAll(async () => {
    await server.stop();
    await service.stop();
  });

  const subscribe = (person: Person, endpoint: string) =>
    person.ask('PUT', '/api/push', { json: { ...service.subscriber().subscription(), endpoint } });
  const held = async () =>
    (await server.store.pushSubscriptions()).filter(({ userId }) => userId === ada.id).map(({ endpoint }) => endpoint);

  it('WP7a are named by a device, which gets a test notification that it alone can read', async () => {
    const subscriber = service.subscriber();
    expect((await ada.ask('GET', '/api/push')).body.publicKey).toMatch(/^B[\w-]{86}$/);
    expect((await ada.ask('PUT', '/api/push', { json: subscriber.subscription('de') })).status).toBe(204);
    expect((await ada.ask('POST', '/api/push/test')).status).toBe(204);
    const posted = await service.next();
    expect(subscriber.read(posted)).toEqual({ type: 'test', language: 'de' });
    expect(posted.headers.authorization).toMatch(/^vapid t=[\w.-]+, k=B[\w-]{86}$/);
    expect(() => service.subscriber().read(posted)).toThrowError();
    expect((await ada.ask('DELETE', '/api/push')).status).toBe(204);
    expect(await held()).toEqual([]);
  });

  it('R13b get five test notifications a minute', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await ada.ask('POST', '/api/push/test')).status);
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
  });

  it('WP8a are none where the address is another host, port, scheme or no address, or the key is none', async () => {
    const { port } = service;
    for (const endpoint of [
      `http://localhost:${port}/push/1`,
      'https://localhost/push/1',
      `https://127.0.0.1:${port}/push/1`,
      `https://user:pass@localhost:${port}/push/1`,
      `https://localhost.example:${port}/push/1`,
      'https://192.168.1.1/push/1',
      'https://169.254.169.254/latest/meta-data',
      'javascript:alert(1)',
      'localhost',
    ]) {
      const { status, body } = await subscribe(ada, endpoint);
      expect([status, body.type]).withContext(endpoint).toEqual([400, 'bad-request']);
    }
    const { endpoint, keys, language } = service.subscriber().subscription();
    const notOnTheCurve = { ...keys, p256dh: `B${'A'.repeat(86)}` };
    expect((await ada.ask('PUT', '/api/push', { json: { endpoint, keys: notOnTheCurve, language } })).status).toBe(400);
    expect(await held()).toEqual([]);
  });

  /** Pushes to an endpoint whose service behaves so, until it was asked; answers with what the client was told. */
  async function pushed(manner: number): Promise<number> {
    const path = `/push/${String(manner)}-${people}`;
    service.manners.set(path, manner);
    await subscribe(ada, service.origin + path);
    const { status } = await ada.ask('POST', '/api/push/test');
    while ((await service.next()).path !== path);
    return status;
  }
  const logged = (pattern: RegExp) => server.logged.filter(line => pattern.test(line));
  async function becomes<T>(look: () => Promise<T> | T, wanted: (found: T) => boolean): Promise<void> {
    while (!wanted(await look())) await new Promise(resolve => setImmediate(resolve));
  }

  it('WP7c, WP8c end a subscription by 404 and by 410, and the client is told nothing', async () => {
    for (const manner of [404, 410]) {
      expect(await pushed(manner)).toBe(204);
      await becomes(held, left => left.length === 0);
    }
  });

  it('WP8c that answer 403 are an error of the configuration in the log, without the address, once', async () => {
    expect(await pushed(403)).toBe(204);
    await becomes(
      () => logged(/refuses this installation: PUSH_CONTACT/).length,
      lines => lines === 1,
    );
    expect(await pushed(403)).toBe(204);
    expect(logged(/refuses this installation: PUSH_CONTACT/).length).toBe(1);
    expect(logged(/push\/403/).length)
      .withContext('an address may hold a capability')
      .toBe(0);
    expect((await held()).length).toBe(1);
  });

  it('WP8b are not followed to another place', async () => {
    expect(await pushed(302)).toBe(204);
    await becomes(
      () => logged(/answered 302/).length,
      lines => lines > 0,
    );
    expect(service.posted.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  it('WP6b decline nothing by a token that was never given, and not more than thirty times a minute', async () => {
    const stranger = openBrowser(server.origin);
    const statuses: number[] = [];
    const json = { token: 'A'.repeat(43) };
    for (let i = 0; i < 31; i++) statuses.push((await stranger.ask('POST', '/api/push/decline', { json })).status);
    expect(new Set(statuses.slice(0, 30))).toEqual(new Set([404]));
    expect(statuses.at(-1)).toBe(429);
  });

  it('WP12a, WP12b may write to PUSH_CONTACT, else to a public origin, else to an example address, which the log of a start says', async () => {
    expect(contactOf({ pushContact: 'mailto:me@parley.org', publicOrigin: 'https://parley.org' })).toMatch(/^mailto:/);
    expect(contactOf({ pushContact: undefined, publicOrigin: 'https://parley.org' })).toBe('https://parley.org');
    expect(contactOf({ pushContact: undefined, publicOrigin: 'https://nas.lan' })).toBeUndefined();
    await pushed(201);
    const { authorization = '' } = service.posted.at(-1)!.headers;
    const claims = /t=[\w-]+\.([\w-]+)/.exec(authorization)?.[1] ?? '';
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual(
      jasmine.objectContaining({ sub: 'https://example.org/parley', aud: service.origin }),
    );
    const before = logged(/PUSH_CONTACT is not set/).length;
    await server.restart();
    expect(logged(/PUSH_CONTACT is not set/).length).toBe(before + 1);
  });

  it('WP7b, WP7c are forgotten by a logout, and what was made with another key at the next start', async () => {
    const endpoint = `${service.origin}/push/old-key-${people}`;
    await subscribe(ada, endpoint);
    await server.store.subscribePush({
      deviceId: (await server.store.devicesOf(ada.id))[0]!.id,
      endpoint,
      p256dh: 'x',
      auth: 'x',
      language: 'en',
      key: 'of another installation',
      at: Date.now(),
    });
    await server.restart();
    expect(await held()).toEqual([]);
    await subscribe(ada, endpoint);
    expect(await held()).toEqual([endpoint]);
    await ada.ask('POST', '/api/auth/logout');
    expect(await held()).toEqual([]);
  });
});

describe('a post to a push service', () => {
  let service: PushService;
  beforeEach(async () => (service = await PushService.start()));
  afterEach(() => service.stop());
  const push = (path: string) => ({
    endpoint: `${service.origin}${path}`,
    headers: { TTL: 1 },
    body: Buffer.from('x'),
  });
  const post = (hosts: string, timeoutMs = 5_000) =>
    createPost(createPushHosts(hosts.split(',')), { ca: service.root, timeoutMs });

  it('WP8a does not leave for a private address, listed name or not, unless the address is listed too', async () => {
    const name = `localhost:${service.port}`;
    const reason = 'has no address that may be asked';
    expect(await post(name)(push('/private'))).toEqual({ kind: 'failed', reason });
    expect(await post(`${name},127.0.0.1`)(push('/listed'))).toEqual({ kind: 'accepted' });
    expect(service.posted.map(({ path }) => path)).toEqual(['/listed']);
  });

  it('WP8b is given up after its time', async () => {
    service.manners.set('/slow', 'silence');
    const began = performance.now();
    expect(await post(service.hosts, 200)(push('/slow'))).toEqual({ kind: 'later', reason: 'did not answer in time' });
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it('WP8a needs a certificate that is trusted', async () => {
    const trusting = createPost(createPushHosts(service.hosts.split(',')));
    expect((await trusting(push('/untrusted'))).kind).toBe('later');
    expect(service.posted.some(({ path }) => path === '/untrusted')).toBe(false);
  });

  it('WP8a knows public addresses from all others', () => {
    const not =
      '10.1.2.3 127.0.0.1 169.254.169.254 172.31.0.1 192.168.0.1 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255';
    const nor =
      '::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1 2002:a00:1:: 2001:db8::1 x';
    for (const address of `${not} ${nor}`.split(' ')) expect(isPublic(address)).withContext(address).toBe(false);
    for (const address of ['8.8.8.8', '172.32.0.1', '2a00:1450:4001::1']) expect(isPublic(address)).toBe(true);
  });
});

describe('what waits to be pushed', () => {
  const gate = () => Promise.withResolvers<undefined>();

  it('WP9a goes eight abreast to one service, and a slow one holds up no other', async () => {
    const queue = new SendQueue(() => 0);
    const slow = gate();
    let begun = 0;
    for (let i = 0; i < 20; i++) queue.add({ lane: 'slow', key: `${i}`, run: () => (begun++, slow.promise) });
    expect(begun).toBe(8);
    const other = gate();
    queue.add({ lane: 'quick', key: 'other', run: () => (other.resolve(undefined), other.promise) });
    await other.promise;
    slow.resolve(undefined);
    await queue.idle();
    expect(begun).toBe(20);
  });

  it('WP9c is replaced by newer news of the same, and never overtaken by it', async () => {
    const queue = new SendQueue(() => 0);
    const told: string[] = [];
    const first = gate();
    const tell = (news: string, until?: Promise<undefined>) => ({
      lane: 'one',
      key: 'call',
      run: async () => {
        told.push(news);
        return until;
      },
    });
    queue.add(tell('rings', first.promise));
    queue.add(tell('rings still'));
    queue.add(tell('missed'));
    expect(told).toEqual(['rings']);
    first.resolve(undefined);
    await queue.idle();
    expect(told).toEqual(['rings', 'missed']);
  });

  it('WP9b is refused when two thousand wait', async () => {
    const queue = new SendQueue(() => 0);
    const never = gate();
    const add = (key: string) => queue.add({ lane: 'stuck', key, run: () => never.promise });
    for (let i = 0; i < 2_008; i++) expect(add(`${i}`)).toBe(true);
    expect(add('one more')).toBe(false);
    expect(add('2007')).withContext('what replaces is taken').toBe(true);
    queue.close();
    never.resolve(undefined);
    await queue.idle();
  });
});

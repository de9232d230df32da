import type { MessageId } from '#protocol/ids';
import { ACCESS_TOKEN_MS } from '../auth/tokens.ts';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

describe('a session', () => {
  let server: LiveServer;
  let ada: TestDevice;
  let names = 0;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  beforeEach(async () => {
    ada = await server.person(`ada-${++names}`);
  });
  afterAll(() => server.stop());

  /** Something reliable, for one device. */
  const tell = ({ userId }: TestDevice) =>
    server.events.say({ kind: 'deliver', deliveries: [{ userId, frame: { type: 'contacts.changed' } }] });

  it('P10a is resumed by its own device: nothing is lost, and nothing comes twice', async () => {
    const client = await server.connect(ada);
    tell(ada);
    await client.next('contacts.changed');
    const { session } = client;
    client.cut();
    tell(ada);
    tell(ada);
    const welcome = await client.hello(ada.token());
    expect(welcome).toEqual(jasmine.objectContaining({ how: 'resumed', session }));
    expect((await client.next('contacts.changed')).n).toBe(2);
    expect((await client.next('contacts.changed')).n).toBe(3);
    await client.settled();
    expect(client.unread('contacts.changed')).toEqual([]);
  });

  it('P10b is over when its window is: the next one is new, and counts from one', async () => {
    const client = await server.connect(ada);
    tell(ada);
    await client.next('contacts.changed');
    client.cut();
    await server.seen(ada, 0);
    server.time.pass(60_500);
    expect((await client.hello(ada.token())).how).toBe('new');
    tell(ada);
    expect((await client.next('contacts.changed')).n).toBe(1);
  });

  it('P10c belongs to one device: naming it with another token closes with 4401, and costs its owner nothing', async () => {
    const client = await server.connect(ada);
    const eve = await server.person(`eve-${names}`);
    const phone = await server.otherDevice(ada);
    for (const stranger of [eve, phone]) {
      const thief = server.client();
      await thief.open();
      thief.write({ type: 'hello', token: stranger.token(), session: client.session, received: 0 });
      expect(await thief.closed).toBe(4401);
    }
    await client.settled();
  });

  it('P11 that is named but not known, or confirmed beyond what was said, becomes a new one', async () => {
    const client = await server.connect(ada);
    const { session } = client;
    client.cut();
    for (const hello of [
      { session: crypto.randomUUID(), received: 0 },
      { session, received: 99 },
    ]) {
      const other = server.client();
      await other.open();
      other.write({ type: 'hello', token: ada.token(), ...hello });
      expect((await other.next('welcome')).how).toBe('new');
    }
  });

  it('P12 of a device is one: the later hello closes the older socket with 4409', async () => {
    const tab = await server.connect(ada);
    const otherTab = await server.connect(ada);
    expect(await tab.closed).toBe(4409);
    tell(ada);
    await otherTab.next('contacts.changed');
    const phone = await server.connect(await server.otherDevice(ada));
    tell(ada);
    await Promise.all([otherTab.next('contacts.changed'), phone.next('contacts.changed')]);
  });

  it('P13a, P13b ends at once with bye, 1000 and 1001, and waits in its window after any other end', async () => {
    const ends: [string, (client: TestClient) => void, 'new' | 'resumed'][] = [
      ['bye', client => client.say({ type: 'bye' }), 'new'],
      ['1000', client => client.close(1000), 'new'],
      ['1001', client => client.close(1001), 'new'],
      ['3000', client => client.close(3000), 'resumed'],
      ['a cut', client => client.cut(), 'resumed'],
    ];
    for (const [name, end, how] of ends) {
      const client = await server.connect(ada);
      end(client);
      await client.closed;
      await server.seen(ada, 0);
      expect((await client.hello(ada.token())).how)
        .withContext(name)
        .toBe(how);
      client.say({ type: 'bye' });
      expect(await client.closed).toBe(1000);
    }
  });

  it('P14 has been welcomed before its page says anything but bye', async () => {
    const client = server.client();
    await client.open();
    client.write({ type: 'hello', token: ada.token() });
    client.write({ type: 'ping' });
    expect(await client.closed).toBe(4400);
    await client.open();
    client.write({ type: 'hello', token: ada.token() });
    client.write({ type: 'bye' });
    expect(await client.closed).toBe(1000);
  });

  it('P15 is asked after 25 s of silence, and its socket given up after 40', async () => {
    const client = await server.connect(ada);
    server.time.pass(24_000);
    await client.settled();
    expect(client.unread('ping')).toEqual([]);
    server.time.pass(25_500);
    await client.next('ping');
    client.ack();
    await client.settled();
    server.time.pass(39_000);
    await client.settled();
    server.time.pass(40_500);
    expect(await client.closed).toBe(1006);
    expect((await client.hello(ada.token())).how).toBe('resumed');
  });

  it('P5a is closed with 4401 when its token runs out, and goes on with the next one', async () => {
    const client = await server.connect(ada);
    for (let passed = 0; passed < ACCESS_TOKEN_MS; passed += 30_000) {
      await client.settled();
      server.time.pass(30_000);
    }
    expect(await client.closed).toBe(4401);
    expect((await client.hello(ada.token())).how).toBe('resumed');
  });

  it('P5b renews its token by a hello on its own socket: nothing is closed and nothing is sent again', async () => {
    const client = await server.connect(ada);
    client.acks = false;
    tell(ada);
    await client.next('contacts.changed');
    for (let passed = 0; passed < 2 * ACCESS_TOKEN_MS; passed += 30_000) {
      if (passed % 300_000 === 0) {
        client.write({ type: 'hello', token: ada.token(), session: client.session });
        const welcome = await client.next('welcome');
        expect(welcome).toEqual(jasmine.objectContaining({ how: 'resumed', session: client.session }));
        expect(welcome.tokenMs).toBeGreaterThan(ACCESS_TOKEN_MS - 1_000);
        expect(welcome.n).toBeUndefined();
      }
      await client.settled();
      server.time.pass(30_000);
    }
    expect(client.unread('contacts.changed')).toEqual([]);
    client.write({ type: 'hello', token: (await server.otherDevice(ada)).token(), session: client.session });
    expect(await client.closed).toBe(4401);
  });

  it('P5c is not renewed by a hello that names another session', async () => {
    const client = await server.connect(ada);
    client.write({ type: 'hello', token: ada.token() });
    expect(await client.closed).toBe(4400);
  });

  it('P16 of a device that is removed ends at once, with 4401, and cannot be resumed', async () => {
    const client = await server.connect(ada);
    const phone = await server.otherDevice(ada);
    const other = await server.connect(phone);
    await server.store.removeDevice(phone.userId, phone.deviceId);
    server.events.say({ kind: 'devices-removed', deviceIds: [phone.deviceId] });
    expect(await other.closed).toBe(4401);
    await other.open();
    other.write({ type: 'hello', token: phone.token(), session: other.session, received: 0 });
    expect(await other.closed).toBe(4401);
    await client.settled();
  });

  it('P19a is told of a restart, and closed with 1012 when all that was asked is answered', async () => {
    const live = await LiveServer.start();
    const [ann, ben] = [await live.person('ann'), await live.person('ben')];
    const conversationId = await live.befriend(ann, ben);
    const client = await live.connect(ann);
    const ids = Array.from({ length: 20 }, () => newId<MessageId>());
    for (const id of ids) client.say({ type: 'chat.post', counts: true, conversationId, id, data: 'x' });
    await client.settled();
    const drained = live.signaling.drain();
    expect((await client.next('server.restarting')).spreadMs).toBe(1);
    for (const id of ids) await client.next('chat.posted', posted => posted.id === id);
    expect(await client.closed).toBe(1012);
    await drained;
    await live.stop();
  });
});

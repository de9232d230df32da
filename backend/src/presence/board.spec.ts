import type { PersonPresence } from '#protocol/session-frames';
import { LiveServer } from '../testing/live-server.ts';
import { relationChange, type TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';

describe('presence over the wire', () => {
  let server: LiveServer;
  let names = 0;
  let [ada, ben, eve]: TestDevice[] = [];
  let benLine: TestClient;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  beforeEach(async () => {
    names++;
    [ada, ben, eve] = await Promise.all(['ada', 'ben', 'eve'].map(name => server.person(`${name}-${names}`)));
    await server.befriend(ada!, ben!);
    benLine = await server.connect(ben!);
  });
  afterAll(() => server.stop());

  const shown = (client: TestClient, visible = true) => client.say({ type: 'presence', visible });
  const told = async (client: TestClient): Promise<PersonPresence> => {
    const { userId, state, lastSeen } = await client.next('presence');
    return { userId, state, ...(lastSeen === undefined ? {} : { lastSeen }) };
  };
  async function nothingIsTold(...clients: TestClient[]): Promise<void> {
    await server.signaling.idle();
    await Promise.all(clients.map(client => client.settled()));
    for (const client of clients) expect(client.unread('presence')).toEqual([]);
  }
  /** Passes time in steps in which these clients are not silent. */
  async function pass(ms: number, ...clients: TestClient[]): Promise<void> {
    for (let left = ms; left > 0; left -= 20_000) {
      await Promise.all(clients.map(client => client.settled()));
      server.time.pass(Math.min(left, 20_000));
    }
  }

  it('N1b begins with a visible page, not with a socket, and is in every welcome', async () => {
    const adaLine = await server.connect(ada!);
    await nothingIsTold(benLine);
    shown(adaLine);
    const online = { userId: ada!.userId, state: 'online' } as const;
    expect(await told(benLine)).toEqual(online);
    const phone = server.client();
    expect((await phone.hello((await server.otherDevice(ben!)).token())).presence).toEqual([online]);
    benLine.cut();
    const again = await benLine.hello(ben!.token());
    expect([again.how, again.presence]).toEqual(['resumed', [online]]);
  });

  it('N2a ends ten seconds after the last live socket, with the time it was lost; a session without one counts for nothing', async () => {
    const adaLine = await server.connect(ada!);
    shown(adaLine);
    await told(benLine);
    const lastSeen = server.time.clock.now();
    adaLine.cut();
    await server.seen(ada!, 0);
    await pass(9_000, benLine);
    await nothingIsTold(benLine);
    await pass(1_500, benLine);
    const gone = await told(benLine);
    expect(gone).toEqual(jasmine.objectContaining({ userId: ada!.userId, state: 'offline' }));
    expect(gone.lastSeen! - lastSeen).toBeLessThan(1_000);
    expect((await adaLine.hello(ada!.token())).how).toBe('resumed');
    expect((await told(benLine)).state).toBe('online');
  });

  it('N1a lasts a minute behind a hidden page', async () => {
    const adaLine = await server.connect(ada!);
    shown(adaLine);
    await told(benLine);
    shown(adaLine, false);
    await pass(59_000, adaLine, benLine);
    shown(adaLine);
    shown(adaLine, false);
    await pass(60_000, adaLine, benLine);
    await nothingIsTold(benLine);
    await pass(10_500, adaLine, benLine);
    expect((await told(benLine)).state).toBe('offline');
  });

  it('N3 is told to accepted contacts alone', async () => {
    const eveLine = await server.connect(eve!);
    await server.store.requestContact(eve!.userId, ada!.userId, 1);
    const adaLine = await server.connect(ada!);
    shown(adaLine);
    await told(benLine);
    await nothingIsTold(eveLine, adaLine);
    await server.store.acceptContact(ada!.userId, eve!.userId, 1);
    server.events.say({ kind: 'relation-changed', change: relationChange(ada!, eve!, 'met') });
    expect((await told(eveLine)).state).toBe('online');
    await nothingIsTold(adaLine);
    const lastSeen = server.time.clock.now();
    await server.store.removeContact(eve!.userId, ada!.userId);
    server.events.say({ kind: 'relation-changed', change: relationChange(ada!, eve!, 'removed') });
    await nothingIsTold(eveLine);
    await pass(10_500, adaLine, benLine, eveLine);
    expect(await told(eveLine)).toEqual({ userId: ada!.userId, state: 'offline', lastSeen });
  });

  it('N4a of a person who has blocked one ends as if they had left then, and stays so until they unblock', async () => {
    const adaLine = await server.connect(ada!);
    shown(adaLine);
    await told(benLine);
    const frozen = { userId: ada!.userId, state: 'offline' as const, lastSeen: server.time.clock.now() };
    await server.store.block(ada!.userId, ben!.userId, 1);
    server.events.say({ kind: 'relation-changed', change: relationChange(ada!, ben!, 'blocked') });
    await pass(9_000, adaLine, benLine);
    await nothingIsTold(benLine);
    const phone = server.client();
    const present = [{ userId: ada!.userId, state: 'online' as const }];
    expect((await phone.hello((await server.otherDevice(ben!)).token())).presence).toEqual(present);
    await pass(1_500, adaLine, benLine, phone);
    expect(await told(benLine)).toEqual(frozen);
    adaLine.say({ type: 'bye' });
    await adaLine.closed;
    await pass(30_000, benLine, phone);
    shown(await server.connect(ada!));
    await nothingIsTold(benLine);
    benLine.cut();
    expect((await benLine.hello(ben!.token())).presence).toEqual([]);
  });

  it('N4b of a person who has unblocked one begins as if they had just come; within ten seconds they never left', async () => {
    const adaLine = await server.connect(ada!);
    shown(adaLine);
    await told(benLine);
    const change = async (what: 'met' | 'blocked') => {
      if (what === 'met') await server.store.unblock(ada!.userId, ben!.userId);
      else await server.store.block(ada!.userId, ben!.userId, 1);
      server.events.say({ kind: 'relation-changed', change: relationChange(ada!, ben!, what) });
    };
    await change('blocked');
    await pass(9_000, adaLine, benLine);
    await change('met');
    await pass(30_000, adaLine, benLine);
    await nothingIsTold(benLine);
    await change('blocked');
    await pass(10_500, adaLine, benLine);
    expect((await told(benLine)).state).toBe('offline');
    await change('met');
    expect(await told(benLine)).toEqual({ userId: ada!.userId, state: 'online' });
    adaLine.say({ type: 'bye' });
    await adaLine.closed;
    await pass(10_500, benLine);
    expect((await told(benLine)).state).toBe('offline');
    await change('blocked');
    await change('met');
    await pass(30_000, benLine);
    await nothingIsTold(benLine);
  });
});

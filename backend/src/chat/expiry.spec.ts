import type { ConversationId, MessageId } from '#protocol/ids';
import { EXPIRED_KEPT_MS, EXPIRES_LEAST_MS, EXPIRES_MOST_MS } from '#protocol/limits';
import { newId } from '../testing/new-id.ts';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';

const DAY = 86_400_000;

describe('messages that expire', () => {
  let server: LiveServer;
  let [ada, ben]: TestDevice[] = [];
  let conversationId: ConversationId;
  let adaLine: TestClient;
  let benLine: TestClient;
  let began: number;
  let clock: jasmine.Spy<() => number>;

  beforeEach(async () => {
    server = await LiveServer.start();
    began = server.time.clock.now();
    clock = spyOn(server.time.clock, 'now').and.callThrough();
    [ada, ben] = [await server.person('ada'), await server.person('ben')];
    conversationId = await server.befriend(ada, ben);
    [adaLine, benLine] = [await server.connect(ada), await server.connect(ben)];
  });
  afterEach(() => server.stop());

  const post = (expiresAfterMs?: number) => ({
    type: 'chat.post' as const,
    conversationId,
    id: newId<MessageId>(),
    counts: true,
    data: 'for a while',
    ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
  });
  const shown = async () =>
    (await server.store.messagesSince(conversationId, ben!.userId, 0, 500)).map(one => 'data' in one);
  /** Only the clock moves, not the timers: a month of rounds would take a minute. Tokens of before have run out. */
  async function clockAt(ms: number): Promise<void> {
    clock.and.returnValue(began + ms);
    [adaLine, benLine] = [await server.connect(ada!), await server.connect(ben!)];
  }
  /** The server has looked for what has expired by now. */
  async function looked(): Promise<void> {
    for (const ms of [30_000, 30_000, 500, 500, 500]) {
      await Promise.all([adaLine.settled(), benLine.settled()]);
      await server.signaling.idle();
      server.time.pass(ms);
    }
    await server.signaling.idle();
  }

  it('M13a from a minute to a year are taken, everything else is refused for good and changes nothing', async () => {
    for (const expiresAfterMs of [EXPIRES_LEAST_MS - 1, 0, -1, EXPIRES_MOST_MS + 1, Number.MAX_SAFE_INTEGER]) {
      const refused = post(expiresAfterMs);
      adaLine.say(refused);
      const fault = await adaLine.next('fault');
      expect(fault.re).toEqual({ type: 'chat.post', id: refused.id });
      expect([fault.code, fault.retryMs]).toEqual(['out-of-bounds', undefined]);
    }
    for (const expiresAfterMs of [EXPIRES_LEAST_MS, EXPIRES_MOST_MS]) {
      adaLine.say(post(expiresAfterMs));
      await adaLine.next('chat.posted');
      const { message } = await benLine.next('chat.message');
      expect(Object.keys(message)).withContext('as any other').not.toContain('expiresAfterMs');
    }
    expect(await shown()).toEqual([true, true]);
  });

  it('M13b are forgotten at twice their time and not before thirty days, and told like what is retracted', async () => {
    for (const expiresAfterMs of [DAY, 20 * DAY, undefined]) {
      adaLine.say(post(expiresAfterMs));
      await adaLine.next('chat.posted');
    }
    await clockAt(EXPIRED_KEPT_MS - 1);
    await looked();
    expect(await shown()).toEqual([true, true, true]);
    await clockAt(EXPIRED_KEPT_MS);
    await looked();
    expect((await benLine.next('chat.retracted')).message.seq).toBe(1);
    expect((await adaLine.next('chat.retracted')).message.seq).toBe(1);
    expect(await shown()).toEqual([false, true, true]);
    await clockAt(40 * DAY - 1);
    await looked();
    expect(await shown()).toEqual([false, true, true]);
    await clockAt(40 * DAY);
    await looked();
    expect(await shown()).toEqual([false, false, true]);
    const list = await server.store.conversationsOf(ben!.userId, undefined, 5);
    expect(list !== 'bad-cursor' && list.items[0]).toEqual(jasmine.objectContaining({ unread: 1, retractions: 2 }));
  });

  it('M13b are forgotten however many they are, and at a start what has expired meanwhile', async () => {
    const author = { userId: ada!.userId, deviceId: ada!.deviceId };
    const message = { conversationId, author, counts: true, data: 'old', at: 1, withheldFrom: [], expiresAt: 2 };
    for (let i = 0; i < 250; i++) await server.store.appendMessage({ ...message, id: newId() });
    await looked();
    expect(new Set(await shown())).toEqual(new Set([false]));
    await server.store.appendMessage({ ...message, id: newId() });
    await server.crash();
    server.time.pass(500);
    await server.signaling.idle();
    expect((await shown()).at(-1)).toBeFalse();
  });

  it('M13b wait for a store that cannot forget them now', async () => {
    adaLine.say(post(DAY));
    await adaLine.next('chat.posted');
    const broken = spyOn(server.store, 'forgetExpired').and.rejectWith(new Error('away'));
    await clockAt(EXPIRED_KEPT_MS);
    await looked();
    expect(broken.calls.count()).toBeGreaterThan(0);
    expect(await shown()).toEqual([true]);
    broken.and.callThrough();
    await looked();
    expect(await shown()).toEqual([false]);
  });
});

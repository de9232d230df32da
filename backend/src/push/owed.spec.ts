import type { CallId, ConversationId } from '#protocol/ids';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import { PushService, type Manner, type Posted, type Subscriber } from '../testing/push-receiver.ts';
import type { TestClient } from '../testing/test-client.ts';
import { restOf } from './post.ts';
import { SendQueue } from './send-queue.ts';
import { newId } from '../testing/new-id.ts';

describe('what is owed to closed apps', () => {
  let service: PushService;
  let server: LiveServer;
  let names = 0;
  let [ada, ben]: TestDevice[] = [];
  let conversationId: ConversationId;
  let adaLine: TestClient;
  let phone: Subscriber;

  beforeAll(async () => {
    service = await PushService.start();
    server = await LiveServer.start({ pushService: service });
  });
  beforeEach(async () => {
    names++;
    [ada, ben] = await Promise.all(['ada', 'ben'].map(name => server.person(`${name}-${names}`)));
    conversationId = await server.befriend(ada!, ben!);
    adaLine = await server.connect(ada!);
    phone = service.subscriber();
    expect(await server.push.subscribe(ben!, phone.subscription())).toBe('subscribed');
    server.time.pass(1_000);
  });
  afterEach(async () => {
    expect(service.drain()).withContext('nothing is pushed that nobody expects').toBe(0);
    // Nobody is owed anything when the next spec restarts the server.
    for (const device of [ada!, ben!]) await server.push.unsubscribe(device.deviceId);
  });
  afterAll(async () => {
    await server.stop();
    await service.stop();
  });

  async function posts(): Promise<number> {
    adaLine.say({ type: 'chat.post', counts: true, conversationId, id: newId(), data: 'hello' });
    return (await adaLine.next('chat.posted')).seq;
  }
  /** Time passes, second by second, and everything that becomes due meanwhile is sent; Ada's socket is heard of. */
  async function passes(seconds: number): Promise<void> {
    for (let left = seconds; left >= 0; left--) {
      if (left === seconds || left % 15 === 0) await adaLine.settled();
      await server.signaling.idle();
      server.time.pass(Math.min(left, 1) * 1_000);
      await server.signaling.idle();
      await server.push.idle();
    }
  }
  async function restarts(): Promise<void> {
    await server.crash();
    adaLine = await server.connect(ada!);
  }
  const answers = (manner: Manner) => service.manners.set(new URL(phone.endpoint).pathname, manner);
  const invite = (callId: CallId) =>
    adaLine.say({ type: 'call.invite', receiverId: ben!.userId, callId, media: 'audio' });
  const read = (posted: Posted) => phone.read(posted);
  const message = () => jasmine.objectContaining({ type: 'message', conversationId });

  describe('is tried again', () => {
    for (const manner of ['cut', 503, 429] as const) {
      it(`WP10a after ${manner}, later and later, until the service takes it`, async () => {
        answers(manner);
        await posts();
        await passes(40);
        const tries = service.drain();
        expect(tries).toBeGreaterThan(3);
        expect(tries).toBeLessThan(10);
        answers(201);
        await passes(40);
        expect(read(await service.next())).toEqual(message());
      });
    }

    it('WP10b not before the service wants to be asked again, by anything that goes there', async () => {
      answers({ status: 429, retryAfter: '60' });
      await posts();
      await passes(6);
      await service.next();
      const callId = newId<CallId>();
      invite(callId);
      await passes(46);
      expect((await adaLine.next('call.ended')).reason).toBe('no-answer');
      expect(service.unread).toBe(0);
      answers(201);
      await passes(15);
      const pushed = [read(await service.next()), read(await service.next())].map(({ type }) => type);
      expect(pushed.sort()).toEqual(['call-over', 'message']);
    });

    it('WP10c no longer than the ring lasts: what comes later is that it was missed', async () => {
      answers(503);
      const callId = newId<CallId>();
      invite(callId);
      await passes(44);
      expect(service.drain()).toBeGreaterThan(3);
      await passes(2);
      expect((await adaLine.next('call.ended')).reason).toBe('no-answer');
      service.drain();
      answers(201);
      await passes(10);
      expect(read(await service.next())).toEqual(jasmine.objectContaining({ type: 'call-over', callId }));
    });

    it('WP10c no more where the page has confirmed it meanwhile', async () => {
      answers('cut');
      const seq = await posts();
      await passes(6);
      expect(service.drain()).toBeGreaterThan(0);
      const line = await server.connect(ben!);
      line.say({ type: 'chat.received', conversationId, seq });
      await line.settled();
      answers(201);
      await passes(30);
      line.close();
    });

    it('WP10a not after an answer that will not change', async () => {
      answers(413);
      await posts();
      await passes(6);
      expect(read(await service.next())).toEqual(message());
      await passes(60);
    });
  });

  describe('is known after a restart', () => {
    it('WP11a a message of which no device was told, once, however often the server is started', async () => {
      await posts();
      await restarts();
      await passes(9);
      expect(service.unread).toBe(0);
      await passes(3);
      expect(read(await service.next())).toEqual(message());
      await server.push.idle();
      await restarts();
      await passes(20);
    });

    it('WP11a a message whose push had failed till then', async () => {
      answers('cut');
      await posts();
      await passes(20);
      service.drain();
      await restarts();
      answers(201);
      await passes(12);
      expect(read(await service.next())).toEqual(message());
    });

    it('WP11a not a message that its page has confirmed, before or after, nor an own one', async () => {
      const line = await server.connect(ben!);
      line.say({ type: 'chat.received', conversationId, seq: await posts() });
      await line.settled();
      await server.signaling.idle();
      await restarts();
      const seq = await posts();
      await restarts();
      const back = await server.connect(ben!);
      back.say({ type: 'chat.received', conversationId, seq });
      await back.settled();
      const adasPhone = service.subscriber();
      await server.push.subscribe(ada!, adasPhone.subscription());
      await passes(20);
      back.close();
    });

    it('WP11b, CA13a a ring that the restart has ended: it was missed', async () => {
      const callId = newId<CallId>();
      invite(callId);
      expect(read(await service.next()).type).toBe('ring');
      await restarts();
      await passes(1);
      expect(read(await service.next())).toEqual(
        jasmine.objectContaining({ type: 'call-over', callId, how: 'missed', name: `ada-${names}` }),
      );
      await restarts();
      await passes(20);
    });

    it('WP11b a missed call whose push had failed till then, if it was not looked at meanwhile', async () => {
      const ended = async () => {
        answers(503);
        invite(newId());
        await passes(46);
        expect((await adaLine.next('call.ended')).reason).toBe('no-answer');
        service.drain();
      };
      await ended();
      await server.store.markCallsSeen(ben!.userId, Number.MAX_SAFE_INTEGER);
      await restarts();
      answers(201);
      await passes(12);
      await ended();
      await restarts();
      answers(201);
      await passes(12);
      expect(read(await service.next())).toEqual(jasmine.objectContaining({ type: 'call-over', how: 'missed' }));
    });
  });
});

describe('what is to be tried again', () => {
  it('WP9c, WP10a gives way to newer news of the same', async () => {
    let now = 0;
    const queue = new SendQueue(() => now);
    const told: string[] = [];
    const tell = (news: string, againMs?: number) => ({
      lane: 'one',
      key: 'call',
      run: async (attempt: number) => {
        told.push(`${news} ${attempt}`);
        return attempt === 0 ? againMs : undefined;
      },
    });
    queue.add(tell('rings', 1_000));
    await queue.idle();
    queue.add(tell('missed', 2_000));
    await queue.idle();
    now = 1_500;
    queue.tick();
    await queue.idle();
    expect(told).toEqual(['rings 0', 'missed 0']);
    now = 2_000;
    queue.tick();
    await queue.idle();
    expect(told).toEqual(['rings 0', 'missed 0', 'missed 1']);
  });

  it('WP10b is told when by seconds or a date, an hour at most', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(['', 'soon', undefined].map(text => restOf(text, now))).toEqual(new Array(3).fill(undefined));
    expect(restOf('120', now)).toBe(120_000);
    expect(restOf('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
    expect(restOf('Thu, 01 Jan 2015 00:00:30 GMT', now)).toBe(0);
    expect(restOf('999999999', now)).toBe(3_600_000);
  });
});

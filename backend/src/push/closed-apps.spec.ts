import type { CallId, ConversationId, MessageId } from '#protocol/ids';
import { REACHABLE_WITHIN_MS } from '#protocol/limits';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import { PushService, type Posted, type Subscriber } from '../testing/push-receiver.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

describe('closed apps', () => {
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
    phone = await subscribed(ben!);
  });
  afterEach(() => expect(service.drain()).withContext('nothing is pushed that nobody expects').toBe(0));
  afterAll(async () => {
    await server.stop();
    await service.stop();
  });

  async function subscribed(device: TestDevice, language: 'en' | 'de' = 'en'): Promise<Subscriber> {
    const subscriber = service.subscriber();
    expect(await server.push.subscribe(device, subscriber.subscription(language))).toBe('subscribed');
    return subscriber;
  }
  async function posts(data = 'hello'): Promise<number> {
    adaLine.say({ type: 'chat.post', counts: true, conversationId, id: newId(), data });
    return (await adaLine.next('chat.posted')).seq;
  }
  /** Everything that was due is sent. Meanwhile Ada is heard of: a socket that is silent for 40 s is given up. */
  async function passes(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 15_000) {
      await adaLine.settled();
      await server.signaling.idle();
      server.time.pass(Math.min(left, 15_000));
      await server.signaling.idle();
      await server.push.idle();
    }
  }
  const to = (posted: Posted, subscriber: Subscriber) => subscriber.endpoint.endsWith(posted.path);
  const callTo = ({ userId }: TestDevice, callId: CallId) => ({ receiverId: userId, callId });

  describe('are told of messages', () => {
    it('WP1a after five seconds without a confirmation, once, by a name and nothing of the words', async () => {
      await posts('a secret of mine');
      await posts('and another');
      await passes(4_500);
      expect(service.unread).toBe(0);
      await passes(1_000);
      const posted = await service.next();
      expect(phone.read(posted)).toEqual({ type: 'message', language: 'en', conversationId, name: `ada-${names}` });
      expect([posted.headers['ttl'], posted.headers['urgency']]).toEqual([String(7 * 86_400), 'normal']);
      expect(posted.headers['content-encoding']).toBe('aes128gcm');
      expect(posted.headers['topic']).toMatch(/^[\w-]{32}$/);
      await passes(60_000);
    });

    it('WP1a, WP1b not where the page has confirmed in time, nor to the writer, nor where they have no subscription', async () => {
      await subscribed(ada!);
      const line = await server.connect(ben!);
      const seq = await posts();
      await line.next('chat.message');
      line.say({ type: 'chat.received', conversationId, seq });
      await line.settled();
      await passes(10_000);
      line.close();
    });

    it('WP1a each device for itself: the laptop has it, the phone is pushed, in its language', async () => {
      const laptop = await server.otherDevice(ben!);
      const german = await subscribed(await server.otherDevice(ben!), 'de');
      await subscribed(laptop);
      const line = await server.connect(laptop);
      line.say({ type: 'chat.received', conversationId, seq: await posts() });
      await line.settled();
      await passes(6_000);
      const pushed = [await service.next(), await service.next()];
      expect(pushed.map(posted => to(posted, phone)).sort()).toEqual([false, true]);
      const other = pushed.find(posted => !to(posted, phone))!;
      expect(german.read(other).language).toBe('de');
      line.close();
    });

    describe('that are retracted', () => {
      const takesBack = async (id: MessageId) => {
        adaLine.say({ type: 'chat.retract', conversationId, target: { conversationId, authorId: ada!.userId, id } });
        await adaLine.next('chat.retracted');
      };
      const postsOne = async () => {
        const id = newId<MessageId>();
        adaLine.say({ type: 'chat.post', counts: true, conversationId, id, data: 'hello' });
        await adaLine.next('chat.posted');
        return id;
      };

      it('WP13a, WP13b not where nothing else is to be told, and where something is, of that', async () => {
        const [first, second] = [await postsOne(), await postsOne()];
        await takesBack(second);
        await passes(6_000);
        expect(phone.read(await service.next()).type).toBe('message');
        await takesBack(first);
        await passes(0);
        expect(phone.read(await service.next()).type)
          .withContext('was told already')
          .toBe('read');
        await takesBack(await postsOne());
        await passes(60_000);
      });

      it('WP13a not once more of what the page has confirmed', async () => {
        const line = await server.connect(ben!);
        await postsOne();
        line.say({ type: 'chat.received', conversationId, seq: 1 });
        await line.settled();
        await takesBack(await postsOne());
        await passes(60_000);
        line.close();
      });
    });

    it('WP2a about one conversation once in thirty seconds, however many come', async () => {
      await posts();
      await passes(6_000);
      await service.next();
      for (let i = 0; i < 5; i++) await posts();
      await passes(20_000);
      expect(service.unread).toBe(0);
      await passes(15_000);
      expect(phone.read(await service.next()).type).toBe('message');
    });

    it('WP3a what was read on another device is withdrawn: now or never, under the same topic', async () => {
      const seq = await posts();
      await passes(6_000);
      const { headers } = await service.next();
      const laptop = await server.otherDevice(ben!);
      const line = await server.connect(laptop);
      line.say({ type: 'chat.read', conversationId, seq });
      await line.settled();
      await passes(0);
      const withdrawn = await service.next();
      expect(phone.read(withdrawn)).toEqual({ type: 'read', language: 'en', conversationId });
      expect(withdrawn.headers['ttl']).toBe('0');
      expect(withdrawn.headers['topic']).toBe(String(headers['topic']));
      line.say({ type: 'chat.read', conversationId, seq });
      await line.settled();
      await passes(1_000);
      line.close();
    });

    it('WP3a what was read before it was pushed is not pushed at all', async () => {
      const laptop = await server.otherDevice(ben!);
      const line = await server.connect(laptop);
      line.say({ type: 'chat.read', conversationId, seq: await posts() });
      await line.settled();
      await passes(10_000);
      line.close();
    });

    it('WP1b, M4a not of what a blocked person writes', async () => {
      await server.store.block(ben!.userId, ada!.userId, 1);
      await posts();
      await passes(10_000);
    });
  });

  describe('ring', () => {
    const callId = () => newId<CallId>();
    const invite = (id: CallId) => adaLine.say({ type: 'call.invite', ...callTo(ben!, id), media: 'video' });
    /** Rings a closed phone; answers with the payload and what the service was told. */
    async function ringing(id: CallId) {
      invite(id);
      const posted = await service.next();
      const payload = phone.read(posted);
      if (payload.type !== 'ring') throw new Error(payload.type);
      return { ...payload, headers: posted.headers };
    }
    const ended = async () => (await adaLine.next('call.ended')).reason;

    it('WP4a, WP4b, WP4d at once where no page is there, as urgent, for what is left of the ring; and the call goes on', async () => {
      const id = callId();
      const { headers, decline, ...ring } = await ringing(id);
      expect(ring).toEqual({
        type: 'ring',
        language: 'en',
        callId: id,
        callerId: ada!.userId,
        media: 'video',
        name: `ada-${names}`,
        ringMs: 45_000,
      });
      expect(decline.length).toBe(43);
      expect([headers['urgency'], headers['ttl']]).toEqual(['high', '45']);
      await passes(44_000);
      expect(adaLine.unread('call.ended')).toEqual([]);
      await passes(2_000);
      expect(await ended()).toBe('no-answer');
      const over = await service.next();
      expect(phone.read(over)).toEqual(jasmine.objectContaining({ type: 'call-over', callId: id, how: 'missed' }));
      expect([over.headers['ttl'], over.headers['topic']]).toEqual(['86400', headers['topic']]);
    });

    it('WP4a after 1.5 s where a page is there that does not show it, and not where one does', async () => {
      const laptop = await server.otherDevice(ben!);
      await subscribed(laptop);
      const [silent, shows] = [await server.connect(ben!), await server.connect(laptop)];
      const id = callId();
      invite(id);
      await Promise.all([silent.next('call.invited'), shows.next('call.invited')]);
      shows.say({ type: 'call.ringing', ...callTo(ada!, id) });
      await adaLine.next('call.ringing');
      await passes(1_000);
      expect(service.unread).toBe(0);
      await passes(1_000);
      const payload = phone.read(await service.next());
      expect(payload).toEqual(jasmine.objectContaining({ type: 'ring', ringMs: 43_000 }));
      silent.say({ type: 'call.decline', ...callTo(ada!, id) });
      expect(await ended()).toBe('declined');
      await passes(0);
      expect(phone.read(await service.next())).toEqual(jasmine.objectContaining({ how: 'declined' }));
      for (const line of [silent, shows]) line.close();
    });

    it('WP5a until another device has answered, which is named', async () => {
      const id = callId();
      await ringing(id);
      const line = await server.connect(await server.otherDevice(ben!));
      line.say({ type: 'call.accept', ...callTo(ada!, id) });
      await adaLine.next('call.accepted');
      await passes(0);
      expect(phone.read(await service.next())).toEqual(
        jasmine.objectContaining({ type: 'call-over', how: 'answered', device: 'Spec' }),
      );
      adaLine.say({ type: 'call.hangup', ...callTo(ben!, id) });
      await line.next('call.ended');
      line.close();
    });

    it('WP5b and are told nothing more where their own page has shown the ring, or has answered', async () => {
      const id = callId();
      await ringing(id);
      const line = server.client();
      expect((await line.hello(ben!.token())).calls).toEqual([jasmine.objectContaining({ as: 'rung', callId: id })]);
      line.say({ type: 'call.ringing', ...callTo(ada!, id) });
      line.say({ type: 'call.accept', ...callTo(ada!, id) });
      await adaLine.next('call.accepted');
      adaLine.say({ type: 'call.hangup', ...callTo(ben!, id) });
      await line.next('call.ended');
      await passes(0);
      line.close();
    });

    it('WP6a and decline by the token of the ring, once, while it rings, and no other call', async () => {
      const [first, second] = [callId(), callId()];
      const { decline } = await ringing(first);
      expect(server.push.decline('x'.repeat(43))).toBeUndefined();
      const declining = server.push.decline(decline);
      expect(declining).toEqual({ seat: { userId: ben!.userId, deviceId: ben!.deviceId }, callId: first });
      expect(server.push.decline(decline)).withContext('twice').toBeUndefined();
      server.events.say({ kind: 'ring-declined', device: declining!.seat, callId: declining!.callId });
      expect(await ended()).toBe('declined');
      const late = await ringing(second);
      await passes(46_000);
      expect(await ended()).toBe('no-answer');
      expect(phone.read(await service.next()).type).toBe('call-over');
      expect(server.push.decline(late.decline)).withContext('after the ring').toBeUndefined();
    });

    it('CA29 no one who has neither a session nor push', async () => {
      await server.push.unsubscribe(ben!.deviceId);
      invite(callId());
      await passes(REACHABLE_WITHIN_MS);
      expect(await ended()).toBe('unavailable');
    });

    it('WP4c, CA25a not for a person who is blocked, whose ring times out', async () => {
      await server.store.block(ben!.userId, ada!.userId, 1);
      invite(callId());
      await passes(10_000);
      expect(adaLine.unread('call.ended')).toEqual([]);
      await passes(36_000);
      expect(await ended()).toBe('no-answer');
    });
  });

  it('WP7b are reached no more when they are signed out, and the endpoint is free', async () => {
    await server.store.removeDevice(ben!.userId, ben!.deviceId);
    server.events.say({ kind: 'devices-removed', deviceIds: [ben!.deviceId] });
    expect(server.push.hasPush(ben!.userId)).toBe(false);
    await posts();
    await passes(10_000);
  });

  it('WP7a speak for the person who subscribed last: an endpoint moves with the browser', async () => {
    const eve = await server.person(`eve-${names}`);
    await server.push.subscribe(eve, phone.subscription());
    expect([server.push.hasPush(ben!.userId), server.push.hasPush(eve.userId)]).toEqual([false, true]);
    await posts();
    await passes(10_000);
  });

  it('WP7c are known again after a restart', async () => {
    await server.crash();
    adaLine = await server.connect(ada!);
    await posts();
    await passes(6_000);
    expect(phone.read(await service.next()).type).toBe('message');
  });
});

import fc from 'fast-check';
import { CLOSE_CODES } from '#protocol/close-codes';
import type { CallId } from '#protocol/ids';
import { relationChange, type TestDevice } from '../testing/people.ts';
import { SeveralServers, type Member } from '../testing/several-servers.ts';
import { Talk } from '../testing/talk.ts';
import { newId } from '../testing/new-id.ts';

describe('several servers as one', () => {
  let several: SeveralServers;
  let [one, two, three]: Member[] = [];
  let [ada, ben]: TestDevice[] = [];
  let talk: Talk;

  beforeEach(async () => {
    several = await SeveralServers.start(3);
    [one, two, three] = several.members;
    ada = await one!.server.person('ada');
    ben = await one!.server.person('ben');
    talk = new Talk(ada, ben, await one!.server.befriend(ada, ben));
  });
  afterEach(() => several.stop());

  const isLive = async () => (await several.store.call(talk.callId))?.state !== 'ended';

  it('bring messages, receipts and typing to every device, wherever it is', async () => {
    const adaLine = await one!.server.connect(ada!);
    const adaPhone = await three!.server.connect(await one!.server.otherDevice(ada!));
    const benLine = await two!.server.connect(ben!);
    talk.post(adaLine, 'hello');
    for (const line of [benLine, adaPhone]) {
      expect((await line.next('chat.message')).message).toEqual(jasmine.objectContaining({ seq: 1, data: 'hello' }));
    }
    benLine.say({ type: 'chat.read', conversationId: talk.conversationId, seq: 1 });
    for (const line of [adaLine, adaPhone]) expect((await line.next('chat.receipt')).read).toBe(1);
    benLine.say({ type: 'chat.typing', conversationId: talk.conversationId });
    await Promise.all([adaLine.next('chat.typing'), adaPhone.next('chat.typing')]);
  });

  it('M10c tell every device what was retracted, wherever it was posted and asked', async () => {
    const adaLine = await one!.server.connect(ada!);
    const adaPhone = await three!.server.connect(await one!.server.otherDevice(ada!));
    const benLine = await two!.server.connect(ben!);
    talk.post(adaLine, 'hello');
    const { conversationId } = talk;
    const { message } = await adaPhone.next('chat.message');
    if (!('id' in message)) throw new Error('withheld');
    const target = { conversationId, authorId: ada!.userId, id: message.id };
    adaPhone.say({ type: 'chat.retract', conversationId, target });
    for (const line of [adaLine, adaPhone, benLine])
      expect((await line.next('chat.retracted')).message).toEqual(jasmine.objectContaining({ id: message.id, seq: 1 }));
  });

  it('M4b let no typing through to a person who has blocked the writer, at whichever server that was done', async () => {
    const adaLine = await one!.server.connect(ada!);
    const benLine = await one!.server.connect(ben!);
    const typing = { type: 'chat.typing', conversationId: talk.conversationId } as const;
    adaLine.say(typing);
    await benLine.next('chat.typing');
    await several.store.block(ben!.userId, ada!.userId, 1);
    two!.server.events.say({ kind: 'relation-changed', change: relationChange(ben!, ada!, 'blocked') });
    await several.pass(2_000);
    adaLine.say(typing);
    await adaLine.settled();
    await one!.server.signaling.idle();
    await benLine.settled();
    expect(benLine.unread('chat.typing')).toEqual([]);
  });

  it('tell who is there, wherever that is', async () => {
    const adaLine = await one!.server.connect(ada!);
    const benLine = await two!.server.connect(ben!);
    benLine.say({ type: 'presence', visible: true });
    expect((await adaLine.next('presence')).state).toBe('online');
    adaLine.say({ type: 'presence', visible: true });
    await benLine.next('presence');
    const again = await three!.server.client().hello((await one!.server.otherDevice(ada!)).token());
    expect(again.presence).toEqual([{ userId: ben!.userId, state: 'online' }]);
    await talk.active(adaLine, benLine);
    expect((await adaLine.next('presence')).state).toBe('in-call');
    benLine.close();
    await several.until(() => adaLine.unread('presence').some(({ state }) => state === 'offline'), 20_000);
  });

  it('say again who is there when it could not be said', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    const said = spyOn(one!.bus, 'publish').and.resolveTo(null);
    adaLine.say({ type: 'presence', visible: true });
    await adaLine.settled();
    expect(said).toHaveBeenCalled();
    said.and.callThrough();
    await several.until(() => benLine.unread('presence').some(({ state }) => state === 'online'));
    expect(benLine.unread('presence').map(({ userId }) => userId)).toEqual([ada!.userId]);
  });

  it('read no contacts to tell of them where no one is there to hear it', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    for (const line of [adaLine, benLine]) line.say({ type: 'presence', visible: true });
    await Promise.all([adaLine.next('presence'), benLine.next('presence')]);
    const reads = spyOn(several.store, 'acceptedContacts').and.callThrough();
    const fresh = await several.add();
    await several.pass(1_000);
    expect(reads).not.toHaveBeenCalled();
    const eve = await one!.server.person('eve');
    await one!.server.befriend(eve, ben!);
    const welcome = await fresh.server.client().hello(eve.token());
    expect(welcome.presence).toEqual([{ userId: ben!.userId, state: 'online' }]);
  });

  it('ring the devices of one user together, stop them together, and seat two people on two servers', async () => {
    const adaLine = await two!.server.connect(ada!);
    const benLine = await three!.server.connect(ben!);
    const benPhone = await one!.server.connect(await one!.server.otherDevice(ben!));
    adaLine.say({ type: 'call.invite', ...talk.to(ben!), media: 'audio' });
    await Promise.all([benLine.next('call.invited'), benPhone.next('call.invited')]);
    for (const line of [benLine, benPhone]) line.say({ type: 'call.ringing', ...talk.to(ada!) });
    await adaLine.next('call.ringing', ({ devices }) => devices === 2);
    benLine.say({ type: 'call.accept', ...talk.to(ada!) });
    expect((await adaLine.next('call.accepted')).deviceId).toBe(ben!.deviceId);
    expect((await benPhone.next('call.ended')).reason).toBe('answered-elsewhere');
    await talk.offered(adaLine, benLine, 'offer');
    benLine.say({ type: 'call.answer', ...talk.to(ada!), link: 1, data: 'answer' });
    for (let i = 0; i < 20; i++) benLine.say({ type: 'call.ice-candidate', ...talk.to(ada!), link: 1, data: `${i}` });
    expect((await adaLine.next('call.answer')).data).toBe('answer');
    for (let i = 0; i < 20; i++) expect((await adaLine.next('call.ice-candidate')).data).toBe(`${i}`);
    adaLine.say({ type: 'call.hangup', ...talk.to(ben!) });
    expect((await benLine.next('call.ended')).reason).toBe('hung-up');
    expect(await isLive()).toBeFalse();
  });

  it('let no person into two calls, at whichever server they ask', async () => {
    const [eve, dan] = [await one!.server.person('eve'), await one!.server.person('dan')];
    for (const other of [eve, dan]) await one!.server.befriend(other, ben!);
    const [adaLine, eveLine] = [await two!.server.connect(ada!), await three!.server.connect(eve)];
    const [benLine, danLine] = [await one!.server.connect(ben!), await two!.server.connect(dan)];
    await talk.active(adaLine, benLine);
    const to = () => ({ receiverId: ben!.userId, callId: newId<CallId>() });
    eveLine.say({ type: 'call.invite', ...to(), media: 'audio' });
    const beside = await benLine.next('call.invited', ({ waiting }) => waiting === true);
    danLine.say({ type: 'call.invite', ...to(), media: 'audio' });
    expect((await danLine.next('call.ended')).reason).toBe('busy');
    expect(await several.store.liveCalls()).toHaveSize(2);
    benLine.say({ type: 'call.accept', receiverId: eve.userId, callId: beside.callId });
    await eveLine.next('call.accepted');
    expect(await several.store.liveCalls()).toHaveSize(2);
    await talk.offered(adaLine, benLine, 'to whoever holds the call');
  });

  it('close the session a device had elsewhere with 4409, and lose nothing', async () => {
    const before = await one!.server.connect(ada!);
    const benLine = await three!.server.connect(ben!);
    const after = two!.server.client();
    const welcome = await after.hello(ada!.token(), { session: before.session });
    expect(welcome.how).toBe('new');
    expect(await before.closed).toBe(CLOSE_CODES.replaced.code);
    talk.post(benLine, 'to whoever is there');
    expect((await after.next('chat.message')).message.seq).toBe(1);
  });

  it('keep a call whose seat says hello elsewhere', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    await talk.active(adaLine, benLine);
    adaLine.cut();
    const elsewhere = three!.server.client();
    const welcome = await elsewhere.hello(ada!.token(), { session: null, calls: [talk.callId] });
    expect(welcome.calls).toEqual([jasmine.objectContaining({ callId: talk.callId, as: 'seat', state: 'active' })]);
    expect((await benLine.next('call.peer-absent')).absent).toBeFalse();
    await talk.offered(elsewhere, benLine, 'anew');
  });

  it('CA39a, CA39c, CA39i: move a call between two devices of a person, each at another server than who decides', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    const phone = await one!.server.otherDevice(ada!);
    const phoneLine = await three!.server.connect(phone);
    await talk.active(adaLine, benLine);
    expect((await phoneLine.next('call.elsewhere')).deviceId).toBe(ada!.deviceId);
    const to = talk.to(ben!);
    phoneLine.say({ type: 'call.move', ...to });
    const { link } = await benLine.next('call.moving', ({ deviceId }) => deviceId === phone.deviceId);
    await phoneLine.next('call.moving', ({ deviceId }) => deviceId === ben!.deviceId);
    benLine.say({ type: 'call.offer', ...talk.to(ada!), deviceId: phone.deviceId, link, data: 'to the phone' });
    expect((await phoneLine.next('call.offer')).data).toBe('to the phone');
    phoneLine.say({ type: 'call.answer', ...to, link, data: 'from the phone' });
    expect((await benLine.next('call.answer')).deviceId).toBe(phone.deviceId);
    phoneLine.say({ type: 'call.moved', ...to, link });
    await benLine.next('call.moving', ({ is }) => is === 'arrived');
    expect((await adaLine.next('call.ended')).reason).toBe('moved');
    expect((await adaLine.next('call.elsewhere')).deviceId).toBe(phone.deviceId);
    await talk.offered(phoneLine, benLine, 'from the seat');
    benLine.say({ type: 'call.offer', ...talk.to(ada!), link, data: 'to the seat' });
    expect((await phoneLine.next('call.offer')).data).toBe('to the seat');
    await talk.hungUp(phoneLine, benLine);
    expect((await adaLine.next('call.elsewhere')).deviceId).toBeUndefined();
  });

  it('CA39d: leave the call where it was when the server of the device that arrives is gone', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    const phoneLine = await three!.server.connect(await one!.server.otherDevice(ada!));
    await talk.active(adaLine, benLine);
    phoneLine.say({ type: 'call.move', ...talk.to(ben!) });
    await benLine.next('call.moving');
    phoneLine.say({ type: 'bye' });
    expect((await benLine.next('call.moving')).is).toBe('dropped');
    await talk.offered(adaLine, benLine, 'where it was');
  });

  it('end the sessions of a removed device on every server, and the calls of people who part', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    await talk.active(adaLine, benLine);
    await several.store.removeContact(ada!.userId, ben!.userId);
    three!.server.events.say({ kind: 'relation-changed', change: relationChange(ada!, ben!, 'removed') });
    await Promise.all([adaLine.next('call.ended'), benLine.next('call.ended')]);
    three!.server.events.say({ kind: 'devices-removed', deviceIds: [ada!.deviceId] });
    expect(await adaLine.closed).toBe(CLOSE_CODES.unauthorized.code);
  });

  it('WP6b answer within a second that a token was given by none of them, one of which may be silent', async () => {
    const { signaling } = two!.server;
    expect(await signaling.declineElsewhere('x'.repeat(43))).toBeFalse();
    three!.pause();
    let answer: boolean | undefined;
    void signaling.declineElsewhere('y'.repeat(43)).then(known => (answer = known));
    expect(await several.until(() => answer !== undefined)).toBeLessThanOrEqual(1_000);
    expect(answer).toBeFalse();
    three!.wake();
  });

  it('have those look in the store to whom a server that was cut off could say nothing, and nobody else', async () => {
    const eve = await one!.server.person('eve');
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    const eveLine = await two!.server.connect(eve);
    one!.bus.set(false);
    talk.post(adaLine, 'nobody else hears it');
    await adaLine.next('chat.posted');
    one!.bus.set(true);
    await several.until(() => benLine.unread('welcome').length > 0);
    expect(benLine.unread('chat.message')).toEqual([]);
    await several.pass(2_000);
    expect(benLine.drain('welcome').map(({ how }) => how)).toEqual(['again']);
    expect(eveLine.unread('welcome')).toEqual([]);
  });

  it('end the session of a device that was removed while they were cut off from each other, once they are connected again', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    for (const { bus } of several.members) bus.set(false);
    await several.store.removeDevice(ada!.userId, ada!.deviceId);
    three!.server.events.say({ kind: 'devices-removed', deviceIds: [ada!.deviceId] });
    for (const { bus } of several.members) bus.set(true);
    expect(await adaLine.closed).toBe(CLOSE_CODES.unauthorized.code);
    expect((await benLine.next('welcome')).how).toBe('again');
  });

  it('notice within 5 s that the registrar was killed, replace it, and keep its calls', async () => {
    const [adaLine, benLine] = [await two!.server.connect(ada!), await three!.server.connect(ben!)];
    await talk.active(adaLine, benLine);
    one!.kill();
    const took = await several.until(
      () => adaLine.unread('welcome').length > 0 && benLine.unread('welcome').length > 0,
    );
    expect(took).toBeLessThanOrEqual(5_000);
    const [welcome] = adaLine.drain('welcome');
    expect(welcome).toEqual(jasmine.objectContaining({ how: 'again' }));
    expect(welcome?.calls).toEqual([jasmine.objectContaining({ callId: talk.callId, as: 'seat', state: 'active' })]);
    await talk.offered(adaLine, benLine, 'still here');
    benLine.say({ type: 'call.hangup', ...talk.to(ada!) });
    expect((await adaLine.next('call.ended')).reason).toBe('hung-up');
  });

  it('notice within 5 s that a seat went with its server, and give it back elsewhere', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    await talk.active(adaLine, benLine);
    two!.kill();
    const took = await several.until(() => adaLine.unread('call.peer-absent').length > 0);
    expect(took).toBeLessThanOrEqual(5_000);
    expect(adaLine.drain('call.peer-absent').map(({ absent }) => absent)).toEqual([true]);
    const welcome = await three!.server.client().hello(ben!.token(), { session: null, calls: [talk.callId] });
    expect(welcome.calls).toEqual([jasmine.objectContaining({ callId: talk.callId, as: 'seat' })]);
    expect((await adaLine.next('call.peer-absent')).absent).toBeFalse();
  });

  it('let a registrar that was paused past its lease do no harm when it wakes', async () => {
    const adaThere = await one!.server.connect(ada!);
    const benLine = await two!.server.connect(ben!);
    one!.pause();
    // It would ring: the invite waits in the sleeping process.
    benLine.say({ type: 'call.invite', ...talk.to(ada!), media: 'audio' });
    const took = await several.until(() => benLine.unread('welcome').length > 0);
    expect(took).toBeLessThanOrEqual(5_000);
    one!.wake();
    expect(await adaThere.closed).toBe(CLOSE_CODES.restart.code);
    expect(adaThere.unread('call.invited')).toEqual([]);
    await several.pass(1_000);
    expect(await several.store.liveCalls()).toEqual([]);
    talk.callId = newId();
    const adaBack = await one!.server.connect(ada!);
    await talk.active(adaBack, benLine);
    await talk.offered(adaBack, benLine, 'after the pause');
  });

  it('go on here without a bus, refuse new calls in words, and catch up when it is back', async () => {
    const [adaLine, benLine] = [await two!.server.connect(ada!), await two!.server.connect(ben!)];
    const benPhone = await three!.server.connect(await one!.server.otherDevice(ben!));
    await talk.active(adaLine, benLine);
    for (const { bus } of several.members) bus.set(false);
    await talk.offered(adaLine, benLine, 'without a bus');
    talk.post(adaLine, 'here at once');
    expect((await benLine.next('chat.message')).message.seq).toBe(1);
    const eve = await two!.server.person('eve');
    await two!.server.befriend(eve, ben!);
    const eveLine = await two!.server.connect(eve);
    eveLine.say({ type: 'call.invite', receiverId: ben!.userId, callId: newId(), media: 'audio' });
    expect((await eveLine.next('fault')).code).toBe('try-later');
    await several.pass(6_000);
    several.hub.forget();
    for (const { bus } of several.members) bus.set(true);
    await several.until(() => [adaLine, benLine, benPhone].every(line => line.unread('welcome').length > 0));
    expect(benPhone.unread('chat.message')).toEqual([]);
    expect(adaLine.drain('welcome').at(-1)?.calls).toEqual([
      jasmine.objectContaining({ callId: talk.callId, as: 'seat' }),
    ]);
    expect(benLine.unread('call.invited')).toEqual([]);
    await talk.offered(adaLine, benLine, 'with a bus');
  });

  it('hand everything over when one of them stops', async () => {
    const [adaLine, benLine] = [await one!.server.connect(ada!), await two!.server.connect(ben!)];
    await talk.active(adaLine, benLine);
    const stopped = one!.server.signaling.drain();
    expect(await adaLine.closed).toBe(CLOSE_CODES.restart.code);
    await stopped;
    const elsewhere = three!.server.client();
    const took = await several.until(() => benLine.unread('welcome').length > 0);
    expect(took).toBeLessThanOrEqual(1_500);
    await elsewhere.hello(ada!.token(), { session: null, calls: [talk.callId] });
    await talk.offered(elsewhere, benLine, 'on another server');
  });

  it('never have a person in two calls, also where calls are placed and accepted at several servers at the same time', async () => {
    const people = [ada!, ben!, ...(await Promise.all(['eve', 'dan'].map(name => one!.server.person(name))))];
    for (const a of people) for (const b of people) if (a.userId < b.userId) await one!.server.befriend(a, b);
    const lines = await Promise.all(people.map((person, i) => several.members[i % 3]!.server.connect(person)));
    const pick = fc.nat({ max: people.length - 1 });
    const rounds = fc.array(fc.tuple(pick, pick, fc.boolean()), { minLength: 2, maxLength: 6 });
    const round = async (calls: [number, number, boolean][]) => {
      for (const [from, to] of calls) {
        if (from === to) continue;
        const ids = { receiverId: people[to]!.userId, callId: newId<CallId>() };
        lines[from]!.say({ type: 'call.invite', ...ids, media: 'audio' });
      }
      for (let i = 0; i < 3; i++) {
        await Promise.all(lines.map(line => line.settled()));
        lines.forEach((line, at) => {
          for (const { callId: id, senderId } of line.drain('call.invited')) {
            const accepts = calls.some(([, to, accepted]) => to === at && accepted);
            line.say({ type: accepts ? 'call.accept' : 'call.decline', receiverId: senderId, callId: id });
          }
        });
        await several.pass(250);
      }
      const live = await several.store.liveCalls();
      const users = live.flatMap(({ parties }) => parties.map(({ userId }) => userId));
      expect(new Set(users).size).withContext(JSON.stringify(calls)).toBe(users.length);
      for (const { callId, parties } of live) {
        const [caller, callee] = parties;
        const at = people.findIndex(({ userId }) => userId === caller?.userId);
        lines[at]!.say({ type: 'call.hangup', receiverId: callee!.userId, callId });
      }
      await several.until(async () => (await several.store.liveCalls()).length === 0);
    };
    await fc.assert(fc.asyncProperty(rounds, round), { seed: 20_261_121, numRuns: 12 });
  }, 60_000);
});

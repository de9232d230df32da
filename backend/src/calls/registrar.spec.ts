import type { CallId } from '#protocol/ids';
import { REACHABLE_WITHIN_MS } from '#protocol/limits';
import { LiveServer } from '../testing/live-server.ts';
import { relationChange, type TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

describe('calls over the wire', () => {
  let server: LiveServer;
  let names = 0;
  let [ada, ben, eve]: TestDevice[] = [];
  let adaLine: TestClient;
  let benLine: TestClient;
  let callId: CallId;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  beforeEach(async () => {
    names++;
    callId = newId();
    [ada, ben, eve] = await Promise.all(['ada', 'ben', 'eve'].map(name => server.person(`${name}-${names}`)));
    await server.befriend(ada!, ben!);
    [adaLine, benLine] = [await server.connect(ada!), await server.connect(ben!)];
  });
  afterAll(() => server.stop());

  const to = ({ userId }: TestDevice) => ({ receiverId: userId, callId });
  const invite = () => adaLine.say({ type: 'call.invite', ...to(ben!), media: 'video' });
  async function ringing(): Promise<void> {
    invite();
    await benLine.next('call.invited');
  }
  async function active(): Promise<void> {
    await ringing();
    benLine.say({ type: 'call.accept', ...to(ada!) });
    await adaLine.next('call.accepted');
  }
  const row = async () => (await server.store.call(callId))!;

  it('CA12 are in the store before anybody hears of them', async () => {
    await ringing();
    expect((await row()).state).toBe('ringing');
    benLine.say({ type: 'call.accept', ...to(ada!) });
    expect((await adaLine.next('call.accepted')).deviceId).toBe(ben!.deviceId);
    expect((await row()).state).toBe('active');
    expect((await row()).parties[1]).toEqual(jasmine.objectContaining({ deviceId: ben!.deviceId, leftAt: null }));
    benLine.say({ type: 'call.hangup', ...to(ada!) });
    expect((await adaLine.next('call.ended')).reason).toBe('hung-up');
    expect((await row()).state).toBe('ended');
    const [caller, callee] = (await row()).parties;
    expect([caller?.reason, callee?.reason]).toEqual(['hung-up', 'hung-up']);
    expect([caller?.joinedAt, caller?.leftAt]).toEqual([(await row()).at, callee?.leftAt]);
    expect(callee?.joinedAt).toBeGreaterThanOrEqual((await row()).at);
    await Promise.all([adaLine.next('calls.changed'), benLine.next('calls.changed')]);
  });

  it('TU7a are relayed until they are over', async () => {
    await active();
    expect(server.over).not.toContain(callId);
    benLine.say({ type: 'call.hangup', ...to(ada!) });
    await adaLine.next('call.ended');
    expect(server.over.filter(id => id === callId)).toEqual([callId]);
  });

  it('CA12 that cannot be written do not happen: the caller hears so, and can call again', async () => {
    const broken = spyOn(server.store, 'recordCall').and.rejectWith(new Error('disk on fire'));
    invite();
    expect((await adaLine.next('call.ended')).callId).toBe(callId);
    await server.signaling.idle();
    await benLine.settled();
    expect(benLine.unread('call.invited')).toEqual([]);
    broken.and.callThrough();
    callId = newId();
    await active();
    adaLine.say({ type: 'call.hangup', ...to(ben!) });
  });

  it('CA5b carry descriptions and candidates between their seats in order, stamped, and to nobody else', async () => {
    const benPhone = await server.connect(await server.otherDevice(ben!));
    await active();
    adaLine.say({ type: 'call.offer', ...to(ben!), link: 1, data: 'offer' });
    for (let i = 0; i < 20; i++) adaLine.say({ type: 'call.ice-candidate', ...to(ben!), link: 1, data: `${i}` });
    expect(await benLine.next('call.offer')).toEqual(
      jasmine.objectContaining({ senderId: ada!.userId, deviceId: ada!.deviceId, link: 1, data: 'offer' }),
    );
    for (let i = 0; i < 20; i++) expect((await benLine.next('call.ice-candidate')).data).toBe(`${i}`);
    await benPhone.settled();
    expect(benPhone.unread('call.offer')).toEqual([]);
    expect((await benPhone.next('call.ended')).reason).toBe('answered-elsewhere');
    adaLine.say({ type: 'call.hangup', ...to(ben!) });
    await benLine.next('call.ended');
  });

  it('CA3b, CA20a are hung up by their seats alone: a stranger learns nothing and ends nothing', async () => {
    await server.befriend(eve!, ben!);
    const eveLine = await server.connect(eve!);
    await active();
    for (const type of ['call.hangup', 'call.decline', 'call.accept', 'call.ringing'] as const) {
      eveLine.say({ type, ...to(ben!) });
      const answer = await eveLine.next('call.ended');
      expect([answer.reason, answer.senderId]).toEqual(['hung-up', eve!.userId]);
    }
    eveLine.say({ type: 'call.offer', ...to(ben!), link: 1, data: 'x' });
    await eveLine.next('call.ended');
    await benLine.settled();
    expect(benLine.unread('call.ended')).toEqual([]);
    expect((await row()).state).toBe('active');
    eveLine.say({ type: 'call.invite', ...to(ben!), media: 'audio' });
    expect((await eveLine.next('fault')).code).toBe('call-id-taken');
    adaLine.say({ type: 'call.hangup', ...to(ben!) });
    expect((await benLine.next('call.ended')).reason).toBe('hung-up');
  });

  it('CA26a are for accepted contacts: a stranger cannot ring', async () => {
    const eveLine = await server.connect(eve!);
    eveLine.say({ type: 'call.invite', ...to(ben!), media: 'audio' });
    expect((await eveLine.next('fault')).code).toBe('not-contacts');
  });

  it('CA8a stop ringing after 45 s, and say so to everybody', async () => {
    await ringing();
    await Promise.all([adaLine.settled(), benLine.settled()]);
    server.time.pass(30_000);
    await Promise.all([adaLine.settled(), benLine.settled()]);
    expect(benLine.unread('call.ended')).toEqual([]);
    server.time.pass(15_500);
    expect((await adaLine.next('call.ended')).reason).toBe('no-answer');
    expect((await benLine.next('call.ended')).reason).toBe('missed');
    expect((await server.store.callsSeen(ben!.userId)).missed).toBe(1);
  });

  it('N1a make their seats in-call for their contacts, and free again at the end', async () => {
    await server.befriend(eve!, ben!);
    const eveLine = await server.connect(eve!);
    benLine.say({ type: 'presence', visible: true });
    expect((await eveLine.next('presence')).state).toBe('online');
    await active();
    expect((await eveLine.next('presence')).state).toBe('in-call');
    adaLine.say({ type: 'call.hangup', ...to(ben!) });
    expect((await eveLine.next('presence')).state).toBe('online');
  });

  it('CA25a, CA25b end as hung up when one of the two blocks or removes the other', async () => {
    await active();
    await server.store.block(ben!.userId, ada!.userId, 1);
    server.events.say({ kind: 'relation-changed', change: relationChange(ben!, ada!, 'blocked') });
    expect((await adaLine.next('call.ended')).reason).toBe('hung-up');
    callId = newId();
    invite();
    await adaLine.settled();
    server.time.pass(REACHABLE_WITHIN_MS);
    expect((await adaLine.next('call.ended')).reason).toBe('unavailable');
    await benLine.settled();
    expect(benLine.unread('call.invited')).toEqual([]);
    expect((await row()).parties[1]?.reason).toBeNull();
  });

  it('CA13a, CA13b that are active survive a restart, and are taken back by a hello that names them; a ring does not', async () => {
    const live = await LiveServer.start();
    const [ann, bob, cem, dan] = await Promise.all(['ann', 'bob', 'cem', 'dan'].map(name => live.person(name)));
    await live.befriend(ann!, bob!);
    await live.befriend(cem!, dan!);
    const [annLine, bobLine, cemLine, danLine] = await Promise.all(
      [ann!, bob!, cem!, dan!].map(one => live.connect(one)),
    );
    annLine!.say({ type: 'call.invite', ...to(bob!), media: 'audio' });
    await bobLine!.next('call.invited');
    bobLine!.say({ type: 'call.accept', ...to(ann!) });
    await annLine!.next('call.accepted');
    const ring = newId<CallId>();
    cemLine!.say({ type: 'call.invite', receiverId: dan!.userId, callId: ring, media: 'audio' });
    await danLine!.next('call.invited');

    await live.crash();
    const rang = await live.store.call(ring);
    expect(rang?.state).toBe('ended');
    expect(rang?.parties.map(({ reason }) => reason)).toEqual(['no-answer', 'missed']);
    const annAgain = live.client();
    const welcome = await annAgain.hello(ann!.token(), { calls: [callId] });
    expect(welcome.how).toBe('new');
    expect(welcome.calls).toEqual([
      {
        callId,
        place: 'current',
        as: 'seat',
        state: 'active',
        peerId: bob!.userId,
        peerDeviceId: bob!.deviceId,
        media: 'audio',
      },
    ]);
    expect((await annAgain.next('call.peer-absent')).absent).toBeTrue();
    const bobAgain = live.client();
    await bobAgain.hello(bob!.token(), { calls: [callId] });
    expect((await annAgain.next('call.peer-absent')).absent).toBeFalse();
    bobAgain.say({ type: 'call.hangup', ...to(ann!) });
    expect((await annAgain.next('call.ended')).reason).toBe('hung-up');
    await live.stop();
  });

  it('CA14b whose seats both stay away for ten minutes are over', async () => {
    await active();
    adaLine.cut();
    benLine.cut();
    await Promise.all([server.seen(ada!, 0), server.seen(ben!, 0)]);
    server.time.pass(61_000);
    expect((await row()).state).toBe('active');
    server.time.pass(600_000);
    await server.signaling.idle();
    expect((await row()).state).toBe('ended');
    expect((await row()).parties[0]?.reason).toBe('connection-lost');
  });

  it('are counted by their reason, with the time from ring to answer', async () => {
    await active();
    // Of the frames that are routed, one in sixteen is watched.
    for (let i = 0; i < 40; i++) adaLine.say({ type: 'call.offer', ...to(ben!), link: 1, data: 'x' });
    adaLine.say({ type: 'call.hangup', ...to(ben!) });
    await benLine.next('call.ended');
    const metrics = await server.metrics.registry.metrics();
    expect(metrics).toMatch(/parley_calls_total\{reason="hung-up"\} [1-9]/);
    expect(metrics).toMatch(/parley_ring_to_answer_seconds_count [1-9]/);
    expect(metrics).toMatch(/parley_routed_seconds_count [1-9]/);
  });
});

import { type WelcomeCall } from '#protocol/call-frames';
import { concernsLink } from '#protocol/call-client';
import { type Joined, phaseOf } from '#protocol/call-client-state';
import { isSeated } from '#protocol/call-state';
import {
  ARRIVING_MS,
  LINK_DOWN_MS,
  LINKS_EACH,
  MAX_LINK,
  RING_GRACE_MS,
  WAITING_FOR_ANSWER_MS,
} from '#protocol/limits';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { CallPage } from '#protocol/testing/call-page';
import { CallRoom, seat } from '#protocol/testing/call-room';
import { anId } from '#protocol/testing/ids';

const talking = (...others: string[]): CallRoom => {
  const room = new CallRoom('a1', 'b1').active('1');
  for (const device of others) room.devices.add(anId(device));
  return room;
};
const SERVED = ['write active 1', 'b1 < call.moving 1 arriving a2', 'a2 < call.moving 1 arriving b1'];

describe('a call that moves, at the server', () => {
  it('CA39a: the device that arrives and the other seat hear of each other, and reach each other', () => {
    const room = talking('a2');
    expect(room.move('a2', 'b', '1')).toEqual(SERVED);
    expect(room.offer('b1', 'a', '1', 'a2')).toEqual(['a2 < call.offer 1 by b1']);
    expect(room.offer('b1', 'a', '1')).toEqual(['a1 < call.offer 1 by b1']);
    expect(room.offer('a2', 'b', '1')).toEqual(['b1 < call.offer 1 by a2']);
    expect(room.offer('b1', 'a', '1', 'a3')).toEqual([]);
    expect(isSeated(room.registry, seat('a2'), anId('1'))).toBe(true);
  });

  it('CA39a: nobody else arrives, and no seat moves to where it is', () => {
    const room = talking('a2', 'c1');
    expect(room.move('c1', 'b', '1')).toEqual(['c1 < call.ended 1 hung-up']);
    expect(room.move('a1', 'b', '1')).toEqual([]);
    expect(room.move('a2', 'c', '1')).toEqual(['a2 < fault receiver-mismatch']);
    room.hangUp('a1', 'b', '1');
    expect(room.move('a2', 'b', '1')).toEqual(['a2 < call.ended 1 hung-up']);
  });

  it('CA39c: it has the seat in one step as soon as its link is up', () => {
    const room = talking('a2', 'a3');
    room.move('a2', 'b', '1');
    expect(room.moved('a2', 'b', '1')).toEqual([
      'write active 1',
      ...['a2 < call.moving 1 arrived b1', 'b1 < call.moving 1 arrived a2'].reverse(),
      'a1 < call.ended 1 moved',
      ...['a1 < call.elsewhere 1 by a2', 'a3 < call.elsewhere 1 by a2'],
    ]);
    expect(room.offer('b1', 'a', '1')).toEqual(['a2 < call.offer 1 by b1']);
    expect(room.offer('a1', 'b', '1')).toEqual(['a1 < call.ended 1 hung-up']);
    expect(room.hangUp('a2', 'b', '1')).toContain('b1 < call.ended 1 hung-up');
    expect(room.reasons('1')).toEqual(['hung-up', 'hung-up']);
  });

  it('CA39c: the seat of the callee moves as well, and back', () => {
    const room = talking('b2');
    room.move('b2', 'a', '1');
    room.moved('b2', 'a', '1');
    expect(room.move('b1', 'a', '1')).toContain('b1 < call.moving 1 arriving a1');
    expect(room.moved('b1', 'a', '1', LINKS_EACH + 1)).toContain('b2 < call.ended 1 moved');
    expect(room.hello('b1', '1')).toContain('welcome b1 seat 1');
  });

  it('CA39d: is dropped after its time, and the call stays where it was', () => {
    const room = talking('a2');
    room.move('a2', 'b', '1');
    const dropped = ['write active 1', 'b1 < call.moving 1 dropped a2', 'a2 < call.moving 1 dropped b1'];
    expect(room.passes(ARRIVING_MS - 1, '1')).toEqual([]);
    expect(room.passes(1, '1')).toEqual(dropped);
    expect(room.moved('a2', 'b', '1')).toEqual(['a2 < call.ended 1 hung-up']);
    expect(room.offer('b1', 'a', '1')).toEqual(['a1 < call.offer 1 by b1']);
    room.move('a2', 'b', '1');
    expect(room.hangUp('a2', 'b', '1')).toEqual(dropped);
    room.move('a2', 'b', '1');
    expect(room.leaves('a2', 'expired')).toEqual(dropped);
  });

  it('CA39d: is dropped where a device with a part in it has a new picture, and goes on where the one that is left has', () => {
    const room = talking('a2');
    room.move('a2', 'b', '1');
    expect(room.hello('a1', '1').filter(line => line.includes('moving'))).toEqual([]);
    expect(room.hello('b1', '1').slice(0, 2)).toEqual(['welcome b1 seat 1', 'write active 1']);
    expect(room.registry.calls.get(anId('1'))).toEqual(jasmine.objectContaining({ arriving: [] }));
    room.move('a2', 'b', '1');
    expect(room.hello('a2', '1')[0]).toBe('welcome a2 elsewhere 1');
  });

  it('CA39e: of several that arrive the first is served, and the next when that one is there or gone', () => {
    const room = talking('a2', 'b2', 'b3');
    room.move('a2', 'b', '1');
    expect(room.move('b2', 'a', '1')).toEqual([]);
    expect(room.offer('a1', 'b', '1', 'b2')).toEqual([]);
    expect(room.moved('b2', 'a', '1')).toEqual([]);
    expect(room.moved('a2', 'b', '1').slice(-2)).toEqual([
      'a2 < call.moving 1 arriving b2',
      'b2 < call.moving 1 arriving a2',
    ]);
    room.move('b3', 'a', '1');
    expect(room.leaves('b2', 'left').slice(-2)).toEqual([
      'a2 < call.moving 1 arriving b3',
      'b3 < call.moving 1 arriving a2',
    ]);
  });

  it('CA39f: of two calls none moves, and who moves is not rung beside it', () => {
    const room = talking('b2', 'c1');
    room.invite('c1', 'b', '2');
    expect(room.move('b2', 'a', '1')).toEqual(['b2 < fault place-taken']);
    room.hangUp('c1', 'b', '2');
    room.move('b2', 'a', '1');
    expect(room.invite('c1', 'b', '3')).toEqual(['write ended 3', 'c1 < call.ended 3 busy']);
  });

  it('CA39g: the links of each arrival begin with a number of their own', () => {
    const room = talking('a2');
    room.move('a2', 'b', '1');
    room.move('a2', 'b', '1');
    const [, , told] = room.effects.filter(effect => effect.do === 'send');
    expect(told?.frame).toEqual(jasmine.objectContaining({ is: 'arriving', link: LINKS_EACH + 1 }));
    expect(room.moved('a2', 'b', '1', 1)).toEqual([]);
    expect(room.moved('a2', 'b', '1', LINKS_EACH + 2)).toContain('a1 < call.ended 1 moved');
  });

  it('CA39g: a device that arrives again and again is refused before the numbers of links run out', () => {
    const room = talking('a2');
    const links: number[] = [];
    let said: string[] = [];
    for (let times = 0; times <= MAX_LINK / LINKS_EACH; times++) {
      said = room.move('a2', 'b', '1');
      for (const effect of room.effects)
        if (effect.do === 'send' && effect.frame.type === 'call.moving') links.push(effect.frame.link);
    }
    expect(Math.max(...links)).toBeLessThanOrEqual(MAX_LINK);
    expect(said).toContain('a2 < fault out-of-bounds');
    expect(room.move('a2', 'b', '1')).toEqual(['a2 < fault out-of-bounds']);
    expect(room.offer('b1', 'a', '1')).toEqual(['a1 < call.offer 1 by b1']);
  });

  it('CA39i: the other devices of both know which one is in the call, and when it is over', () => {
    const room = new CallRoom('a1', 'a2', 'b1');
    room.invite('a1', 'b', '1');
    expect(room.accept('b1', 'a', '1')).toContain('a2 < call.elsewhere 1 by a1');
    expect(room.hello('a3')).toEqual(['welcome a3 elsewhere 1']);
    const [welcome] = room.effects;
    expect(welcome).toEqual(
      jasmine.objectContaining({ calls: [jasmine.objectContaining({ deviceId: anId('a1'), peerId: anId('b') })] }),
    );
    expect(room.hangUp('b1', 'a', '1').slice(-2)).toEqual(['a2 < call.elsewhere 1', 'a3 < call.elsewhere 1']);
  });
});

const callOf = (page: CallPage): Joined => page.call as Joined;

describe('a call that moves, at a page', () => {
  it('CA39a: asks, builds its link to the other seat as the polite end, and says when it is up', () => {
    const page = new CallPage();
    expect(page.moves('1')).toEqual(['call.move 1']);
    expect(page.link('up')).toEqual([]);
    page.hearsMoving('1', 'arriving', 'b1', 7);
    expect(page.peerLink).toEqual(jasmine.objectContaining({ role: 'polite', number: 7 }));
    page.link('negotiated', 7);
    expect(page.link('up', 7)).toEqual(['call.moved 1']);
    expect(page.frames).toEqual([jasmine.objectContaining({ link: 7 })]);
    expect(page.phase).toBe('connecting');
    page.hearsMoving('1', 'arrived');
    expect(page.phase).toBe('connected');
  });

  it('CA39a: builds a second link to a device that arrives, and uses the one it has', () => {
    const page = new CallPage().connected('1');
    page.hearsMoving('1', 'arriving', 'b2', 7);
    expect(callOf(page).next.get(anId('b2'))).toEqual(jasmine.objectContaining({ role: 'impolite', number: 7 }));
    expect(concernsLink(page.call, { callId: anId('1'), deviceId: anId('b2'), link: 7 })).toBe(true);
    page.link('up', 7, 'b2');
    expect([...callOf(page).links.keys()]).toEqual([anId('b1')]);
    page.link('down');
    expect(page.phase).toBe('reconnecting');
    page.hearsMoving('1', 'arrived', 'b2', 7);
    expect([...callOf(page).links.keys()]).toEqual([anId('b2')]);
    expect([page.phase, callOf(page).next.size]).toEqual(['connected', 0]);
  });

  it('CA39c: the device whose call has moved says no word of it any more', () => {
    const page = new CallPage().connected('1');
    expect(page.ended('1', 'moved')).toEqual([]);
    expect(page.reason).toBe('moved');
  });

  it('CA39d: stays where it was when its time is over, its link fails, or the server says so', () => {
    const late = new CallPage();
    late.moves('1');
    expect(late.passes(ARRIVING_MS + RING_GRACE_MS)).toEqual(['call.hangup 1']);
    const failed = new CallPage();
    failed.moves('1');
    failed.hearsMoving('1', 'arriving');
    failed.link('negotiated');
    failed.link('up');
    failed.link('down');
    expect(failed.passes(LINK_DOWN_MS)).toEqual(['call.hangup 1']);
    const dropped = new CallPage();
    dropped.moves('1');
    expect(dropped.hearsMoving('1', 'dropped')).toEqual([]);
    const refused = new CallPage();
    refused.moves('1');
    refused.refused('call.move', '1');
    const anew = new CallPage();
    anew.moves('1');
    anew.welcomed('new', 'elsewhere 1');
    for (const page of [late, failed, dropped, refused, anew]) expect(page.reason).toBe('stayed');
    const left = new CallPage();
    left.moves('1');
    left.act({ type: 'page-hidden' });
    expect([left.call.state, left.reason]).toEqual(['idle', undefined]);
    const cancelled = new CallPage();
    cancelled.moves('1');
    expect(cancelled.act({ type: 'hang-up' })).toEqual(['call.hangup 1']);
    expect(cancelled.reason).toBe('cancelled');
  });

  it('CA39d: a device that does not arrive is no loss for the call', () => {
    const page = new CallPage().connected('1');
    page.hearsMoving('1', 'arriving', 'b2');
    page.hearsMoving('1', 'dropped', 'b2');
    page.hearsMoving('1', 'arriving', 'b2', 7);
    expect(page.passes(WAITING_FOR_ANSWER_MS)).toEqual([]);
    expect([page.phase, callOf(page).next.size]).toEqual(['connected', 0]);
  });

  it('CA39d: a new picture ends what is known of an arrival, or completes it', () => {
    const page = new CallPage().connected('1');
    page.hearsMoving('1', 'arriving', 'b2');
    page.welcomed('again', 'seat 1');
    expect([...callOf(page).links.keys(), callOf(page).next.size]).toEqual([anId('b1'), 0]);
    page.hearsMoving('1', 'arriving', 'b0', 7);
    page.link('up', 7, 'b0');
    const [callId, peerId, peerDeviceId] = [anId<CallId>('1'), anId<UserId>('b'), anId<DeviceId>('b0')];
    const facts = { callId, peerId, peerDeviceId, media: 'video' } as const;
    const calls: WelcomeCall[] = [{ ...facts, place: 'current', as: 'seat', state: 'active' }];
    page.act({ type: 'welcome', how: 'new', waiting: [], calls });
    expect([...callOf(page).links.keys()]).toEqual([anId('b0')]);
    expect(phaseOf(page.call)).toBe('connected');
    const mover = new CallPage();
    mover.moves('1');
    mover.hearsMoving('1', 'arriving');
    mover.link('up');
    mover.welcomed('new', 'seat 1');
    expect([callOf(mover).arriving, mover.phase]).toEqual([null, 'connected']);
  });

  it('CA39d, CA18a: a call that it has given up does not come back, though it was moved and is asked for again', () => {
    const page = new CallPage();
    page.moves('1');
    page.hearsMoving('1', 'arriving');
    page.link('up');
    page.act({ type: 'hang-up' });
    const waiting = page.frames;
    page.moves('1');
    page.welcomed('new', 'seat 1', waiting);
    expect(page.call.state).toBe('idle');
  });

  it('CA39f: takes over nothing while it is in a call itself', () => {
    const page = new CallPage().connected('1');
    expect(page.moves('2')).toEqual([]);
  });
});

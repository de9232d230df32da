import { SEAT_TYPES } from '#protocol/call-frames';
import { CallRoom, seat } from '#protocol/testing/call-room';
import { BOTH_ABSENT_MS, REACHABLE_WITHIN_MS, RING_MS } from '#protocol/limits';
import { lookupFor, welcomeCalls } from '#protocol/call-server';
import { deadlineOf, hasSeat } from '#protocol/call-state';
import { anId } from '#protocol/testing/ids';

describe('placing a call', () => {
  it('CA6a, CA10b: rings at every device of the callee that has a session', () => {
    const room = new CallRoom('a1', 'b1', 'b2', 'c1');
    expect(room.invite('a1', 'b', 'c1')).toEqual([
      'write ringing c1',
      'b1 < call.invited c1',
      'b2 < call.invited c1',
      'a1 < call.ringing c1 0',
    ]);
  });

  it('CA5a: an invite tells who calls, what with from which device and for how long', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', 'c1', 'audio');
    const frame = {
      type: 'call.invited',
      senderId: 'a',
      receiverId: 'b',
      callId: 'c1',
      deviceId: 'a1',
      media: 'audio',
      ringMs: RING_MS,
    };
    expect(room.effects[1]).toEqual(jasmine.objectContaining({ frame }));
  });

  it('CA1c: is refused to a person for whom one rings already, and told so', () => {
    const room = new CallRoom('a1', 'b1', 'c1', 'd1').active('1');
    room.invite('c1', 'b', '2');
    expect(room.invite('d1', 'b', '3')).toEqual(['write ended 3', 'd1 < call.ended 3 busy']);
    expect(room.reasons('3')).toEqual(['busy', 'missed']);
  });

  it('CA1b: is refused from a person who is in a call at any device, and the callee never hears of it', () => {
    const room = new CallRoom('a1', 'a2', 'b1', 'c1').active('1');
    expect(room.invite('a2', 'c', '2')).toEqual(['write ended 2', 'a2 < call.ended 2 already-in-call']);
    expect(room.reasons('2')[1]).toBeNull();
  });

  it('CA1b, CA1c: is refused to and from a person who is being rung', () => {
    const room = new CallRoom('a1', 'b1', 'c1');
    room.invite('a1', 'b', '1');
    expect(room.invite('c1', 'b', '2')).toContain('c1 < call.ended 2 busy');
    expect(room.invite('b1', 'c', '3')).toContain('b1 < call.ended 3 already-in-call');
  });

  it('CA29: is unavailable 3 s later where the callee has no session and no push; push alone rings', () => {
    const room = new CallRoom('a1');
    expect(room.invite('a1', 'b', '1')).toEqual(['write ringing 1', 'a1 < call.ringing 1 0']);
    expect(room.passes(REACHABLE_WITHIN_MS - 1, '1')).toEqual([]);
    expect(room.passes(1, '1')).toEqual(['write ended 1', 'a1 < call.ended 1 unavailable']);
    expect(room.reasons('1')[1]).toBe('missed');
    room.push.add('b');
    expect(room.invite('a1', 'b', '2')).toEqual(['write ringing 2', 'a1 < call.ringing 2 0']);
    expect(room.passes(REACHABLE_WITHIN_MS, '2')).toEqual([]);
  });

  it('CA29: rings at a page that is loaded again within 3 s', () => {
    const room = new CallRoom('a1');
    room.invite('a1', 'b', '1');
    room.passes(REACHABLE_WITHIN_MS - 1, '1');
    expect(room.hello('b1')).toEqual(['welcome b1 rung 1']);
    expect(room.passes(1, '1')).toEqual([]);
    expect(room.accept('b1', 'a', '1')).toContain('a1 < call.accepted 1 by b1');
  });

  it('CA1b: both call each other at once: the first invite rings, the second is refused', () => {
    const room = new CallRoom('a1', 'b1');
    expect(room.invite('a1', 'b', '1')).toEqual(['write ringing 1', 'b1 < call.invited 1', 'a1 < call.ringing 1 0']);
    expect(room.invite('b1', 'a', '2')).toEqual(['write ended 2', 'b1 < call.ended 2 already-in-call']);
    expect(room.accept('b1', 'a', '1')).toEqual(['write active 1', 'a1 < call.accepted 1 by b1']);
  });

  it('CA26a: to a stranger or to oneself is refused by a fault, and was never a call', () => {
    const room = new CallRoom('a1', 'a2', 'b1');
    room.strangers.add('ab');
    expect(room.invite('a1', 'b', '1')).toEqual(['a1 < fault not-contacts']);
    expect(room.invite('a1', 'a', '2')).toEqual(['a1 < fault not-contacts']);
    expect(room.registry.calls.size).toBe(0);
  });

  it('CA9a: the same invite again is answered with the present state and rings no device', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    expect(room.invite('a1', 'b', '1')).toEqual(['a1 < call.ringing 1 0']);
    room.accept('b1', 'a', '1');
    expect(room.invite('a1', 'b', '1')).toEqual(['a1 < call.accepted 1 by b1']);
    room.hangUp('b1', 'a', '1');
    expect(room.invite('a1', 'b', '1')).toEqual(['a1 < call.ended 1 hung-up']);
  });

  it("CA9b: another device's call id is taken, live, ended or refused", () => {
    const room = new CallRoom('a1', 'a2', 'b1', 'c1').active('1');
    expect(room.invite('c1', 'a', '1')).toEqual(['c1 < fault call-id-taken']);
    expect(room.invite('a2', 'b', '1')).toEqual(['a2 < fault call-id-taken']);
    room.invite('c1', 'b', '2');
    room.hangUp('a1', 'b', '1');
    expect(room.invite('b1', 'c', '1')).toEqual(['b1 < fault call-id-taken']);
    expect(room.invite('a1', 'c', '2')).toEqual(['a1 < fault call-id-taken']);
  });

  it('CA12: every change is written before anything is said about it', () => {
    const room = new CallRoom('a1', 'b1', 'b2');
    for (const lines of [room.invite('a1', 'b', '1'), room.accept('b1', 'a', '1'), room.hangUp('a1', 'b', '1')])
      expect(lines.findIndex(line => line.startsWith('write'))).toBe(0);
  });
});

describe('a ring', () => {
  it('CA6b: answered on one device, is over on the others', () => {
    const room = new CallRoom('a1', 'b1', 'b2');
    room.invite('a1', 'b', '1');
    expect(room.accept('b2', 'a', '1')).toEqual([
      'write active 1',
      'a1 < call.accepted 1 by b2',
      'b1 < call.ended 1 answered-elsewhere',
      'b1 < call.elsewhere 1 by b2',
    ]);
    expect(room.accept('b1', 'a', '1')).toEqual(['b1 < call.ended 1 answered-elsewhere']);
    expect(room.accept('b2', 'a', '1')).toEqual([]);
  });

  it('CA7a: declined on one device, is over everywhere', () => {
    const room = new CallRoom('a1', 'b1', 'b2');
    room.invite('a1', 'b', '1');
    const over = ['write ended 1', 'a1 < call.ended 1 declined', 'b2 < call.ended 1 declined-elsewhere'];
    expect(room.decline('b1', 'a', '1')).toEqual(over);
  });

  it('CA7b: hung up by a rung device, is declined', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    expect(room.hangUp('b1', 'a', '1', 'ice-failed')).toEqual(['write ended 1', 'a1 < call.ended 1 declined']);
  });

  it('CA7c: a decline after the accept changes nothing', () => {
    const room = new CallRoom('a1', 'b1', 'b2').active('1');
    const before = room.registry;
    expect(room.decline('b1', 'a', '1')).toEqual([]);
    expect(room.decline('b2', 'a', '1')).toEqual(['b2 < call.ended 1 answered-elsewhere']);
    expect(room.registry).toBe(before);
  });

  it('CA7b: declined by a notification, is over everywhere; no other device can decline it, and no active call is', () => {
    const room = new CallRoom('a1', 'b1', 'c1');
    room.push.add('b');
    room.invite('a1', 'b', '1');
    const declines = (device: string) => room.act({ type: 'declined', seat: seat(device), callId: anId('1') });
    expect(declines('c1')).toEqual([]);
    expect(declines('a1')).toEqual([]);
    const over = ['write ended 1', 'a1 < call.ended 1 declined', 'b1 < call.ended 1 declined-elsewhere'];
    expect(declines('b2')).toEqual(over);
    expect(declines('b2')).toEqual([]);
    room.active('2');
    expect(room.act({ type: 'declined', seat: seat('b2'), callId: anId('2') })).toEqual([]);
  });

  it('CA8a: ends after its time, not before', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    expect(deadlineOf(room.registry.calls.get(anId('1'))!)).toBe(RING_MS);
    expect(room.passes(RING_MS - 1, '1')).toEqual([]);
    expect(room.passes(1, '1')).toEqual(['write ended 1', 'a1 < call.ended 1 no-answer', 'b1 < call.ended 1 missed']);
  });

  it('CA8b: is cancelled by its caller, whatever reason it gives', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    expect(room.hangUp('a1', 'b', '1', 'peer-lost')).toEqual(['write ended 1', 'b1 < call.ended 1 cancelled']);
    expect(room.reasons('1')[0]).toBe('cancelled');
  });

  it('CA10a: counts the pages that show it, for the caller and for them', () => {
    const room = new CallRoom('a1', 'b1', 'b2');
    room.invite('a1', 'b', '1');
    expect(room.ringing('b1', 'a', '1')).toEqual(['a1 < call.ringing 1 1', 'b1 < call.ringing 1 1']);
    expect(room.ringing('b1', 'a', '1')).toEqual([]);
    room.ringing('b2', 'a', '1');
    expect(room.leaves('b1', 'left')).toEqual(['a1 < call.ringing 1 1', 'b2 < call.ringing 1 1']);
  });

  it('CA15b: goes on without a device that left, and ends 3 s after the last', () => {
    const room = new CallRoom('a1', 'b1', 'b2');
    room.invite('a1', 'b', '1');
    expect(room.leaves('b1', 'left')).toEqual([]);
    expect(room.leaves('b2', 'expired')).toEqual([]);
    expect(room.passes(REACHABLE_WITHIN_MS, '1')).toEqual(['write ended 1', 'a1 < call.ended 1 unavailable']);
  });

  it('CA29: goes on ringing at the only device, which was loaded again, until the whole time is over', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    room.ringing('b1', 'a', '1');
    expect(room.leaves('b1', 'left')).toEqual(['a1 < call.ringing 1 0']);
    expect(room.hello('b1')).toEqual(['welcome b1 rung 1']);
    expect(room.ringing('b1', 'a', '1')).toContain('a1 < call.ringing 1 1');
    expect(room.passes(RING_MS, '1')).toContain('a1 < call.ended 1 no-answer');
  });

  it('CA15b: goes on without any device where a push can still ring one', () => {
    const room = new CallRoom('a1', 'b1');
    room.push.add('b');
    room.invite('a1', 'b', '1');
    expect(room.leaves('b1', 'expired')).toEqual([]);
    expect(room.hello('b1')).toEqual(['welcome b1 rung 1']);
    expect(room.accept('b1', 'a', '1')).toContain('a1 < call.accepted 1 by b1');
  });

  it('CA8b, CA15a: ends with its caller', () => {
    for (const how of ['left', 'expired'] as const) {
      const room = new CallRoom('a1', 'b1');
      room.invite('a1', 'b', '1');
      expect(room.leaves('a1', how)).toEqual(['write ended 1', 'b1 < call.ended 1 cancelled']);
    }
  });

  it('CA16a, CA16b: is joined by a device that says hello, with what is left of it', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    room.now = 10_000;
    expect(room.hello('b2')).toEqual(['welcome b2 rung 1']);
    const caller = { peerId: 'a', peerDeviceId: 'a1' };
    const told = {
      callId: '1',
      place: 'waiting',
      as: 'rung',
      state: 'ringing',
      ...caller,
      media: 'video',
      ringMs: RING_MS - 10_000,
    };
    expect(room.effects).toEqual([jasmine.objectContaining({ calls: [told] })]);
    expect(room.accept('b2', 'a', '1')).toContain('b1 < call.ended 1 answered-elsewhere');
  });

  it("CA16b: is the caller's on its device and elsewhere on the other", () => {
    const room = new CallRoom('a1', 'a2', 'b1');
    room.invite('a1', 'b', '1');
    expect(room.hello('a1', '1')).toEqual(['welcome a1 caller 1']);
    expect(room.hello('a2')).toEqual(['welcome a2 elsewhere 1']);
    expect(welcomeCalls(room.registry, seat('c1'), 0)).toEqual([]);
  });
});

describe('an active call', () => {
  it('CA5b: carries offers, answers, candidates and media states to the other seat, with the device stamped', () => {
    const room = new CallRoom('a1', 'b1', 'b2').active('1');
    const before = room.registry;
    for (const type of SEAT_TYPES) {
      const lines = room.says('a1', { type, receiverId: anId('b'), callId: anId('1'), link: 3, data: 'x' });
      expect(lines).toEqual([`b1 < ${type} 1 by a1`]);
      const frame = { type, senderId: 'a', receiverId: 'b', callId: '1', deviceId: 'a1', link: 3, data: 'x' };
      const to = jasmine.objectContaining(seat('b1'));
      expect(room.effects[0]).toEqual(jasmine.objectContaining({ do: 'send', to, frame }));
    }
    expect(room.registry).toBe(before);
  });

  it('CA5c: an offer before the answer goes nowhere', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    expect(room.offer('a1', 'b', '1')).toEqual([]);
    expect(room.offer('b1', 'a', '1')).toEqual([]);
  });

  it('CA3b: is closed to strangers, who cannot tell it from no call at all', () => {
    const room = new CallRoom('a1', 'b1', 'c1').active('1');
    const before = room.registry;
    expect(room.hangUp('c1', 'b', '1')).toEqual(['c1 < call.ended 1 hung-up']);
    const stranger = room.effects;
    expect(room.hangUp('c1', 'b', 'none')).toEqual(['c1 < call.ended none hung-up']);
    expect(JSON.stringify(stranger)).toBe(JSON.stringify(room.effects).replace('none', '1'));
    expect(room.offer('c1', 'b', '1')).toEqual(['c1 < call.ended 1 hung-up']);
    expect(room.registry).toBe(before);
  });

  it('CA3b: is closed to the other devices of its users', () => {
    const room = new CallRoom('a1', 'a2', 'b1', 'b2').active('1');
    const before = room.registry;
    expect(room.hangUp('a2', 'b', '1')).toEqual(['a2 < call.ended 1 hung-up']);
    expect(room.offer('b2', 'a', '1')).toEqual(['b2 < call.ended 1 answered-elsewhere']);
    expect(room.registry).toBe(before);
  });

  it('CA20a, CA20b: ends with the reason its seat gives, for both and in the log', () => {
    const room = new CallRoom('a1', 'b1').active('1');
    expect(room.hangUp('b1', 'a', '1', 'connection-lost')).toEqual([
      'write ended 1',
      'a1 < call.ended 1 connection-lost',
    ]);
    expect(room.hangUp('a1', 'b', '1')).toEqual(['a1 < call.ended 1 connection-lost']);
    expect(room.hangUp('c1', 'b', '1')).toEqual(['c1 < call.ended 1 hung-up']);
  });

  it('CA20b: a late message reads what this user reads in the log', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    room.passes(RING_MS, '1');
    expect(room.accept('b1', 'a', '1')).toEqual(['b1 < call.ended 1 missed']);
    expect(room.hangUp('a1', 'b', '1')).toEqual(['a1 < call.ended 1 no-answer']);
  });

  it('CA21: has no other receiver than its other party', () => {
    const room = new CallRoom('a1', 'b1', 'c1').active('1');
    expect(room.offer('a1', 'c', '1')).toEqual(['a1 < fault receiver-mismatch']);
    expect(room.hangUp('a1', 'a', '1')).toEqual(['a1 < fault receiver-mismatch']);
    expect(room.registry.calls.size).toBe(1);
  });

  it('CA14a: outlives a session; the other seat is told, and told again when it returns', () => {
    const room = new CallRoom('a1', 'b1').active('1');
    expect(room.leaves('a1', 'expired')).toEqual(['b1 < call.peer-absent 1 true']);
    expect(room.hello('a1', '1')).toEqual(['welcome a1 seat 1', 'b1 < call.peer-absent 1 false']);
  });

  it('CA14c: is ended by an absent device that comes back without it', () => {
    const room = new CallRoom('a1', 'b1').active('1');
    room.leaves('a1', 'expired');
    expect(room.hello('a1')).toEqual(['write ended 1', 'b1 < call.ended 1 hung-up', 'welcome a1 no call']);
  });

  it('CA14b: is ended when both seats were absent for ten minutes', () => {
    const room = new CallRoom('a1', 'b1').active('1');
    room.leaves('a1', 'expired');
    expect(room.passes(BOTH_ABSENT_MS, '1')).toEqual([]);
    room.leaves('b1', 'expired');
    expect(room.passes(BOTH_ABSENT_MS - 1, '1')).toEqual([]);
    expect(room.passes(1, '1')).toContain('write ended 1');
    expect(room.hello('b1', '1')).toEqual(['welcome b1 no call']);
  });

  it('CA15a: ends with a seat that says bye', () => {
    const room = new CallRoom('a1', 'b1', 'b2').active('1');
    expect(room.leaves('b2', 'left')).toEqual([]);
    expect(room.leaves('b1', 'left')).toEqual(['write ended 1', 'a1 < call.ended 1 hung-up']);
  });

  it('CA23a: a seat whose device is welcomed again makes the other try again, announced absent or not', () => {
    const room = new CallRoom('a1', 'b1').active('1');
    expect(room.hello('a1', '1')).toEqual(['welcome a1 seat 1', 'b1 < call.peer-absent 1 false']);
    const again = room.act({ type: 'welcomed', seat: seat('b1'), how: 'again' });
    expect(again).toEqual(['welcome b1 seat 1', 'a1 < call.peer-absent 1 false']);
  });

  it('N1a: says of a person that they are in a call from placing on, not while they are rung', () => {
    const room = new CallRoom('a1', 'b1');
    room.invite('a1', 'b', '1');
    expect([hasSeat(room.registry, anId('a')), hasSeat(room.registry, anId('b'))]).toEqual([true, false]);
    room.accept('b1', 'a', '1');
    expect(hasSeat(room.registry, anId('b'))).toBeTrue();
  });
});

describe('the server is restarted', () => {
  it('CA13a, CA13b: what rang is over, what was active waits for its seats', () => {
    const before = new CallRoom('a1', 'b1', 'c1', 'd1').active('1');
    before.invite('c1', 'd', '2');
    const room = new CallRoom();
    const calls = [...before.registry.calls.values()];
    expect(room.act({ type: 'restarted', calls })).toEqual(['write ended 2']);
    expect(room.reasons('2')).toEqual(['no-answer', 'missed']);
    expect(room.hello('a1', '1')).toEqual([
      'welcome a1 seat 1',
      'b1 < call.peer-absent 1 false',
      'a1 < call.peer-absent 1 true',
    ]);
    expect(room.hello('b1', '1')).toEqual(['welcome b1 seat 1', 'a1 < call.peer-absent 1 false']);
    expect(room.offer('a1', 'b', '1')).toEqual(['b1 < call.offer 1 by a1']);
  });

  it('CA13b, CA14c: a seat that comes back as a new page gives its call up', () => {
    const before = new CallRoom('a1', 'b1').active('1');
    const room = new CallRoom();
    room.act({ type: 'restarted', calls: [...before.registry.calls.values()] });
    expect(room.hello('b1')).toEqual(['write ended 1', 'a1 < call.ended 1 hung-up', 'welcome b1 no call']);
  });
});

it('CA9b: the registrar says which call has to be read from the store for a frame', () => {
  const room = new CallRoom('a1', 'b1').active('1');
  const about = (callId: string) =>
    lookupFor(room.registry, {
      type: 'frame',
      from: seat('a1'),
      frame: { type: 'call.hangup', receiverId: anId('b'), callId: anId(callId) },
    });
  expect([about('1'), about('2')]).toEqual([undefined, anId('2')]);
});

describe('a second call', () => {
  /** B is in call 1 with A, and C rings B with call 2. */
  const rung = (...more: string[]): CallRoom => {
    const room = new CallRoom('a1', 'b1', 'c1', ...more).active('1');
    room.invite('c1', 'b', '2');
    return room;
  };
  /** B talks to C in call 2 and holds A in call 1. */
  const holding = (...more: string[]): CallRoom => {
    const room = rung(...more);
    room.accept('b1', 'c', '2');
    return room;
  };
  const placesOf = (room: CallRoom, user = 'b') => room.registry.places.get(seat(`${user}1`).userId);

  it('CA32a, CA32b: rings at the device of the seat alone, and ends nothing', () => {
    const room = new CallRoom('a1', 'b1', 'b2', 'c1').active('1');
    expect(room.invite('c1', 'b', '2')).toEqual([
      'write ringing 2',
      'b1 < call.invited 2 waiting',
      'c1 < call.ringing 2 0',
    ]);
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ current: '1', waiting: '2' }));
    expect(room.decline('b1', 'c', '2')).toEqual(['write ended 2', 'c1 < call.ended 2 declined']);
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ current: '1' }));
  });

  it('CA32d: is not for another device of the same person, which is told so and answered by CA3', () => {
    const room = rung('b2');
    expect(room.hello('b2')).toEqual(['welcome b2 elsewhere 1, elsewhere 2']);
    const before = room.registry;
    expect(room.accept('b2', 'c', '2')).toEqual(['b2 < call.ended 2 hung-up']);
    expect(room.resume('b2', 'a', '1')).toEqual(['b2 < call.ended 1 answered-elsewhere']);
    expect(room.registry).toBe(before);
  });

  it('CA32a: is unavailable soon where the device of the seat has no session, push or not', () => {
    const room = new CallRoom('a1', 'b1', 'c1').active('1');
    room.push.add('b');
    room.leaves('b1', 'expired');
    expect(room.invite('c1', 'b', '2')).toEqual(['write ringing 2', 'c1 < call.ringing 2 0']);
    expect(room.passes(REACHABLE_WITHIN_MS, '2')).toEqual(['write ended 2', 'c1 < call.ended 2 unavailable']);
  });

  it('CA32c: goes on as a ring of its own when the first one ends, and another device may join it then', () => {
    const room = rung('b2');
    room.hangUp('a1', 'b', '1');
    expect(room.hello('b2')).toEqual(['welcome b2 rung 2']);
    expect(room.accept('b1', 'c', '2')).toContain('c1 < call.accepted 2 by b1');
  });

  it('CA33a: is accepted and the first one held in one step', () => {
    const room = rung();
    expect(room.accept('b1', 'c', '2')).toEqual(['write active 1', 'write active 2', 'c1 < call.accepted 2 by b1']);
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ held: '1', current: '2' }));
    expect(room.offer('a1', 'b', '1')).toEqual(['b1 < call.offer 1 by a1']);
    const after = room.registry;
    expect(room.accept('b1', 'c', '2')).toEqual([]);
    expect(room.registry).toBe(after);
  });

  it('CA33b, CA33c: is refused while another is held, and changes nothing; after a hang-up it is not', () => {
    const room = holding('d1');
    room.invite('d1', 'b', '3');
    const before = room.registry;
    expect(room.accept('b1', 'd', '3')).toEqual(['b1 < fault place-taken']);
    expect(room.registry).toBe(before);
    room.hangUp('b1', 'c', '2');
    expect(room.accept('b1', 'd', '3')).toContain('d1 < call.accepted 3 by b1');
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ held: '1', current: '3' }));
  });

  it('CA34a, CA34c: changes places with the held one, as often as its person likes', () => {
    const room = holding();
    expect(room.resume('b1', 'a', '1')).toEqual(['write active 2', 'write active 1']);
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ held: '2', current: '1' }));
    expect(room.resume('b1', 'a', '1')).toEqual([]);
    room.resume('b1', 'c', '2');
    room.hangUp('c1', 'b', '2');
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ held: '1' }));
    expect(room.resume('b1', 'a', '1')).toEqual(['write active 1']);
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ current: '1' }));
  });

  it("CA34b: resuming another person's call, or one that only the other end holds, changes nothing", () => {
    const room = holding('d1');
    const before = room.registry;
    expect(room.resume('d1', 'a', '1')).toEqual(['d1 < call.ended 1 hung-up']);
    expect(room.resume('c1', 'a', '1')).toEqual(['c1 < call.ended 1 hung-up']);
    expect(room.resume('a1', 'b', '1')).toEqual([]);
    expect(room.resume('b1', 'c', '1')).toEqual(['b1 < fault receiver-mismatch']);
    expect(room.registry).toBe(before);
  });

  it('CA16b: every call comes with its place, and is taken back by a hello that names it', () => {
    const room = holding('d1');
    room.invite('d1', 'b', '3');
    room.leaves('b1', 'expired');
    room.devices.add(seat('b1').deviceId);
    expect(room.hello('b1', '1', '2')).toEqual([
      'welcome b1 seat 2, seat 1 held, rung 3',
      'c1 < call.peer-absent 2 false',
      'a1 < call.peer-absent 1 false',
    ]);
  });

  it('CA15a: a page that is left leaves all its calls', () => {
    expect(holding().leaves('b1', 'left')).toEqual([
      ...['write ended 2', 'c1 < call.ended 2 hung-up', 'write ended 1', 'a1 < call.ended 1 hung-up'],
    ]);
  });

  it('CA13c: after a restart the earlier call is the held one', () => {
    const room = holding();
    const calls = [...room.registry.calls.values()].sort((a, b) => (a.callId < b.callId ? -1 : 1));
    room.act({ type: 'restarted', calls });
    expect(placesOf(room)).toEqual(jasmine.objectContaining({ held: '1', current: '2' }));
  });
});

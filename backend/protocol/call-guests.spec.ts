import { CallRoom } from '#protocol/testing/call-room';
import { guestFinds, hasSeat, isSeated } from '#protocol/call-state';
import { GUEST, type UserId } from '#protocol/ids';
import { DOOR_MS, MOST_DOORS, REACHABLE_WITHIN_MS, RING_MS } from '#protocol/limits';
import { anId } from '#protocol/testing/ids';
import { parseClientFrame } from '#protocol/parse';

const PROOF = 'p'.repeat(43);
const guest = (name: string) => ({ userId: `${GUEST}${name}` as UserId, deviceId: anId<never>(`of ${name}`) });

class Lobby extends CallRoom {
  open(device: string, call: string, door = PROOF): string[] {
    return this.says(device, { type: 'guest.open', callId: anId(call), door });
  }
  close(device: string, call: string): string[] {
    return this.says(device, { type: 'guest.close', callId: anId(call) });
  }
  knock(name: string, host: string, call: string): string[] {
    const frame = { type: 'call.invite', receiverId: anId<UserId>(host), callId: anId<never>(call), name } as const;
    return this.act({ type: 'frame', from: guest(name), frame: { ...frame, media: 'video' } });
  }
  leave(name: string, host: string, call: string): string[] {
    const frame = { type: 'call.hangup', receiverId: anId<UserId>(host), callId: anId<never>(call) } as const;
    return this.act({ type: 'frame', from: guest(name), frame });
  }
  answers(device: string, name: string, call: string, type: 'call.accept' | 'call.decline'): string[] {
    return this.says(device, { type, receiverId: guest(name).userId, callId: anId(call) });
  }
  finds(call: string, name?: string) {
    return guestFinds(this.registry, anId(call), name === undefined ? null : guest(name).userId, this.now);
  }
  /** Device b1 has a link, and this guest was let in. */
  withGuest(name: string): this {
    this.open('b1', '1');
    this.knock(name, 'b', '1');
    this.answers('b1', name, '1', 'call.accept');
    return this;
  }
}

describe('A link for a guest', () => {
  it('CA40a says how long it can be used, the same again the rest, and goes after a day', () => {
    const room = new Lobby('b1', 'b2');
    room.open('b1', '1');
    expect(room.effects).toEqual([
      jasmine.objectContaining({ frame: { type: 'guest.link', callId: '1', ms: DOOR_MS } }),
    ]);
    room.now = 1_000;
    room.open('b1', '1');
    expect(room.effects).toEqual([
      jasmine.objectContaining({ frame: jasmine.objectContaining({ ms: DOOR_MS - 1_000 }) }),
    ]);
    expect(room.finds('1')).toBe('open');
    room.now = DOOR_MS;
    expect(room.finds('1')).toBeNull();
    expect(room.knock('h', 'b', '1')).toEqual(['of h < fault not-found']);
  });

  it('CA40a is refused for an id that is in use, was used, or is another link; and so is the sixth one', () => {
    const room = new Lobby('a1', 'b1', 'b2').active('used');
    expect(room.open('b1', 'used')).toEqual(['b1 < fault call-id-taken']);
    room.hangUp('a1', 'b', 'used');
    expect(room.open('b1', 'used')).toEqual(['b1 < fault call-id-taken']);
    room.open('b1', '1');
    expect(room.open('b2', '1')).toEqual(['b2 < fault call-id-taken']);
    expect(room.open('b1', '1', 'q'.repeat(43))).toEqual(['b1 < fault call-id-taken']);
    for (let more = 2; more <= MOST_DOORS; more++)
      expect(room.open('b2', `${more}`)).toEqual([`b2 < guest.link ${more}`]);
    expect(room.open('b1', 'one more')).toEqual(['b1 < fault out-of-bounds']);
    room.now = DOOR_MS;
    expect(room.open('b1', 'one more')).toEqual(['b1 < guest.link one more']);
    expect(room.registry.doors.size).toBe(1);
  });

  it('CA42d is gone with guest.close, by its maker alone; who stands before it is refused', () => {
    const room = new Lobby('b1', 'b2');
    room.open('b1', '1');
    room.close('b2', '1');
    expect(room.finds('1')).toBe('open');
    room.knock('h', 'b', '1');
    expect(room.close('b1', '1')).toEqual([
      'write ended 1',
      'of h < call.ended 1 declined',
      'b1 < call.ended 1 declined',
      'b1 < guest.link 1',
    ]);
    expect(room.finds('1', 'h')).toBeNull();
  });

  it('CA42d leaves who is in the call where they are', () => {
    const room = new Lobby('b1').withGuest('h');
    expect(room.close('b1', '1')).toEqual(['b1 < guest.link 1']);
    expect(room.finds('1', 'h')).toBe('own');
  });
});

describe('A guest', () => {
  it('CA42a rings at the device that has made the link and at no other, whatever the two are to each other', () => {
    const room = new Lobby('b1', 'b2');
    room.open('b1', '1');
    expect(room.knock('h', 'b', '1')).toEqual(['write ringing 1', 'b1 < call.invited 1', 'of h < call.ringing 1 0']);
    expect(room.effects[1]).toEqual(jasmine.objectContaining({ frame: jasmine.objectContaining({ guest: 'h' }) }));
    expect(room.hello('b2')).toEqual(['welcome b2 no call']);
    expect(room.hello('b1')).toEqual(['welcome b1 rung 1']);
    expect(room.effects[0]).toEqual(jasmine.objectContaining({ calls: [jasmine.objectContaining({ guest: 'h' })] }));
  });

  it('CA42a is not pushed to a host whose device is away, and is told soon', () => {
    const room = new Lobby('b1', 'b2');
    room.push.add('b');
    room.open('b1', '1');
    room.leaves('b1', 'expired');
    expect(room.knock('h', 'b', '1')).toEqual(['write ringing 1', 'of h < call.ringing 1 0']);
    expect(room.passes(REACHABLE_WITHIN_MS, '1')).toEqual(['write ended 1', 'of h < call.ended 1 unavailable']);
    expect(room.finds('1')).toBe('open');
  });

  it('CA42a finds the id taken where another one stands before the same link, or is in its call', () => {
    const room = new Lobby('b1');
    room.open('b1', '1');
    room.knock('h', 'b', '1');
    expect(room.knock('i', 'b', '1')).toEqual(['of i < fault call-id-taken']);
    expect([room.finds('1', 'h'), room.finds('1', 'i')]).toEqual(['own', 'taken']);
    room.answers('b1', 'h', '1', 'call.accept');
    expect(room.knock('i', 'b', '1')).toEqual(['of i < fault call-id-taken']);
  });

  it('CA42b gives the link back, refused, unanswered or gone', () => {
    const room = new Lobby('b1');
    room.open('b1', '1');
    const ways = [
      () => room.answers('b1', 'h', '1', 'call.decline'),
      () => room.passes(RING_MS, '1'),
      () => room.leave('h', 'b', '1'),
      () => room.act({ type: 'expired', seat: guest('h') }),
    ];
    for (const way of ways) {
      expect(room.knock('h', 'b', '1')[0]).toBe('write ringing 1');
      way();
      room.ended.clear(); // Of a guest's call nothing is written.
      expect(room.finds('1')).toBe('open');
    }
  });

  it('CA42b uses the link up by being let in, and finds nothing behind the call', () => {
    const room = new Lobby('b1');
    room.open('b1', '1');
    room.knock('h', 'b', '1');
    expect(room.answers('b1', 'h', '1', 'call.accept')).toEqual(['write active 1', 'of h < call.accepted 1 by b1']);
    expect(room.registry.doors.size).toBe(0);
    expect(isSeated(room.registry, guest('h'), anId('1'))).toBeTrue();
    room.leave('h', 'b', '1');
    room.ended.clear();
    expect([room.finds('1'), room.finds('1', 'h')]).toEqual([null, null]);
    expect(room.knock('h', 'b', '1')).toEqual(['of h < fault not-found']);
    expect(hasSeat(room.registry, anId('b'))).toBeFalse();
  });

  it('CA42b comes to nobody but whose link it is', () => {
    const room = new Lobby('b1', 'c1');
    room.open('b1', '1');
    expect(room.knock('h', 'c', '1')).toEqual(['of h < fault not-found']);
  });

  it('CA42c rings beside a call at the same device; else its host is busy', () => {
    const room = new Lobby('a1', 'b1', 'b2').active('9');
    room.open('b1', '1');
    room.open('b2', '2');
    expect(room.knock('h', 'b', '1')).toContain('b1 < call.invited 1 waiting');
    room.leave('h', 'b', '1');
    expect(room.knock('i', 'b', '2')).toEqual(['of i < call.ended 2 busy']);
  });

  it('CA42e is told to no other device of the host, and moves nowhere', () => {
    const room = new Lobby('b1', 'b2').withGuest('h');
    expect(room.hello('b2')).toEqual(['welcome b2 no call']);
    const move = { type: 'call.move', receiverId: guest('h').userId, callId: anId<never>('1') } as const;
    expect(room.says('b2', move)).toEqual(['b2 < fault place-taken']);
    expect(room.leave('h', 'b', '1')).toEqual(['write ended 1', 'b1 < call.ended 1 hung-up']);
  });

  it('CA14a is absent and comes back like anybody in a seat', () => {
    const room = new Lobby('b1').withGuest('h');
    expect(room.act({ type: 'expired', seat: guest('h') })).toEqual(['b1 < call.peer-absent 1 true']);
    expect(room.act({ type: 'welcomed', seat: guest('h'), how: 'new', named: [anId('1')] })).toEqual([
      'welcome of h seat 1',
      'b1 < call.peer-absent 1 false',
    ]);
  });

  it('CA5b says offers to its host, and hears theirs', () => {
    const room = new Lobby('b1').withGuest('h');
    const offer = { type: 'call.offer', callId: anId<never>('1'), link: 1, data: 'x' } as const;
    const said = { ...offer, receiverId: anId<UserId>('b') };
    expect(room.act({ type: 'frame', from: guest('h'), frame: said })).toEqual(['b1 < call.offer 1 by of h']);
    expect(room.says('b1', { ...offer, receiverId: guest('h').userId })).toEqual(['of h < call.offer 1 by b1']);
  });

  it('CA41b has an id that frames take, and nothing else does', () => {
    const id = '11111111-1111-4111-8111-111111111111';
    const reads = (receiverId: string) =>
      parseClientFrame(JSON.stringify({ type: 'call.offer', receiverId, callId: id, link: 1, data: 'x', n: 1 })).ok;
    expect([reads(id), reads(`${GUEST}${id}`)]).toEqual([true, true]);
    for (const bad of [`guest-${id}`, `${GUEST}${GUEST}${id}`, GUEST, `${GUEST}${id} `, `${id}${GUEST}`])
      expect(reads(bad)).withContext(bad).toBeFalse();
  });
});

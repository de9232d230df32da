import { type CallEvent } from '#protocol/call-server-events';
import { CallRoom, seat } from '#protocol/testing/call-room';
import { REACHABLE_WITHIN_MS, RING_MS } from '#protocol/limits';
import { anId } from '#protocol/testing/ids';

describe('a person who was blocked', () => {
  it('CA25a: calls as if the callee had no device', () => {
    const room = new CallRoom('a1', 'b1');
    room.blocked.add('ab');
    expect(room.invite('a1', 'b', '1')).toEqual(['write ringing 1', 'a1 < call.ringing 1 0']);
    expect(room.passes(REACHABLE_WITHIN_MS, '1')).toEqual(['write ended 1', 'a1 < call.ended 1 unavailable']);
    expect(room.reasons('1')).toEqual(['unavailable', null]);
    expect(room.hangUp('b1', 'a', '1')).toEqual(['b1 < call.ended 1 hung-up']);
  });

  it('CA25a: rings no device where the callee has push, until the time is over', () => {
    const room = new CallRoom('a1', 'b1', 'c1');
    room.blocked.add('ab');
    room.push.add('b');
    expect(room.invite('a1', 'b', '1')).toEqual(['write ringing 1', 'a1 < call.ringing 1 0']);
    expect(room.hello('b1')).toEqual(['welcome b1 no call']);
    expect(room.accept('b1', 'a', '1')).toEqual(['b1 < call.ended 1 hung-up']);
    expect(room.invite('c1', 'b', '2')).toContain('b1 < call.invited 2');
    expect(room.passes(RING_MS, '1')).toEqual(['write ended 1', 'a1 < call.ended 1 no-answer']);
    expect(room.accept('b1', 'c', '2')).toContain('c1 < call.accepted 2 by b1');
  });

  it('CA25a: reads the same whether the callee is in a call or not', () => {
    const room = new CallRoom('a1', 'b1', 'c1');
    room.blocked.add('ab');
    room.invite('c1', 'b', '1');
    expect(room.invite('a1', 'b', '2')).toEqual(['write ringing 2', 'a1 < call.ringing 2 0']);
    expect(room.passes(REACHABLE_WITHIN_MS, '2')).toContain('a1 < call.ended 2 unavailable');
  });

  it('CA25b: is in no call with the other any more: it ends for both, and a ring reads as one that was not answered', () => {
    const room = new CallRoom('a1', 'b1', 'c1').active('1');
    expect(room.act({ type: 'separated', users: [anId('c'), anId('a')] })).toEqual([]);
    const both = ['write ended 1', 'a1 < call.ended 1 hung-up', 'b1 < call.ended 1 hung-up'];
    expect(room.act({ type: 'separated', users: [anId('b'), anId('a')] })).toEqual(both);
    room.invite('a1', 'b', '2');
    const ring = ['write ended 2', 'a1 < call.ended 2 no-answer', 'b1 < call.ended 2 cancelled'];
    expect(room.act({ type: 'separated', users: [anId('a'), anId('b')] })).toEqual(ring);
  });
});

describe('a person who is blocked while they ring', () => {
  const shown = (push: boolean) => {
    const room = new CallRoom('a1', 'b1', 'b2', 'c1');
    if (push) room.push.add('b');
    room.invite('a1', 'b', '1');
    room.ringing('b1', 'a', '1');
    return room;
  };
  const block: CallEvent = { type: 'separated', users: [anId('b'), anId('a')], blockedBy: anId('b') };

  for (const push of [false, true]) {
    it(`CA25c: reads the same as of devices that leave the ring, ${push ? 'with' : 'without'} push`, () => {
      const [blocks, leaves] = [shown(push), shown(push)];
      const toCaller = (lines: string[]) => lines.filter(line => line.startsWith('a1'));
      const blocked = [...blocks.act(block), ...blocks.passes(RING_MS, '1')];
      const left = [
        ...leaves.act({ type: 'left', seat: seat('b2') }),
        ...leaves.act({ type: 'left', seat: seat('b1') }),
        ...leaves.passes(RING_MS, '1'),
      ];
      expect(toCaller(blocked)).toEqual(toCaller(left));
      expect(toCaller(blocked)).not.toEqual([]);
      expect(blocks.reasons('1')[0]).toBe(leaves.reasons('1')[0]);
    });
  }

  it('CA25c: leaves the callee free, whose log keeps the ring', () => {
    const room = shown(true);
    expect(room.act(block)).toEqual([
      'write ringing 1',
      'b1 < call.ended 1 cancelled',
      'b2 < call.ended 1 cancelled',
      'a1 < call.ringing 1 0',
    ]);
    expect(room.act(block)).toEqual([]);
    expect(room.invite('b1', 'c', '2')).toContain('c1 < call.invited 2');
    room.passes(RING_MS, '1');
    expect(room.reasons('1')).toEqual(['no-answer', 'cancelled']);
  });
});

import { type CallEntry } from '#protocol/api/calls';
import { anId } from '#protocol/testing/ids';
import { type Row } from './timeline';
import { withUnchanged } from './unchanged-rows';

const HELLO = { kind: 'text', body: 'hello' } as const;
const message = (seq: number, change: object = {}): Row => ({
  kind: 'message',
  key: `m${seq}`,
  id: anId(`m${seq}`),
  seq,
  from: seq,
  at: seq,
  content: HELLO,
  own: true,
  state: 'sent',
  first: true,
  last: true,
  ...change,
});
const missed = (at: number): CallEntry => ({
  callId: anId(`c${at}`),
  position: 1,
  others: [{ id: anId('peer'), username: 'mira', displayName: 'Mira Sand' }],
  direction: 'incoming',
  media: 'audio',
  at,
  reason: 'missed',
});

describe('rows that are made once more', () => {
  it('are those of before, but for what has changed or come', () => {
    const [known, other] = [message(1), message(2)];
    const [one, two, three] = withUnchanged([known, other], [message(1), message(2, { state: 'read' }), message(3)]);
    expect(one).toBe(known);
    expect(two).toEqual(message(2, { state: 'read' }));
    expect(three).toEqual(message(3));
  });

  it('are others where a field has come or gone, or a call has joined a run', () => {
    const [first, second] = [missed(1), missed(2)];
    const run = (...entries: [CallEntry, ...CallEntry[]]): Row => ({
      kind: 'call',
      key: 'c',
      entries,
      isNew: false,
    });
    const calls = run(first);
    const before = [message(1, { fault: 'too-large' }), calls];
    const now = withUnchanged(before, [message(1), run(first)]);
    expect(now[0]).toEqual(message(1));
    expect(now[1]).toBe(calls);
    expect(withUnchanged(before, [run(first, second)])).toEqual([run(first, second)]);
  });
});

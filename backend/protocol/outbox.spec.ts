import fc from 'fast-check';
import { OUTBOX_CHARS, OUTBOX_FRAMES } from '#protocol/limits';
import {
  ACK_EVERY,
  ackDue,
  confirm,
  emptyOutbox,
  openText,
  receive,
  resend,
  send,
  sendAck,
  sendUnnumbered,
  unconfirmed,
  type Outbox,
} from '#protocol/outbox';

type Frame = { type: string; i: number };
type Wire = { n?: number; ack?: number; upTo?: number; i?: number };
const SEED = { seed: 20261121, numRuns: 500 };
const read = (text: string | null) => JSON.parse(text ?? 'null') as Wire;

function sendMany(count: number): [Outbox<Frame>, Wire[]] {
  let box = emptyOutbox<Frame>();
  const wire: Wire[] = [];
  for (let i = 1; i <= count; i++) {
    const [next, text] = send(box, { type: 'x', i });
    box = next;
    wire.push(read(text));
  }
  return [box, wire];
}

describe('the outbox', () => {
  it('D1a numbers from 1 and keeps what is not confirmed, in order', () => {
    const [box, wire] = sendMany(5);
    expect(wire.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    const after = confirm(box, 2)!;
    expect(unconfirmed(after).map(({ i }) => i)).toEqual([3, 4, 5]);
    expect(resend(after).map(read)).toEqual([3, 4, 5].map(i => jasmine.objectContaining({ n: i, i })));
    expect(unconfirmed(confirm(after, 5)!)).toEqual([]);
  });

  it('D1b takes an old confirmation as no news and one of an unsent frame as impossible', () => {
    const [box] = sendMany(3);
    const after = confirm(box, 2)!;
    for (const old of [0, 1, 2]) expect(confirm(after, old)).toBe(after);
    expect(confirm(after, 4)).toBeNull();
  });

  it('D1a keeps nothing of what is confirmed', () => {
    const [box] = sendMany(3);
    expect(confirm(box, 3)).toEqual({ ...emptyOutbox<Frame>(), sent: 3, confirmed: 3 });
  });

  it('D1a is a plain queue for every order of a few frames and confirmations', () => {
    const counts = [0, 1, 2, 3];
    for (const first of counts) {
      for (const second of counts) {
        for (const third of counts) agreesWithAPlainQueue([3, -first, 2, -second, 2, -third, 1]);
      }
    }
  });

  it('D2a, D2b hands out each frame once and says where one is missing', () => {
    const [first, fresh] = receive(emptyOutbox<Frame>(), 1);
    expect(fresh).toBe('fresh');
    expect(receive(first, 1)[1]).toBe('duplicate');
    expect(receive(first, 3)).toEqual([first, 'gap']);
  });

  it('D2a tells once more what the other end has not heard, and never more than arrived', () => {
    const toldAfter = (told: number, n: number) => receive({ ...emptyOutbox<Frame>(), received: 5, told }, n)[0].told;
    expect(toldAfter(5, 3)).toBe(2);
    expect(toldAfter(3, 3)).toBe(2);
    expect(toldAfter(2, 3)).toBe(2);
    expect(toldAfter(1, 3)).toBe(1);
    expect(receive({ ...emptyOutbox<Frame>(), received: 5, told: 5 }, 5)[0].received).toBe(5);
  });

  it('D3a writes the numbers that are due and no others', () => {
    const [heard] = receive(emptyOutbox<Frame>(), 1);
    const [told, ack] = sendAck(heard);
    expect(ack).toBe('{"type":"ack","upTo":1}');
    expect(told).toEqual({ ...heard, told: 1 });
    const frame = { type: 'x', i: 7 };
    expect(send(heard, frame)[1]).toBe('{"type":"x","i":7,"n":1,"ack":1}');
    expect(send(told, frame)[1]).toBe('{"type":"x","i":7,"n":1}');
    expect(sendUnnumbered(heard, frame)).toEqual([told, '{"type":"x","i":7,"ack":1}']);
    expect(sendUnnumbered(told, frame)).toEqual([told, '{"type":"x","i":7}']);
  });

  it('D3a, D3b lets the next frame carry the ack, and asks for one of its own when many wait for it', () => {
    let box = emptyOutbox<Frame>();
    expect(ackDue(box)).toBe('no');
    [box] = receive(box, 1);
    expect(ackDue(box)).toBe('soon');
    expect(read(send(box, { type: 'x', i: 1 })[1])).toEqual(jasmine.objectContaining({ n: 1, ack: 1 }));
    expect(read(sendUnnumbered(box, { type: 'ping' })[1]).ack).toBe(1);
    for (let n = 2; n <= ACK_EVERY; n++) [box] = receive(box, n);
    expect(ackDue(box)).toBe('now');
    const [told, text] = sendAck(box);
    expect(read(text).upTo).toBe(ACK_EVERY);
    expect(ackDue(told)).toBe('no');
    expect(ackDue(receive(told, 1)[0]))
      .withContext('who repeats has not heard')
      .not.toBe('no');
  });

  it('D4a is bounded: a full one takes nothing more, and a confirmation makes room', () => {
    let [box] = sendMany(OUTBOX_FRAMES);
    const [same, refused] = send(box, { type: 'x', i: 0 });
    expect(same === box).toBeTrue();
    expect(refused).toBeNull();
    box = confirm(box, 1)!;
    expect(send(box, { type: 'x', i: 0 })[1]).not.toBeNull();
    const half = 'y'.repeat(OUTBOX_CHARS / 2);
    const [big, text] = send(emptyOutbox<Frame>(), { type: 'x', i: 0 }, half);
    expect(text).not.toBeNull();
    expect(send(big, { type: 'x', i: 0 }, half)[1]).not.toBeNull();
    expect(send(big, { type: 'x', i: 0 }, `${half}y`)[1]).toBeNull();
  });

  it('D2a, D2b loses and doubles nothing over a link that dies at any moment (seed pinned)', () => {
    const step = fc.constantFrom('a-sends', 'b-sends', 'to-a', 'to-b', 'cut', 'a-acks', 'b-acks', 'restless-ack');
    fc.assert(fc.property(fc.array(step, { maxLength: 300 }), survives), SEED);
  });
});

/** @param steps so many frames are sent where it is more than 0, so many of the oldest are confirmed where it is less */
function agreesWithAPlainQueue(steps: readonly number[]): void {
  let box = emptyOutbox<Frame>();
  let queue: Frame[] = [];
  for (const step of steps) {
    for (let i = 0; i < step; i++) {
      const frame = { type: 'x', i: box.sent + 1 };
      [box] = send(box, frame);
      queue.push(frame);
    }
    if (step < 0) {
      queue = queue.slice(-step);
      box = confirm(box, Math.min(box.sent, box.confirmed - step))!;
    }
    expect(unconfirmed(box)).withContext(String(steps)).toEqual(queue);
    expect(resend(box).map(text => read(text).n)).toEqual(queue.map(({ i }) => i));
    expect(box.chars).toBe(queue.reduce((chars, frame) => chars + openText(frame).length, 0));
  }
}

/** Two ends, the texts between them, and a link that is cut and resumed. */
function survives(steps: readonly string[]): void {
  const ends = { a: end(), b: end() };
  const other = { a: 'b', b: 'a' } as const;
  const lines: Record<'a' | 'b', string[]> = { a: [], b: [] };
  let i = 0;

  function deliver(to: 'a' | 'b') {
    const text = lines[to].shift();
    if (text !== undefined) ends[to].hear(read(text));
  }
  function resume() {
    lines.a = [];
    lines.b = [];
    for (const x of ['a', 'b'] as const) {
      ends[x].box = confirm(ends[x].box, ends[other[x]].box.received)!;
      lines[other[x]].push(...resend(ends[x].box));
    }
  }
  for (const step of steps) {
    const x = step.startsWith('a') ? 'a' : 'b';
    if (step === 'cut') resume();
    else if (step === 'to-a' || step === 'to-b') deliver(step === 'to-a' ? 'a' : 'b');
    else if (step.endsWith('sends')) lines[other[x]].push(ends[x].say({ type: 'x', i: ++i }));
    else lines[other[x]].push(ends[x].ack());
  }
  resume();
  while (lines.a.length || lines.b.length) {
    deliver('a');
    deliver('b');
  }
  expect(ends.b.heard).toEqual(ends.a.said);
  expect(ends.a.heard).toEqual(ends.b.said);
}

function end() {
  const self = {
    box: emptyOutbox<Frame>(),
    said: [] as number[],
    heard: [] as number[],
    say(frame: Frame): string {
      const [next, text] = send(self.box, frame);
      self.box = next;
      self.said.push(frame.i);
      return text!;
    },
    ack(): string {
      const [next, text] = sendAck(self.box);
      self.box = next;
      return text;
    },
    hear({ n, ack, upTo, i }: Wire) {
      self.box = confirm(self.box, ack ?? upTo ?? 0)!;
      expect(self.box).not.toBeNull();
      const [next, what] = n === undefined ? [self.box, 'ack'] : receive(self.box, n);
      self.box = next;
      expect(what).not.toBe('gap');
      if (what === 'fresh') self.heard.push(i!);
      expect(self.box.chars).toBe(unconfirmed(self.box).reduce((chars, frame) => chars + openText(frame).length, 0));
    },
  };
  return self;
}

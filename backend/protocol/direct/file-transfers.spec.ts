import * as fc from 'fast-check';
import {
  fileId,
  MOST_FILE_BYTES,
  MOST_FILES,
  type FileId,
  type FileMessage,
  type OfferedFile,
} from '#protocol/direct/file-messages';
import {
  isOver,
  nextTransfers,
  NO_TRANSFERS,
  type FileEffect,
  type FileEvent,
  type Transfers,
} from '#protocol/direct/file-transfers';

const idOf = (n: number): FileId => fileId.parse(`0190c0de-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const fileOf = (n: number, size: number): OfferedFile => ({ id: idOf(n), name: `${n}.bin`, size, kind: '' });
const LENGTH = 10;
const DIGEST = 'd'.repeat(64);

type Sent = FileMessage | { type: 'piece'; id: FileId; offset: number; length: number };

/** One end with a disk: reads its own files piece by piece, and keeps what arrives. */
class End {
  state: Transfers = NO_TRANSFERS;
  readonly out: Sent[] = [];
  /** Pieces that were kept, by file, in their order. */
  readonly kept = new Map<FileId, string[]>();
  /** How often each byte of a file was sent. */
  readonly reading = new Map<FileId, number>();
  readonly #halted = new Map<FileId, number>();

  does(event: FileEvent): void {
    const [state, effects] = nextTransfers(this.state, event);
    this.state = state;
    for (const effect of effects) this.#perform(effect, event);
  }

  hears(sent: Sent): void {
    this.does(sent.type === 'piece' ? sent : { type: 'message', message: sent });
  }

  /** Sends the next piece of each file that is read. */
  works(): void {
    for (const [id, at] of this.reading) {
      const size = this.of(id).file.size;
      const length = Math.min(LENGTH, size - at);
      if (length === 0) {
        this.reading.delete(id);
        this.does({ type: 'sent', id, digest: DIGEST });
        continue;
      }
      this.out.push({ type: 'piece', id, offset: at, length });
      this.reading.set(id, at + length);
    }
  }

  of(id: FileId) {
    return this.state.all.find(({ file }) => file.id === id)!;
  }

  #perform(effect: FileEffect, event: FileEvent): void {
    switch (effect.do) {
      case 'send':
        return void this.out.push(effect.message);
      case 'read':
        return void this.reading.set(effect.id, effect.from ?? this.#halted.get(effect.id) ?? 0);
      case 'halt':
        this.#halted.set(effect.id, this.reading.get(effect.id) ?? 0);
        return void this.reading.delete(effect.id);
      case 'store': {
        if (event.type !== 'piece') throw new Error('stores what is no piece');
        this.kept.set(effect.id, [...(this.kept.get(effect.id) ?? []), `${event.offset}+${event.length}`]);
        return this.does({ type: 'stored', id: effect.id, bytes: event.offset + event.length });
      }
      case 'check':
        expect(effect.digest).toBe(DIGEST);
        return this.does({ type: 'checked', id: effect.id });
      case 'discard':
        return void this.kept.delete(effect.id);
    }
  }
}

/** Two ends and what is on its way between them. */
class Pair {
  readonly ada = new End();
  readonly ben = new End();

  open(): void {
    for (const end of [this.ada, this.ben]) end.does({ type: 'opened' });
  }
  /** What was on its way is lost. */
  cut(): void {
    for (const end of [this.ada, this.ben]) {
      end.does({ type: 'lost' });
      end.out.length = 0;
    }
  }
  /** Delivers one thing each way. */
  step(): void {
    const [toBen, toAda] = [this.ada.out.shift(), this.ben.out.shift()];
    if (toBen) this.ben.hears(toBen);
    if (toAda) this.ada.hears(toAda);
    for (const end of [this.ada, this.ben]) end.works();
  }
  run(steps = 2_000): void {
    for (let i = 0; i < steps; i += 1) this.step();
  }
}

const whole = (size: number): string[] =>
  Array.from({ length: Math.ceil(size / LENGTH) }, (_, i) => `${i * LENGTH}+${Math.min(LENGTH, size - i * LENGTH)}`);

describe('A file from device to device', () => {
  const id = idOf(1);
  let pair: Pair;
  const phases = () => [pair.ada.of(id).phase, pair.ben.of(id).phase];

  beforeEach(() => {
    pair = new Pair();
    pair.open();
    pair.ada.does({ type: 'offer', file: fileOf(1, 95) });
    pair.run(5);
  });

  it('DF1a, DF3 is not sent before it is taken, and then whole', () => {
    expect(pair.ada.reading.size).toBe(0);
    expect(phases()).toEqual([{ is: 'offered' }, { is: 'offered' }]);
    pair.ben.does({ type: 'take', id });
    pair.run();
    expect(phases()).toEqual([{ is: 'done' }, { is: 'done' }]);
    expect(pair.ben.kept.get(id)).toEqual(whole(95));
    expect(pair.ada.of(id).stored).toBe(95);
  });

  it('DF3 may be empty', () => {
    pair.ada.does({ type: 'offer', file: fileOf(2, 0) });
    pair.run(5);
    pair.ben.does({ type: 'take', id: idOf(2) });
    pair.run();
    expect(pair.ada.of(idOf(2)).phase).toEqual({ is: 'done' });
  });

  it('is declined without a byte', () => {
    pair.ben.does({ type: 'decline', id });
    pair.run();
    expect(phases()).toEqual([{ is: 'declined' }, { is: 'declined' }]);
    expect(pair.ben.kept.size).toBe(0);
  });

  for (const who of ['ada', 'ben'] as const)
    it(`DF2b is paused and goes on as ${who === 'ada' ? 'its sender' : 'its receiver'} says, and not as the other one says`, () => {
      const other = who === 'ada' ? 'ben' : 'ada';
      pair.ben.does({ type: 'take', id });
      pair.run(4);
      pair[who].does({ type: 'pause', id });
      pair.run();
      const { length } = pair.ben.kept.get(id) ?? [];
      expect(length).toBeLessThan(10);
      pair[other].does({ type: 'continue', id });
      pair.run();
      expect(pair[other].of(id).phase).toEqual({ is: 'paused', by: 'peer' });
      pair[who].does({ type: 'continue', id });
      pair.run();
      expect(phases()).toEqual([{ is: 'done' }, { is: 'done' }]);
      expect(pair.ben.kept.get(id)).toEqual(whole(95));
    });

  it('DF4 goes on after a cut where it was, and nothing that arrived is sent again', () => {
    pair.ben.does({ type: 'take', id });
    pair.run(6);
    pair.cut();
    const { arrived } = pair.ben.of(id) as { arrived: number };
    expect(arrived).toBeGreaterThan(0);
    pair.open();
    pair.step();
    pair.step();
    const again = pair.ada.out.find(({ type }) => type === 'piece');
    expect(again).toEqual(jasmine.objectContaining({ offset: arrived }));
    pair.run();
    expect(phases()).toEqual([{ is: 'done' }, { is: 'done' }]);
    expect(pair.ben.kept.get(id)).toEqual(whole(95));
  });

  it('DF4 that was taken, paused, or finished while the channel was gone is said with the next one', () => {
    pair.cut();
    pair.ben.does({ type: 'take', id });
    pair.open();
    pair.run(5);
    expect(pair.ada.of(id).phase.is).toBe('moving');
    pair.cut();
    pair.ben.does({ type: 'pause', id });
    pair.open();
    pair.run();
    expect(phases()).toEqual([
      { is: 'paused', by: 'peer' },
      { is: 'paused', by: 'me' },
    ]);
    pair.ben.does({ type: 'continue', id });
    while (pair.ben.of(id).phase.is !== 'done') pair.step();
    pair.cut();
    pair.open();
    pair.run();
    expect(phases()).toEqual([{ is: 'done' }, { is: 'done' }]);
  });

  for (const [what, offset, length] of [
    ['leaves a gap', 20, 10],
    ['goes beyond the end', 10, 86],
    ['starts before what is there and goes beyond it', 5, 10],
  ] as const)
    it(`DF5b ends as broken by a piece that ${what}`, () => {
      pair.ben.does({ type: 'take', id });
      pair.ben.does({ type: 'piece', id, offset: 0, length: 10 });
      pair.ben.does({ type: 'piece', id, offset, length });
      expect(pair.ben.of(id).phase).toEqual({ is: 'failed', why: 'broken' });
      expect(pair.ben.kept.size).toBe(0);
      pair.run();
      expect(pair.ada.of(id).phase).toEqual({ is: 'failed', why: 'broken' });
    });

  it('DF5a, DF5c drops a piece that is there already, and what comes before it is taken or after it is over', () => {
    const piece: FileEvent = { type: 'piece', id, offset: 0, length: 10 };
    pair.ben.does(piece);
    pair.ben.does({ ...piece, id: idOf(9) });
    expect(pair.ben.kept.size).toBe(0);
    pair.ben.does({ type: 'take', id });
    pair.ben.does(piece);
    pair.ben.does(piece);
    expect(pair.ben.kept.get(id)).toEqual(['0+10']);
    pair.ben.does({ type: 'cancel', id });
    const before = pair.ben.state;
    for (const late of [piece, { type: 'message', message: { type: 'end', id, digest: DIGEST } } as const]) {
      pair.ben.does(late);
      expect(pair.ben.state).toEqual(before);
    }
  });

  it('DF5b ends as broken where its offer comes again with another size, or its end too early', () => {
    pair.ben.does({ type: 'take', id });
    pair.ben.hears({ type: 'end', id, digest: DIGEST });
    expect(pair.ben.of(id).phase).toEqual({ is: 'failed', why: 'broken' });
    const other = new Pair();
    other.open();
    other.ben.hears({ type: 'offer', file: fileOf(1, 95) });
    other.ben.hears({ type: 'offer', file: fileOf(1, 96) });
    expect(other.ben.of(id).phase).toEqual({ is: 'failed', why: 'broken' });
  });

  it('DF5b ends as broken where the receiver wants, or has, more than there is', () => {
    pair.ada.hears({ type: 'accept', id, from: 96 });
    expect(pair.ada.of(id).phase).toEqual({ is: 'failed', why: 'broken' });
    expect(pair.ada.reading.size).toBe(0);
  });

  it('DF6 is refused above 1 TiB, and beyond 32, and the person is not asked', () => {
    pair.ben.hears({ type: 'offer', file: fileOf(7, MOST_FILE_BYTES + 1) });
    expect(pair.ben.state.all.length).toBe(1);
    expect(pair.ben.out.at(-1)).toEqual({ type: 'cancel', id: idOf(7), why: 'too-large' });
    for (let n = 100; n < 100 + MOST_FILES; n += 1) pair.ben.hears({ type: 'offer', file: fileOf(n, 1) });
    expect(pair.ben.state.all.length).toBe(MOST_FILES);
    expect(pair.ben.out.at(-1)).toEqual(jasmine.objectContaining({ type: 'cancel', why: 'too-many' }));
  });

  for (const who of ['ada', 'ben'] as const)
    it(`DF7a ends where ${who === 'ada' ? 'its sender' : 'its receiver'} cancels it, and what is there is thrown away`, () => {
      pair.ben.does({ type: 'take', id });
      pair.run(4);
      pair[who].does({ type: 'cancel', id });
      pair.run();
      const by = (end: 'ada' | 'ben') => ({
        is: 'cancelled' as const,
        by: end === who ? ('me' as const) : ('peer' as const),
      });
      expect(phases()).toEqual([by('ada'), by('ben')]);
      expect([pair.ben.kept.size, pair.ada.reading.size]).toEqual([0, 0]);
    });

  it('DF7b ends with the call, but for what is done', () => {
    pair.ben.does({ type: 'take', id });
    pair.run();
    pair.ada.does({ type: 'offer', file: fileOf(2, 10) });
    for (const end of [pair.ada, pair.ben]) end.does({ type: 'over' });
    expect(phases()).toEqual([{ is: 'done' }, { is: 'done' }]);
    expect(pair.ada.of(idOf(2)).phase).toEqual({ is: 'failed', why: 'call-over' });
    expect(pair.ben.kept.has(id)).toBeTrue();
  });

  it('DF3 fails at both ends where what arrived is not what was sent, or the disk is full', () => {
    for (const why of ['damaged', 'not-saved'] as const) {
      const one = new Pair();
      one.open();
      one.ada.does({ type: 'offer', file: fileOf(1, 95) });
      one.run(2);
      one.ben.does({ type: 'take', id });
      one.run(5);
      one.ben.does({ type: 'failed', id, why });
      one.run();
      expect([one.ada.of(id).phase, one.ben.of(id).phase]).toEqual([
        { is: 'failed', why },
        { is: 'failed', why },
      ]);
      expect(one.ben.kept.size).toBe(0);
    }
  });

  type Act = 'step' | 'cut' | 'pause-a' | 'pause-b' | 'continue-a' | 'continue-b' | 'take' | 'offer';
  const acts = fc.array(
    fc.constantFrom<Act>(
      ...(['step', 'step', 'step', 'cut', 'pause-a', 'pause-b', 'continue-a', 'continue-b', 'take', 'offer'] as const),
    ),
    { maxLength: 120 },
  );

  it('DF4 arrives whole after any pauses and cuts', () => {
    const random = (acting: readonly Act[]): void => {
      const all = new Pair();
      all.open();
      let files = 0;
      const each = (act: (id: FileId) => void): void => {
        for (let n = 1; n <= files; n += 1) act(idOf(n));
      };
      const ACTS: Record<Act, () => void> = {
        step: () => all.step(),
        cut: () => {
          all.cut();
          all.open();
        },
        offer: () => {
          if (files < 3) all.ada.does({ type: 'offer', file: fileOf((files += 1), 35 * files) });
        },
        take: () => each(one => all.ben.does({ type: 'take', id: one })),
        'pause-a': () => each(one => all.ada.does({ type: 'pause', id: one })),
        'pause-b': () => each(one => all.ben.does({ type: 'pause', id: one })),
        'continue-a': () => each(one => all.ada.does({ type: 'continue', id: one })),
        'continue-b': () => each(one => all.ben.does({ type: 'continue', id: one })),
      };
      for (const act of acting) ACTS[act]();
      for (let round = 0; round < 3; round += 1) {
        all.run(200);
        for (const act of ['take', 'continue-a', 'continue-b'] as const) ACTS[act]();
      }
      all.run(400);
      each(one => {
        expect([all.ada.of(one).phase, all.ben.of(one).phase]).toEqual([{ is: 'done' }, { is: 'done' }]);
        expect(all.ben.kept.get(one)).toEqual(whole(all.ben.of(one).file.size));
      });
      expect(all.ada.state.all.every(isOver)).toBeTrue();
    };
    fc.assert(fc.property(acts, random), { seed: 20261129, numRuns: 400 });
  });
});

import * as fc from 'fast-check';
import {
  ANSWER_WITHIN_MS,
  ASK_AGAIN_MS,
  BEGINS_WITHIN_MS,
  canAsk,
  isRecorded,
  LOST_MS,
  nextRecordings,
  NO_RECORDINGS,
  recordingDeadline,
  type RecordingEffect,
  type RecordingEvent,
  type Recordings,
} from '#protocol/direct/recording';
import { recordingId, type RecordingId, type RecordingMessage } from '#protocol/direct/recording-messages';

const idOf = (n: number): RecordingId =>
  recordingId.parse(`0190c0de-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);

/** One end: what it has said that was not delivered, and what its device does. */
class End {
  state: Recordings = NO_RECORDINGS;
  readonly out: RecordingMessage[] = [];
  readonly told: string[] = [];
  /** What the recorder does: none, or the recording and whether it is paused. */
  recorder: { id: RecordingId; paused: boolean } | null = null;
  finished = 0;

  does(event: RecordingEvent, now = 0): void {
    const before = this.state;
    const [state, effects] = nextRecordings(before, event, now);
    this.state = state;
    for (const effect of effects) this.#perform(effect, before.open || state.open);
  }

  #perform(effect: RecordingEffect, open: boolean): void {
    switch (effect.do) {
      case 'send':
        expect(open).withContext('says something without a channel').toBeTrue();
        this.out.push(effect.message);
        return;
      case 'begin':
        expect(this.recorder).toBeNull();
        this.recorder = { id: effect.id, paused: false };
        return;
      case 'pause':
      case 'resume':
        expect(this.recorder).not.toBeNull();
        this.recorder = { id: this.recorder!.id, paused: effect.do === 'pause' };
        return;
      case 'finish':
        expect(this.recorder).not.toBeNull();
        this.recorder = null;
        this.finished++;
        return;
      case 'tell':
        this.told.push(effect.what);
    }
  }
}

/** Two ends in a call that is up. */
class Talk {
  readonly ada = new End();
  readonly ben = new End();
  now = 1_000;

  constructor(benKnows = true) {
    for (const end of [this.ada, this.ben]) end.does({ type: 'media', up: true }, this.now);
    this.ada.does({ type: 'opened' }, this.now);
    if (benKnows) this.ben.does({ type: 'opened' }, this.now);
    else this.ada.out.splice(0);
    this.deliver();
  }

  deliver(): void {
    while (this.ada.out.length + this.ben.out.length > 0) {
      for (const message of this.ada.out.splice(0)) this.ben.does({ type: 'message', message }, this.now);
      for (const message of this.ben.out.splice(0)) this.ada.does({ type: 'message', message }, this.now);
    }
  }

  pass(ms: number): void {
    this.now += ms;
    for (const end of [this.ada, this.ben]) end.does({ type: 'time' }, this.now);
    this.deliver();
  }

  asks(n = 1): void {
    this.ada.does({ type: 'ask', id: idOf(n) }, this.now);
    this.deliver();
  }

  answers(type: 'allow' | 'refuse'): void {
    this.ben.does({ type }, this.now);
    this.deliver();
  }

  /** What a hostile app at Ben's end says. */
  forges(message: RecordingMessage): void {
    this.ada.does({ type: 'message', message }, this.now);
  }

  relink(): void {
    for (const end of [this.ada, this.ben]) {
      end.out.splice(0);
      end.does({ type: 'lost' }, this.now);
    }
    for (const end of [this.ada, this.ben]) end.does({ type: 'opened' }, this.now);
    this.deliver();
  }
}

const recording = (): Talk => {
  const talk = new Talk();
  talk.asks();
  talk.answers('allow');
  expect(talk.ada.recorder).toEqual({ id: idOf(1), paused: false });
  return talk;
};
const whatIs = ({ ada, ben }: Talk) => [ada.state.own.is, ben.state.theirs.is];

describe('Recording a call', () => {
  it('RC1a begins with the consent of the other person and not before', () => {
    const talk = new Talk();
    talk.asks();
    expect(whatIs(talk)).toEqual(['asking', 'asked']);
    expect(talk.ada.recorder).toBeNull();
    expect([talk.ada, talk.ben].some(({ state }) => isRecorded(state))).toBeFalse();
    talk.answers('allow');
    expect(whatIs(talk)).toEqual(['recording', 'recording']);
  });

  it('RC1a does not begin with a consent that nobody was asked for', () => {
    const talk = new Talk();
    talk.forges({ type: 'answer', id: idOf(1), allow: true });
    expect([talk.ada.recorder, talk.ada.state.own.is]).toEqual([null, 'none']);
  });

  it('RC1b takes one answer: a second changes nothing, nor does one to another question', () => {
    const talk = new Talk();
    talk.asks();
    talk.forges({ type: 'answer', id: idOf(2), allow: true });
    expect(talk.ada.recorder).toBeNull();
    talk.answers('allow');
    talk.forges({ type: 'answer', id: idOf(1), allow: true });
    talk.forges({ type: 'answer', id: idOf(1), allow: false });
    expect(talk.ada.recorder).toEqual({ id: idOf(1), paused: false });
  });

  it('RC1b tells a yes that comes too late that nothing is recorded', () => {
    const talk = new Talk();
    talk.asks();
    talk.ben.does({ type: 'allow' }, talk.now);
    talk.ada.does({ type: 'time' }, talk.now + ANSWER_WITHIN_MS);
    talk.deliver();
    expect(whatIs(talk)).toEqual(['none', 'none']);
    expect(talk.ada.recorder).toBeNull();
  });

  it('RC1c stands alone: a second question is refused unseen, and each may record the other', () => {
    const talk = recording();
    talk.ben.does({ type: 'message', message: { type: 'ask', id: idOf(7) } }, talk.now);
    expect(talk.ben.out).toEqual([{ type: 'answer', id: idOf(7), allow: false }]);
    talk.deliver();
    expect(whatIs(talk)).toEqual(['recording', 'recording']);
    talk.ben.does({ type: 'ask', id: idOf(8) }, talk.now);
    talk.deliver();
    talk.ada.does({ type: 'allow' }, talk.now);
    talk.deliver();
    expect(talk.ben.recorder?.id).toBe(idOf(8));
  });

  it('RC2a takes no answer for a no', () => {
    const talk = new Talk();
    talk.asks();
    expect([talk.ada, talk.ben].map(({ state }) => recordingDeadline(state))).toEqual(
      [0, 0].map(() => talk.now + ANSWER_WITHIN_MS),
    );
    talk.pass(ANSWER_WITHIN_MS);
    expect(whatIs(talk)).toEqual(['none', 'none']);
    expect(talk.ada.told).toEqual(['unanswered']);
    talk.answers('allow');
    expect(talk.ada.recorder).toBeNull();
  });

  for (const [what, ends] of Object.entries<(talk: Talk) => void>({
    'a no': talk => talk.answers('refuse'),
    'no answer': talk => talk.pass(ANSWER_WITHIN_MS),
    'a consent withdrawn': talk => {
      talk.answers('allow');
      talk.ben.does({ type: 'withdraw' }, talk.now);
      talk.deliver();
    },
    'a question taken back': talk => {
      talk.ada.does({ type: 'end' }, talk.now);
      talk.deliver();
    },
  }))
    it(`RC2b is not asked for again at once after ${what}, whatever the other app is`, () => {
      const talk = new Talk();
      talk.asks(1);
      ends(talk);
      expect(whatIs(talk)).toEqual(['none', 'none']);
      if (what !== 'no answer') {
        talk.ben.does({ type: 'message', message: { type: 'ask', id: idOf(9) } }, talk.now + 1);
        expect(talk.ben.state.theirs.is).withContext('pressed by a hostile app').toBe('none');
        expect(talk.ben.out.splice(0)).toEqual([{ type: 'answer', id: idOf(9), allow: false }]);
      }
      talk.asks(2);
      expect(talk.ada.told.at(-1)).toBe('too-soon');
      talk.pass(ASK_AGAIN_MS);
      talk.asks(3);
      expect(whatIs(talk)).toEqual(['asking', 'asked']);
    });

  it('RC2b may be asked for again at once after one that was allowed has ended', () => {
    const talk = recording();
    talk.ada.does({ type: 'end' }, talk.now);
    talk.deliver();
    talk.asks(2);
    expect(whatIs(talk)).toEqual(['asking', 'asked']);
  });

  it('RC3a is shown at both ends until who records ends it', () => {
    const talk = recording();
    expect([talk.ada, talk.ben].map(({ state }) => isRecorded(state))).toEqual([true, true]);
    talk.ada.does({ type: 'end' }, talk.now);
    talk.deliver();
    expect(whatIs(talk)).toEqual(['none', 'none']);
    expect([talk.ada.finished, talk.ada.told]).toEqual([1, ['own']]);
  });

  it('RC3b ends at once when the consent is withdrawn', () => {
    const talk = recording();
    talk.ben.does({ type: 'withdraw' }, talk.now);
    expect(talk.ben.state.theirs.is).toBe('none');
    talk.deliver();
    expect([talk.ada.recorder, talk.ada.told]).toEqual([null, ['withdrawn']]);
    talk.forges({ type: 'stop', id: idOf(1) });
    expect(talk.ada.finished).toBe(1);
  });

  it('RC3b is told to stop where it was never allowed, and is not shown as if it had been', () => {
    const talk = new Talk();
    talk.forges({ type: 'runs', id: idOf(5) });
    expect([talk.ada.state.theirs.is, talk.ada.out]).toEqual(['none', [{ type: 'stop', id: idOf(5) }]]);
    talk.ada.out.splice(0);
    talk.forges({ type: 'ask', id: idOf(6) });
    talk.forges({ type: 'runs', id: idOf(6) });
    expect(isRecorded(talk.ada.state)).toBeFalse();
  });

  it('RC3c is allowed no longer where it does not begin', () => {
    const talk = new Talk();
    talk.asks();
    talk.ben.does({ type: 'allow' }, talk.now);
    talk.ben.out.splice(0);
    talk.ben.does({ type: 'time' }, talk.now + BEGINS_WITHIN_MS);
    expect([talk.ben.state.theirs.is, talk.ben.out]).toEqual(['none', [{ type: 'stop', id: idOf(1) }]]);
  });

  for (const who of ['ada', 'ben'] as const) {
    it(`RC4a ends when ${who} puts the call on hold`, () => {
      const talk = recording();
      talk[who].does({ type: 'hold', held: true }, talk.now);
      talk.deliver();
      expect(whatIs(talk)).toEqual(['none', 'none']);
      expect(talk.ada.finished).toBe(1);
    });

    it(`RC4a is not asked for any more when ${who} puts the call on hold`, () => {
      const talk = new Talk();
      talk.asks();
      talk[who].does({ type: 'hold', held: true }, talk.now);
      talk.deliver();
      expect(whatIs(talk)).toEqual(['none', 'none']);
      talk.answers('allow');
      expect(talk.ada.recorder).toBeNull();
    });
  }

  it('RC4b is not asked for on hold, and a forged question is refused unseen', () => {
    const talk = new Talk();
    talk.ada.does({ type: 'hold', held: true }, talk.now);
    talk.forges({ type: 'ask', id: idOf(3) });
    expect([talk.ada.state.theirs.is, talk.ada.out.splice(0)]).toEqual([
      'none',
      [{ type: 'answer', id: idOf(3), allow: false }],
    ]);
    talk.forges({ type: 'answer', id: idOf(3), allow: true });
    talk.asks();
    expect(whatIs(talk)).toEqual(['none', 'none']);
    talk.ada.does({ type: 'hold', held: false }, talk.now);
    talk.asks();
    expect(talk.ada.state.own.is).toBe('asking');
  });

  it('RC4c is over with the call, and nothing is answered after it', () => {
    const talk = recording();
    talk.ada.does({ type: 'over' }, talk.now);
    talk.ben.does({ type: 'over' }, talk.now);
    expect(whatIs(talk)).toEqual(['none', 'none']);
    expect([talk.ada.finished, talk.ada.told]).toEqual([1, ['over']]);
    talk.ada.out.splice(0);
    talk.forges({ type: 'answer', id: idOf(1), allow: true });
    talk.asks(2);
    expect([talk.ada.recorder, talk.ada.out]).toEqual([null, []]);
  });

  it('RC5a pauses while nothing arrives, and is over when that lasts', () => {
    const talk = recording();
    talk.ada.does({ type: 'media', up: false }, talk.now);
    expect(talk.ada.recorder?.paused).toBeTrue();
    talk.pass(LOST_MS - 1);
    talk.ada.does({ type: 'media', up: true }, talk.now);
    expect(talk.ada.recorder?.paused).toBeFalse();
    talk.ada.does({ type: 'media', up: false }, talk.now);
    talk.pass(LOST_MS);
    expect([talk.ada.recorder, talk.ada.told]).toEqual([null, ['lost']]);
    expect(talk.ben.state.theirs.is).toBe('none');
  });

  it('RC5b goes on over another channel where it was allowed, once the other end has said so', () => {
    const talk = recording();
    talk.ada.does({ type: 'lost' }, talk.now);
    talk.ada.does({ type: 'opened' }, talk.now);
    expect(talk.ada.recorder?.paused).toBeTrue();
    talk.relink();
    expect([talk.ada.recorder?.paused, whatIs(talk)]).toEqual([false, ['recording', 'recording']]);
  });

  it('RC5b is over on another channel where the other end has withdrawn it, or its recorder has ended it, meanwhile', () => {
    for (const [who, type] of [
      ['ben', 'withdraw'],
      ['ada', 'end'],
    ] as const) {
      const talk = recording();
      for (const end of [talk.ada, talk.ben]) end.does({ type: 'lost' }, talk.now);
      talk[who].does({ type }, talk.now);
      talk.relink();
      expect(whatIs(talk)).toEqual(['none', 'none']);
      expect(talk.ada.finished).toBe(1);
    }
  });

  it('RC5b is not begun by an answer that was on its way when the channel was lost', () => {
    const talk = new Talk();
    talk.asks();
    talk.ben.does({ type: 'allow' }, talk.now);
    talk.relink();
    expect(whatIs(talk)).toEqual(['none', 'none']);
    expect(talk.ada.told).toEqual(['lost']);
  });

  it('RC6 is not asked of an app that does not know of it', () => {
    const talk = new Talk(false);
    expect(canAsk(talk.ada.state)).toBeFalse();
    talk.asks();
    expect([talk.ada.state.own.is, talk.ada.out]).toEqual(['none', []]);
  });

  it('ends with what was kept where this device cannot go on, and the other end hears of it', () => {
    const talk = recording();
    talk.ada.does({ type: 'failed', why: 'full' }, talk.now);
    talk.deliver();
    expect([whatIs(talk), talk.ada.told]).toEqual([['none', 'none'], ['full']]);
  });

  /** Any events of two ends and a network, in any order. */
  it('never runs without a consent that stands, whatever happens', () => {
    type Step = { who: 'ada' | 'ben'; what: number };
    const steps = fc.array(fc.record<Step>({ who: fc.constantFrom('ada', 'ben'), what: fc.nat(15) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, all => {
        const talk = new Talk();
        let next = 1;
        /** What each person has said yes to, and not taken back. */
        const consents = { ada: new Set<RecordingId>(), ben: new Set<RecordingId>() };
        for (const { who, what } of all) {
          const [end, other] = who === 'ada' ? [talk.ada, talk.ben] : [talk.ben, talk.ada];
          const { theirs } = end.state;
          const does = (event: RecordingEvent) => end.does(event, talk.now);
          if (what === 0) does({ type: 'ask', id: idOf(next++) });
          if (what === 1 || what === 2) {
            if (theirs.is === 'asked') consents[who].add(theirs.id);
            does({ type: 'allow' });
          }
          if (what === 3) does({ type: 'refuse' });
          if (what === 4) {
            does({ type: 'withdraw' });
            talk.deliver();
            if (theirs.is !== 'none') expect(other.recorder?.id).not.toBe(theirs.id);
          }
          if (what === 5) does({ type: 'end' });
          if (what === 6) does({ type: 'media', up: next % 2 === 0 });
          if (what === 7) does({ type: 'hold', held: next++ % 2 === 0 });
          if (what === 8) talk.relink();
          if (what === 9) talk.pass(10_000);
          if (what === 10) does({ type: 'failed', why: 'full' });
          if (what === 11) does({ type: 'over' });
          if (what === 12 && !end.state.open) does({ type: 'opened' });
          if (what > 12) talk.deliver();
          for (const [recorder, asked] of [
            ['ada', 'ben'],
            ['ben', 'ada'],
          ] as const) {
            const { id } = talk[recorder].recorder ?? {};
            if (id !== undefined) expect(consents[asked].has(id)).withContext('consent').toBeTrue();
            expect(talk[recorder].state.own.is === 'recording').toBe(id !== undefined);
          }
        }
        talk.deliver();
        for (const [a, b] of [
          [talk.ada, talk.ben],
          [talk.ben, talk.ada],
        ] as const) {
          // While one end records, the other end shows that it does.
          if (a.recorder && a.state.open && b.state.open && a.state.known && !a.recorder.paused)
            expect(b.state.theirs).toEqual(jasmine.objectContaining({ is: 'recording', id: a.recorder.id }));
        }
      }),
    );
  });
});

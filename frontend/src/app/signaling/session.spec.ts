import { type ClientFrame, type ServerFrame } from '#protocol/messages';
import { type Said } from './said';
import { NO_SESSION, nextSession, unsaid, type Session, type SessionEffect } from './session';
import { devicesChanged, post, uuid, welcomeOf } from './testing/frames';

/** The session in front of a hand-fed socket: `wrote` is what left, `heard` what was delivered. */
class Bench {
  session: Session = NO_SESSION;
  wrote: ClientFrame[] = [];
  heard: ServerFrame['type'][] = [];
  unconfirmed: readonly Said[] = [];
  broken = '';

  do(...events: Parameters<typeof nextSession>[1][]): this {
    for (const event of events) {
      const [next, effects] = nextSession(this.session, event);
      this.session = next;
      effects.forEach(effect => this.note(effect));
    }
    return this;
  }
  private note(effect: SessionEffect): void {
    if (effect.type === 'write') this.wrote.push(JSON.parse(effect.text) as ClientFrame);
    if (effect.type === 'broken') this.broken = effect.why;
    if (effect.type !== 'deliver') return;
    this.heard.push(effect.frame.type);
    if (effect.frame.type === 'welcome') this.unconfirmed = effect.unconfirmed;
  }
  hear(text: string): this {
    return this.do({ type: 'text', text });
  }
  live(session = uuid(10)): this {
    return this.do({ type: 'opened', token: 't' }).hear(welcomeOf(session, 'new', 0));
  }
}

describe('session', () => {
  it('CA18c: begins a new session where a resume has overtaken a welcome that comes again', () => {
    const bench = new Bench()
      .live()
      .do({ type: 'say', frame: post(1) }, { type: 'closed' }, { type: 'opened', token: 't' });
    bench.hear(welcomeOf(uuid(10), 'resumed', 1)).hear(welcomeOf(uuid(10), 'again', 0, 1));
    expect(bench.broken).toContain('overtaken');
    expect(bench.heard).toEqual(['welcome', 'welcome']);
    bench.do({ type: 'opened', token: 't' });
    expect(bench.wrote.at(-1)).toEqual({ type: 'hello', token: 't' });
  });

  it('says hello first and nothing else before the welcome', () => {
    const bench = new Bench().do({ type: 'opened', token: 't', calls: [uuid(9)] });
    expect(bench.wrote).toEqual([{ type: 'hello', token: 't', calls: [uuid(9)] }]);
    bench.do({ type: 'say', frame: post(1) }, { type: 'say', frame: { type: 'presence', visible: true } });
    expect(bench.wrote.length).toBe(1);
  });

  it('resumes with what it has heard, resends what was not confirmed, then says what was held', () => {
    const bench = new Bench().live().do({ type: 'say', frame: post(1) }, { type: 'say', frame: post(2) });
    bench.hear(devicesChanged(1)).do({ type: 'closed' }, { type: 'say', frame: post(3) });
    bench.wrote = [];
    bench.do({ type: 'opened', token: 'u' }).hear(welcomeOf(uuid(10), 'resumed', 1));
    expect(bench.wrote).toEqual([
      { type: 'hello', token: 'u', session: uuid(10), received: 1 },
      { ...post(2), n: 2 } as ClientFrame,
      { ...post(3), n: 3, ack: 1 } as ClientFrame,
    ]);
    expect(bench.unconfirmed).toEqual([post(2), post(3)]);
  });

  it('tells with a new session what the old one lost, and begins at 1 again', () => {
    const bench = new Bench().live().do({ type: 'say', frame: post(1) }, { type: 'closed' });
    bench.do({ type: 'say', frame: post(2) }, { type: 'opened', token: 't' }).hear(welcomeOf(uuid(11), 'new', 0));
    expect(bench.unconfirmed).toEqual([post(1), post(2)]);
    expect(unsaid(bench.session)).toEqual([]);
    expect(bench.do({ type: 'say', frame: post(1) }).wrote.at(-1)).toEqual({ ...post(1), n: 1 } as ClientFrame);
  });

  it('keeps session, outbox and numbers through `again`', () => {
    const bench = new Bench().live().do({ type: 'say', frame: post(1) });
    bench.hear(welcomeOf(uuid(10), 'again', 0, 1));
    expect(bench.heard).toEqual(['welcome', 'welcome']);
    expect(bench.unconfirmed).toEqual([post(1)]);
    expect(bench.do({ type: 'say', frame: post(2) }).wrote.at(-1)).toEqual({ ...post(2), n: 2, ack: 1 } as ClientFrame);
  });

  it('renews its token in the live session without resending', () => {
    const bench = new Bench().live().do({ type: 'say', frame: post(1) }, { type: 'renew', token: 'v' });
    expect(bench.wrote.at(-1)).toEqual({ type: 'hello', token: 'v', session: uuid(10) });
    const before = bench.wrote.length;
    bench.hear(welcomeOf(uuid(10), 'resumed', 1));
    expect(bench.wrote.length).toBe(before);
    expect(bench.session.phase).toBe('live');
  });

  it('answers a ping at once and drops duplicates', () => {
    const bench = new Bench().live().hear(devicesChanged(1)).hear(devicesChanged(1));
    bench.hear('{"type":"ping"}');
    expect(bench.wrote.at(-1)).toEqual({ type: 'ack', upTo: 1 });
    expect(bench.heard.filter(type => type === 'devices.changed').length).toBe(1);
  });

  for (const [what, text] of [
    ['a missing number', devicesChanged(2)],
    ['no JSON', 'x'],
    ['an unknown type', '{"type":"surprise"}'],
    ['a confirmation of what was never sent', '{"type":"ack","upTo":7}'],
    ['a second new welcome', welcomeOf(uuid(12), 'new', 0)],
  ] as const) {
    it(`gives the socket up at ${what} and keeps what is unsaid`, () => {
      const bench = new Bench()
        .live()
        .do({ type: 'say', frame: post(1) })
        .hear(text);
      expect(bench.broken).not.toBe('');
      expect(bench.session).toEqual(jasmine.objectContaining({ phase: 'apart', resumes: null }));
      expect(unsaid(bench.session)).toEqual([post(1)]);
    });
  }

  it('refuses to resume into a session that is not its own', () => {
    const bench = new Bench().live().do({ type: 'closed' }, { type: 'opened', token: 't' });
    expect(bench.hear(welcomeOf(uuid(99), 'resumed', 0)).broken).not.toBe('');
  });
});

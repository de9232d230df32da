import * as fc from 'fast-check';
import { type ClientFrame, type ServerFrame } from '#protocol/messages';
import { confirm, emptyOutbox, receive, resend, send, sendAck, type Outbox } from '#protocol/outbox';
import { type Welcome } from '#protocol/session-frames';
import { NO_SESSION, nextSession, unsaid, type Said, type Session, type SessionEffect } from './session';

const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const CONVERSATION = uuid(1);
const post = (n: number): Said => ({ type: 'chat.post', conversationId: CONVERSATION, id: uuid(n), data: '{}' });
const welcomeOf = (session: string, how: Welcome['how'], ack: number, n?: number): string =>
  JSON.stringify({
    type: 'welcome',
    ...(n === undefined ? {} : { n }),
    session,
    how,
    ack,
    userId: uuid(2),
    deviceId: uuid(3),
    tokenMs: 600_000,
    serverTime: 0,
    epoch: 'e',
    origins: [],
    presence: [],
  });
const devicesChanged = (n: number): string => JSON.stringify({ type: 'devices.changed', n });

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
  it('CA18: begins anew where a resume has overtaken a welcome that comes again', () => {
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
    const bench = new Bench().do({ type: 'opened', token: 't', call: uuid(9) });
    expect(bench.wrote).toEqual([{ type: 'hello', token: 't', call: uuid(9) }]);
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
      expect(bench.session.id).toBeNull();
      expect(unsaid(bench.session)).toEqual([post(1)]);
    });
  }

  it('refuses to resume into a session that is not its own', () => {
    const bench = new Bench().live().do({ type: 'closed' }, { type: 'opened', token: 't' });
    expect(bench.hear(welcomeOf(uuid(99), 'resumed', 0)).broken).not.toBe('');
  });
});

/** A server of one session: posts are kept by id, messages are numbered, the window is open or has no width. */
class FakeServer {
  readonly posts: string[] = [];
  readonly messages: number[] = [];
  box: Outbox<object> | null = null;
  sessions = 0;
  toClient: string[] = [];
  connected = false;

  hear(text: string): void {
    const frame = JSON.parse(text) as ClientFrame;
    if (frame.type === 'hello') return this.welcome(frame);
    if (!this.box) return;
    const ack = frame.type === 'ack' ? frame.upTo : frame.ack;
    if (ack !== undefined) this.box = confirm(this.box, ack)!;
    if (frame.type !== 'chat.post') return;
    const [box, verdict] = receive(this.box, frame.n!);
    expect(verdict).not.toBe('gap');
    const [told, answer] = sendAck(box);
    this.box = told;
    this.toClient.push(answer);
    if (verdict === 'fresh' && !this.posts.includes(frame.id)) this.posts.push(frame.id);
  }
  private welcome(hello: { session?: string | undefined; received?: number | undefined }): void {
    const kept = this.box && hello.session === uuid(1000 + this.sessions) ? this.box : null;
    this.connected = true;
    const box = kept && confirm(kept, hello.received ?? 0);
    if (!box) this.sessions++;
    this.box = box ?? emptyOutbox();
    this.toClient.push(
      welcomeOf(uuid(1000 + this.sessions), box ? 'resumed' : 'new', this.box.received),
      ...resend(this.box),
    );
  }
  write(seq: number): void {
    this.messages.push(seq);
    if (!this.box) return;
    const frame = { type: 'chat.message', message: { conversationId: CONVERSATION, seq, withheld: true } };
    const [box, text] = send(this.box, frame);
    this.box = box;
    if (this.connected) this.toClient.push(text!);
  }
  cut(keepSession: boolean): void {
    this.connected = false;
    this.toClient = [];
    if (!keepSession) this.box = null;
  }
}

type Action = 'say' | 'write' | 'to-server' | 'to-client' | 'cut' | 'open' | 'ack-time';
const actions = fc.array(
  fc.constantFrom<Action>(
    'say',
    'say',
    'write',
    'write',
    'to-server',
    'to-client',
    'to-client',
    'cut',
    'open',
    'ack-time',
  ),
  { minLength: 20, maxLength: 250 },
);

/** Plays actions, then reconnects and lets everything arrive. */
function play(steps: readonly Action[], keepSession: boolean) {
  const server = new FakeServer();
  let session = NO_SESSION;
  let toServer: string[] = [];
  const live: number[] = [];
  const paged = new Set<number>();
  const said: string[] = [];
  const perform = (event: Parameters<typeof nextSession>[1]): void => {
    const [next, effects] = nextSession(session, event);
    session = next;
    for (const effect of effects) {
      if (effect.type === 'broken') fail(effect.why);
      if (effect.type === 'write') toServer.push(effect.text);
      if (effect.type !== 'deliver') continue;
      if (effect.frame.type === 'chat.message') live.push(effect.frame.message.seq);
      if (effect.frame.type !== 'welcome' || effect.frame.how !== 'new') continue;
      server.messages.forEach(seq => paged.add(seq));
      effect.unconfirmed.forEach(frame => perform({ type: 'say', frame }));
    }
  };
  const act: Record<Action, () => void> = {
    say: () => {
      said.push(uuid(100 + said.length));
      perform({ type: 'say', frame: post(99 + said.length) });
    },
    write: () => server.write(server.messages.length + 1),
    'to-server': () => toServer.splice(0, 1).forEach(text => server.hear(text)),
    'to-client': () => server.toClient.splice(0, 1).forEach(text => perform({ type: 'text', text })),
    cut: () => {
      toServer = [];
      server.cut(keepSession);
      perform({ type: 'closed' });
    },
    open: () => {
      if (session.phase === 'apart') perform({ type: 'opened', token: 't' });
    },
    'ack-time': () => perform({ type: 'ack-time' }),
  };
  steps.forEach(step => act[step]());
  act.open();
  while (toServer.length + server.toClient.length > 0) {
    act['to-server']();
    act['to-client']();
  }
  return { server, said, live, paged };
}

describe('session against a server whose sockets are cut anywhere', () => {
  const seed = Number(new URLSearchParams(location.search).get('seed') ?? Date.now() % 1_000_000);

  for (const keepSession of [true, false]) {
    it(`loses nothing and doubles nothing, window ${keepSession ? '60 s' : '0'} (seed ${seed})`, () => {
      fc.assert(
        fc.property(actions, steps => {
          const { server, said, live, paged } = play(steps, keepSession);
          expect(server.posts).toEqual(said);
          expect(new Set(live).size).toBe(live.length);
          expect(new Set([...live, ...paged]).size).toBe(server.messages.length);
          if (keepSession) expect(live).toEqual(server.messages.slice(server.messages.length - live.length));
        }),
        { seed, numRuns: 300 },
      );
    });
  }
});

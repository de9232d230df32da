import * as fc from 'fast-check';
import { type ClientFrame } from '#protocol/messages';
import { confirm, emptyOutbox, receive, resend, send, sendAck, type Outbox } from '#protocol/outbox';
import { NO_SESSION, nextSession } from './session';
import { CONVERSATION, post, uuid, welcomeOf } from './testing/frames';

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

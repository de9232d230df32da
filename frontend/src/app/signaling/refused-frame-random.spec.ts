import * as fc from 'fast-check';
import { type ClientFrame } from '#protocol/messages';
import { confirm, emptyOutbox, receive, sendAck, type Outbox } from '#protocol/outbox';
import { NO_SESSION, nextSession, type Session, type SessionEvent } from './session';
import { post, uuid, welcomeOf } from './testing/frames';

/**
 * A server that closes a socket with 4400 at certain frames, as one that is older or stricter than the app would; after a
 * close it may have lost the session.
 */
class StrictServer {
  readonly posts: string[] = [];
  box: Outbox<object> = emptyOutbox();
  sessions = 0;
  closed: number | null | undefined;
  toClient: string[] = [];
  private readonly hates: (id: string) => boolean;
  private readonly names: boolean;

  constructor(hates: (id: string) => boolean, names: boolean) {
    this.hates = hates;
    this.names = names;
  }

  hear(text: string): void {
    if (this.closed !== undefined) return;
    const frame = JSON.parse(text) as ClientFrame;
    if (frame.type === 'hello') return this.welcome(frame.session);
    if (frame.type === 'ping') this.acknowledge();
    if (frame.type !== 'chat.post') return;
    if (this.hates(frame.id)) {
      this.closed = this.names ? frame.n! : null;
      return;
    }
    const [box, verdict] = receive(this.box, frame.n!);
    expect(verdict).not.toBe('gap');
    this.box = box;
    if (verdict === 'fresh' && !this.posts.includes(frame.id)) this.posts.push(frame.id);
    if (box.received % 3 === 0) this.acknowledge();
  }
  private acknowledge(): void {
    const [box, text] = sendAck(this.box);
    this.box = box;
    this.toClient.push(text);
  }
  private welcome(session: string | undefined): void {
    const resumed = session !== undefined && session === uuid(1000 + this.sessions) && confirm(this.box, 0) !== null;
    if (!resumed) {
      this.sessions++;
      this.box = emptyOutbox();
    }
    this.toClient.push(welcomeOf(uuid(1000 + this.sessions), resumed ? 'resumed' : 'new', this.box.received));
  }
}

/** Says posts in bursts, connects for as long as something is unsaid, and says again what a new session has lost. */
function play(bursts: readonly (readonly number[])[], server: StrictServer) {
  let session: Session = NO_SESSION;
  let toServer: string[] = [];
  let sockets = 0;
  const refused: string[] = [];
  const perform = (event: SessionEvent): void => {
    const [next, effects] = nextSession(session, event);
    session = next;
    for (const effect of effects) {
      if (effect.type === 'broken') fail(effect.why);
      if (effect.type === 'write') toServer.push(effect.text);
      if (effect.type !== 'deliver') continue;
      if (effect.frame.type === 'fault') refused.push(effect.frame.re.id ?? '');
      if (effect.frame.type !== 'welcome' || effect.frame.how !== 'new') continue;
      effect.unconfirmed.forEach(frame => perform({ type: 'say', frame }));
    }
  };
  const connect = (): void => {
    sockets++;
    server.toClient = [];
    toServer = [];
    server.closed = undefined;
    perform({ type: 'opened', token: 't' });
  };
  const run = (): void => {
    while (toServer.length + server.toClient.length > 0 && server.closed === undefined) {
      toServer.splice(0).forEach(text => server.hear(text));
      if (server.closed !== undefined) break;
      server.toClient.splice(0).forEach(text => perform({ type: 'text', text }));
    }
    if (server.closed === undefined) return;
    perform({ type: 'closed', blamed: server.closed });
    connect();
    run();
  };
  connect();
  for (const burst of bursts) {
    burst.forEach(n => perform({ type: 'say', frame: post(n) }));
    run();
    // A living socket is asked now and then whether it lives, which confirms everything.
    toServer.push('{"type":"ping"}');
    run();
  }
  return { refused, sockets, session };
}

describe('a frame for which the server closes the socket', () => {
  const seed = Number(new URLSearchParams(location.search).get('seed') ?? Date.now() % 1_000_000);
  const bursts = fc.array(fc.array(fc.nat(3), { maxLength: 6 }), { maxLength: 6 }).map(sizes => {
    let n = 100;
    return sizes.map(kinds => kinds.map(kind => ({ n: n++, isHated: kind === 0 })));
  });

  for (const names of [true, false]) {
    it(`P23b, P23c is taken out at the second close, and nothing else is lost or doubled: ${names ? 'named by its number' : 'found one at a time'} (seed ${seed})`, () => {
      fc.assert(
        fc.property(bursts, plan => {
          const all = plan.flat();
          const hated = new Set(all.filter(({ isHated }) => isHated).map(({ n }): string => uuid(n)));
          const server = new StrictServer(id => hated.has(id), names);
          const { refused, sockets, session } = play(
            plan.map(burst => burst.map(({ n }) => n)),
            server,
          );
          expect(server.posts).toEqual(all.filter(({ isHated }) => !isHated).map(({ n }): string => uuid(n)));
          expect(new Set(refused)).toEqual(hated);
          expect(refused.length).toBe(hated.size);
          expect(sockets).toBeLessThanOrEqual(1 + 2 * hated.size);
          expect(session.probe).toBeNull();
        }),
        { seed, numRuns: 300 },
      );
    });
  }
});

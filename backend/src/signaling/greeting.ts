import { randomUUID } from 'node:crypto';
import type { WelcomeCall } from '#protocol/call-frames';
import type { CallId } from '#protocol/ids';
import type { ClientFrame, FrameOf } from '#protocol/messages';
import { confirm } from '#protocol/outbox';
import type { PersonPresence, Welcome } from '#protocol/session-frames';
import type { Authenticate, Who } from '../auth/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Line, Session } from './session.ts';
import type { Sessions } from './sessions.ts';

type Hello = FrameOf<ClientFrame, 'hello'>;

export type GreetingDeps = {
  store: Pick<Store, 'acceptedContacts'>;
  authenticate: Authenticate;
  sessions: Sessions;
  clock: Clock;
  epoch: string;
  /** The origins under which the installation is known, the canonical one first. */
  origins: () => readonly string[];
  /** Those of these contacts who are not offline. */
  presence: (contacts: readonly string[]) => PersonPresence[];
  /** A device has a new session; its welcome is due once the calls of its user are written. */
  onNew: (session: Session, named: CallId | undefined) => void;
};

/** Answers hellos: who is asking, which session that makes, and the welcome. */
export type Greeting = {
  /** The first frame of a socket. Null where the line was closed, or has closed meanwhile. */
  hello(line: Line, hello: Hello): Promise<Session | null>;
  /** A hello on a session's own live socket: renews its token. */
  renew(session: Session, line: Line, hello: Hello): Promise<void>;
  /** Says the welcome of a session that did not resume: its first one, or one that comes again. */
  welcome(session: Session, call: WelcomeCall | undefined): void;
};

export function createGreeting(deps: GreetingDeps): Greeting {
  const { sessions } = deps;

  async function ask(line: Line, token: string): Promise<{ who: Who; contacts: string[] } | null> {
    const who = await deps.authenticate(token);
    if (!who.ok) {
      line.close('unauthorized');
      return null;
    }
    return { who: who.value, contacts: await reachable(deps.store, who.value.userId) };
  }

  /** The session this hello names, if it is this device's own and both ends agree on what was confirmed. */
  function resumed({ userId, deviceId }: Who, { session: id, received = 0 }: Hello) {
    const session = id === undefined ? undefined : sessions.byId(id);
    if (session && (session.userId !== userId || session.deviceId !== deviceId)) return 'foreign';
    // One that has not been welcomed cannot have told its id.
    if (!session || session.greeting !== null) return null;
    const box = confirm(session.box, received);
    return box && { session, box };
  }

  const welcomeOf = (session: Session, how: Welcome['how'], contacts: readonly string[]): Welcome => ({
    type: 'welcome',
    session: session.id,
    how,
    ack: session.box.received,
    userId: session.userId,
    deviceId: session.deviceId,
    tokenMs: Math.max(0, Math.round(session.expiresAt - deps.clock.now())),
    serverTime: deps.clock.now(),
    epoch: deps.epoch,
    origins: [...deps.origins()],
    presence: deps.presence(contacts),
  });

  return {
    hello: async (line, hello) => {
      const answer = await ask(line, hello.token);
      if (!answer || !line.open) return null;
      const { who, contacts } = answer;
      const before = resumed(who, hello);
      if (before === 'foreign') {
        line.close('unauthorized');
        return null;
      }
      if (before === null) return open(line, who, contacts, hello.call);
      const { session, box } = before;
      session.expiresAt = who.expiresAt;
      sessions.resume(session, line, box);
      sessions.greet(session, JSON.stringify(welcomeOf(session, 'resumed', contacts)));
      return session;
    },
    renew: async (session, line, { token }) => {
      const answer = await ask(line, token);
      if (!answer || session.line !== line) return;
      const { who, contacts } = answer;
      if (who.userId !== session.userId || who.deviceId !== session.deviceId) return line.close('unauthorized');
      session.expiresAt = who.expiresAt;
      line.send(JSON.stringify(welcomeOf(session, 'resumed', contacts)));
    },
    welcome: (session, call) => {
      const how = session.greeting === null ? 'again' : 'new';
      const welcome = { ...welcomeOf(session, how, session.greeting ?? []), ...(call && { call }) };
      if (how === 'again') sessions.send(session, welcome);
      else sessions.greet(session, JSON.stringify(welcome));
    },
  };

  function open(line: Line, { userId, deviceId, expiresAt }: Who, contacts: string[], named: CallId | undefined) {
    const session = sessions.open({ id: randomUUID(), userId, deviceId, expiresAt, line, greeting: contacts });
    deps.onNew(session, named);
    return session;
  }
}

/** The accepted contacts of `userId` where neither has blocked the other: who may see whom. */
export async function reachable(store: Pick<Store, 'acceptedContacts'>, userId: string): Promise<string[]> {
  const contacts = await store.acceptedContacts(userId);
  return contacts.filter(one => !one.blockedByMe && !one.blockedByThem).map(one => one.userId);
}

import { systemClock, type Clock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import { accountVerbs } from './accounts.ts';
import { adminVerbs } from './admin.ts';
import { avatarVerbs } from './avatars.ts';
import { backupVerbs } from './backups.ts';
import type { MongoBase, Unbound } from './base.ts';
import { callVerbs } from './calls.ts';
import { connect, PATIENCE_MS } from './connection.ts';
import { contactVerbs } from './contacts.ts';
import { deletionVerbs } from './deletion.ts';
import { deviceVerbs } from './devices.ts';
import { awayError, storeError } from './faults.ts';
import { historyVerbs } from './history.ts';
import { inboxVerbs } from './inboxes.ts';
import { install, installationVerbs } from './installation.ts';
import { invitationVerbs } from './invitations.ts';
import { keyChangeVerbs } from './key-changes.ts';
import { keyringVerbs } from './keyrings.ts';
import { liveCallVerbs } from './live-calls.ts';
import { Lookout } from './lookout.ts';
import { markVerbs } from './marks.ts';
import { mend, MENDING_MS, sweep } from './mender.ts';
import { oneTimeKeyVerbs } from './one-time-keys.ts';
import { pairVerbs } from './pairs.ts';
import { pinVerbs } from './pins.ts';
import { Posts } from './posts.ts';
import { messageVerbs } from './retractions.ts';
import { pushVerbs, sweepPush } from './push.ts';
import { refreshVerbs } from './refresh.ts';
import { collectionsOf } from './schemas.ts';
import { setUpVerbs } from './set-up.ts';
import { createAttempts } from './turns.ts';
import type { NewMessage } from '../chat.ts';
import { StoreError } from '../store-error.ts';
import type { Store } from '../store.ts';

type Verbs = Omit<Store, 'state' | 'close'>;

const verbs: Unbound<Verbs> = {
  ...installationVerbs,
  ...accountVerbs,
  ...avatarVerbs,
  ...deviceVerbs,
  ...refreshVerbs,
  ...deletionVerbs,
  ...contactVerbs,
  ...pairVerbs,
  ...historyVerbs,
  ...markVerbs,
  ...callVerbs,
  ...messageVerbs,
  ...liveCallVerbs,
  ...pushVerbs,
  ...pinVerbs,
  ...adminVerbs,
  ...setUpVerbs,
  ...invitationVerbs,
  ...keyringVerbs,
  ...keyChangeVerbs,
  ...oneTimeKeyVerbs,
  ...inboxVerbs,
  ...backupVerbs,
};

/**
 * Opens the store in a database of MongoDB, which many processes may share. Nothing relies on transactions, change
 * streams or expiry by the engine, so that a single server and a replica set behave alike.
 * @param url a connection string
 * @param clock when a new installation says it was made
 * @param log is told when MongoDB goes and comes
 * @throws StoreError `unreachable`, `refused`, `not-a-database` or `newer-database`
 */
export async function openMongoStore(url: string, clock: Clock = systemClock, log?: Logger): Promise<Store> {
  for (let tries = 1; ; tries++) {
    try {
      return await open(url, clock, log);
    } catch (error) {
      if (!(error instanceof StoreError) || error.fault !== 'unreachable' || tries === OPEN_TRIES) throw error;
    }
  }
}

/** An engine that starts together with this process, or on a machine that has other work, answers a little later. */
const OPEN_TRIES = 3;

async function open(url: string, clock: Clock, log: Logger | undefined): Promise<Store> {
  const connection = await connect(url);
  const lookout = new Lookout(connection, log);
  const kept = collectionsOf(connection);
  const posts = new Posts(kept);
  const now = () => clock.now();
  const attempts = createAttempts(() => lookout.expect());
  const base = { ...kept, attempts, enqueue: (post: NewMessage) => posts.append(post), now };
  try {
    await install(connection, kept, now());
    await sweep(base);
    await sweepPush(base);
    await mend(base);
  } catch (error) {
    await connection.destroy();
    throw storeError('opening', error);
  }
  const mending = setInterval(() => void mend(base).catch(() => undefined), MENDING_MS).unref();
  const asked = bound(base, lookout);
  let closed: Promise<void> | undefined;
  return {
    ...asked.verbs,
    get state() {
      if (closed) return 'closed';
      return lookout.isThere ? 'open' : 'unreachable';
    },
    close() {
      clearInterval(mending);
      closed ??= asked.end().finally(() => connection.destroy());
      return closed;
    },
  };
}

type AnyVerb = (base: MongoBase, ...args: never[]) => Promise<unknown>;

/** A verb that was asked and has not ended. */
type Running = { answer: Promise<unknown>; since: number; giveUp: (error: StoreError) => void };

/** How often it is looked whether a verb has waited too long, in ms. */
const GIVING_UP_MS = 250;

/**
 * The verbs over `base`, rejecting with nothing but a `StoreError`; `end` resolves once all that were asked have settled.
 * One that waits for a MongoDB of which nothing is heard is given up after `PATIENCE_MS`: what it does may still be done, as
 * with a connection that is lost.
 */
function bound(base: MongoBase, lookout: Lookout): { verbs: Verbs; end: () => Promise<void> } {
  const running = new Set<Running>();
  let ended = false;
  const givingUp = setInterval(() => {
    if (!lookout.isSilent) return;
    for (const { since, giveUp } of running) if (performance.now() - since > PATIENCE_MS) giveUp(awayError());
  }, GIVING_UP_MS).unref();
  const ask = async (name: string, verb: AnyVerb, args: readonly unknown[]) => {
    if (ended) throw new StoreError('closed', 'The store is closed.');
    lookout.expect();
    const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
    const asked = { answer: verb(base, ...(args as never[])), since: performance.now(), giveUp };
    running.add(asked);
    const settled = () => void running.delete(asked);
    asked.answer.then(settled, settled);
    try {
      return await Promise.race([asked.answer, givenUp]);
    } catch (error) {
      throw storeError(name, error);
    }
  };
  const entries = Object.entries(verbs).map(([name, verb]) => [name, (...args: unknown[]) => ask(name, verb, args)]);
  return {
    // What `Unbound` took from each verb is given back here, name by name.
    verbs: Object.fromEntries(entries) as Verbs,
    end: async () => {
      ended = true;
      while (running.size > 0) await Promise.allSettled(Array.from(running, ({ answer }) => answer));
      clearInterval(givingUp);
    },
  };
}

import type { DeviceId, UserId } from '#protocol/ids';
import type { Run } from './conversation-run.ts';
import { directConversationId, sortedPair } from '../chat/direct-conversation.ts';
import { StoreError } from './store-error.ts';
import type { Kept, KeptCall, KeptMessage, KeptPair, KeptSealedBatch, KeptUser } from './transfer.ts';

/** Which entries may follow which: never one of an earlier number. */
const STAGE = {
  installation: 0,
  user: 1,
  avatar: 1,
  device: 1,
  keyring: 1,
  sealedBackup: 1,
  sealedBatch: 1,
  pair: 2,
  message: 2,
  call: 3,
} as const;

/**
 * Follows what is put into a store and refuses what does not belong together, so that whatever is put in obeys the
 * store's guarantees, whoever wrote it. What is unique the engines' own keys decide.
 */
export class KeptOrder {
  readonly #users = new Set<UserId>();
  #stage: number | undefined;
  #person: KeptUser | undefined;
  /** Those of the person. */
  readonly #devices = new Set<DeviceId>();
  #backup: { version: string; number: number } | undefined;
  #run: Run | undefined;

  /** The conversation that messages are coming in of. */
  get run(): Run | undefined {
    return this.#run;
  }

  /** @throws StoreError `misfit` */
  expect(entry: Kept): void {
    const stage = STAGE[entry.kind];
    const isFirst = this.#stage === undefined;
    const follows = isFirst ? stage === 0 : stage > 0 && stage >= (this.#stage ?? 0);
    if (!follows || !this.#belongs(entry)) throw misfit(entry);
    this.#stage = stage;
  }

  /** @throws StoreError `misfit` where nothing was put in at all */
  end(): void {
    if (this.#stage === undefined) throw new StoreError('misfit', 'There is nothing to put into the store.');
  }

  #belongs(entry: Kept): boolean {
    switch (entry.kind) {
      case 'installation':
        return true;
      case 'user':
        this.#person = entry;
        this.#devices.clear();
        this.#backup = undefined;
        this.#users.add(entry.id);
        return true;
      case 'avatar':
        return this.#isOfPerson(entry);
      case 'device':
        this.#devices.add(entry.id);
        return this.#isOfPerson(entry);
      case 'keyring':
        return this.#isOfPerson(entry) && entry.devices.every(({ id }) => this.#devices.has(id));
      case 'sealedBackup':
        this.#backup = { version: entry.version, number: 0 };
        return this.#isOfPerson(entry);
      case 'sealedBatch':
        return this.#isOfPerson(entry) && this.#isNextBatch(entry);
      case 'pair':
        this.#run = { pair: entry, seq: 0, retractions: 0 };
        return this.#areTwo(entry);
      case 'message':
        return this.#isNext(entry);
      case 'call':
        return this.#isCall(entry);
    }
  }

  #isNextBatch({ version, number }: KeptSealedBatch): boolean {
    if (this.#backup?.version !== version || number !== this.#backup.number + 1) return false;
    this.#backup = { version, number };
    return true;
  }

  #isOfPerson({ userId }: { userId: UserId }): boolean {
    return userId === this.#person?.id && this.#person.username !== null;
  }

  #areTwo({ id, members, relation, blocks, openedAt }: KeptPair): boolean {
    const [a, b] = members.map(({ user }) => user);
    if (a === undefined || b === undefined || members.length > 2 || a === b || sortedPair(a, b)[0] !== a) return false;
    if (!this.#users.has(a) || !this.#users.has(b) || id !== directConversationId(a, b)) return false;
    const isOne = (user: UserId) => user === a || user === b;
    const asked = relation?.requestedBy ?? null;
    const isOpen = openedAt !== null;
    return (
      (asked === null ? relation === null || isOpen : isOne(asked)) &&
      blocks.every(({ by }) => isOne(by)) &&
      new Set(blocks.map(({ by }) => by)).size === blocks.length &&
      members.every(({ received, read }) => read <= received && (isOpen || received === 0))
    );
  }

  #isCall({ state, parties }: KeptCall): boolean {
    const people = new Set(parties.map(({ userId }) => userId));
    return (
      state === 'ended' &&
      people.size === parties.length &&
      people.size > 1 &&
      parties.every(({ userId, leftAt, reason, withheld }) =>
        reason === null
          ? withheld && leftAt === null && this.#users.has(userId)
          : leftAt !== null && this.#users.has(userId),
      )
    );
  }

  #isNext(message: KeptMessage): boolean {
    const run = this.#run;
    if (run === undefined || run.pair.openedAt === null || message.seq !== run.seq + 1) return false;
    const members = run.pair.members.map(({ user }) => user);
    this.#run = { ...run, seq: message.seq, retractions: run.retractions + Number(message.retracted) };
    const { author, withheldFrom } = message;
    return (
      members.includes(author.userId) && withheldFrom.every(user => user !== author.userId && members.includes(user))
    );
  }
}

const misfit = ({ kind }: Kept): StoreError =>
  new StoreError(
    'misfit',
    `What is to be put into the store does not belong together: there is a ${kind} out of place.`,
  );

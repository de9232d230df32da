import { randomUUID } from 'node:crypto';
import type { Model } from 'mongoose';
import type { Clock } from '../../clock.ts';
import { ended, retractionOf, type Run } from '../conversation-run.ts';
import { entryKey } from './append.ts';
import { backupDocument, batchDocument } from './backups.ts';
import { upserted } from './faults.ts';
import type {
  CallDocument,
  DeviceDocument,
  KeyringDocument,
  MessageDocument,
  PairDocument,
  SealedBackupDocument,
  SealedBatchDocument,
  UserDocument,
} from './documents.ts';
import { ringFields } from './keyrings.ts';
import type { Collections } from './schemas.ts';
import { nameKeys } from '../name-search.ts';
import type {
  Kept,
  KeptAvatar,
  KeptCall,
  KeptDevice,
  KeptInstallation,
  KeptKeyring,
  KeptMessage,
  KeptUser,
} from '../transfer.ts';

/** Most documents that are written at once, and most characters of messages in them. */
const GROUP = 500;
const GROUP_CHARS = 4 * 1024 * 1024;

/** Makes documents of entries and writes them in groups; a person or a pair is written when all of it has come. */
export class KeptDocuments {
  readonly #kept: Collections;
  readonly #clock: Clock;
  readonly #users: Group<UserDocument>;
  readonly #pairs: Group<PairDocument>;
  readonly #messages: Group<MessageDocument>;
  readonly #calls: Group<CallDocument>;
  readonly #keyrings: Group<KeyringDocument>;
  readonly #sealedBackups: Group<SealedBackupDocument>;
  readonly #sealedBatches: Group<SealedBatchDocument>;
  /** What the batches of a version come to so far. */
  #sums: Pick<SealedBatchDocument, 'records' | 'bytes'> = { records: 0, bytes: 0 };
  #person: UserDocument | undefined;
  #turn = 0;

  constructor(kept: Collections, clock: Clock) {
    this.#kept = kept;
    this.#clock = clock;
    this.#users = new Group(kept.users);
    this.#pairs = new Group(kept.pairs);
    this.#messages = new Group(kept.messages);
    this.#calls = new Group(kept.calls);
    this.#keyrings = new Group(kept.keyrings);
    this.#sealedBackups = new Group(kept.sealedBackups);
    this.#sealedBatches = new Group(kept.sealedBatches);
  }

  /** @param before the conversation before this entry; `run`: the one with it */
  async add(entry: Exclude<Kept, KeptInstallation>, before: Run | undefined, run: Run | undefined): Promise<void> {
    switch (entry.kind) {
      case 'user':
        await this.#endPerson();
        this.#person = userDocument(entry);
        return;
      case 'avatar':
        return this.#addAvatar(entry);
      case 'device':
        return void this.#person?.devices.push(deviceDocument(entry, entry.push ? ++this.#turn : 0));
      case 'keyring':
        return this.#keyrings.add(keyringDocument(entry));
      case 'sealedBackup':
        this.#sums = { records: 0, bytes: 0 };
        return this.#sealedBackups.add(backupDocument(entry));
      case 'sealedBatch': {
        const batch = batchDocument(entry, this.#sums);
        this.#sums = batch;
        return this.#sealedBatches.add(batch, batch.size);
      }
      case 'message':
        return run && this.#messages.add(messageDocument(entry, run), entry.data.length);
      case 'pair':
        await this.#endPerson();
        return before && this.#pairs.add(pairDocument(before));
      case 'call':
        return this.#calls.add(callDocument(entry));
    }
  }

  /** Writes what is left. */
  async end(run: Run | undefined): Promise<void> {
    await this.#endPerson();
    if (run) await this.#pairs.add(pairDocument(run));
    const sealed = [this.#keyrings, this.#sealedBackups, this.#sealedBatches];
    for (const group of [this.#users, this.#pairs, this.#messages, this.#calls, ...sealed]) await group.write();
  }

  /** Push subscriptions that come later have higher turns than those that were put in. */
  async raiseTurns({ counters }: Collections): Promise<void> {
    const count = this.#turn;
    await upserted(() => counters.updateOne({ _id: 'push' }, { $max: { count } }, { upsert: true }));
  }

  async #endPerson(): Promise<void> {
    if (this.#person) await this.#users.add(this.#person);
    this.#person = undefined;
  }

  async #addAvatar({ userId, version, type, base64 }: KeptAvatar): Promise<void> {
    const picture = randomUUID();
    const bytes = Buffer.from(base64, 'base64');
    await this.#kept.avatars.insertOne({ _id: picture, userId, at: this.#clock.now(), type, bytes });
    if (this.#person) this.#person.avatar = { version, picture };
  }
}

/** Documents of one collection, written when there are many. */
class Group<D> {
  readonly #model: Model<D>;
  #waiting: D[] = [];
  #chars = 0;

  constructor(model: Model<D>) {
    this.#model = model;
  }

  async add(document: D, chars = 0): Promise<void> {
    this.#waiting.push(document);
    this.#chars += chars;
    if (this.#waiting.length >= GROUP || this.#chars >= GROUP_CHARS) await this.write();
  }

  async write(): Promise<void> {
    if (this.#waiting.length > 0) await this.#model.insertMany(this.#waiting, { ordered: true, lean: true });
    this.#waiting = [];
    this.#chars = 0;
  }
}

const userDocument = ({ id, username, displayName, kind: _, ...rest }: KeptUser): UserDocument => ({
  _id: id,
  ...(username === null ? {} : { username }),
  displayName,
  nameKeys: username === null ? [] : nameKeys(displayName),
  ...rest,
  avatar: null,
  devices: [],
});

function deviceDocument(device: KeptDevice, turn: number): DeviceDocument {
  const { id, name, secretHash, createdAt, lastSeen, signedInAt, refreshedAt, push } = device;
  const tokens = device.tokens.map(({ hash, gen }) => ({ hash, gen, supersededAt: null }));
  const family = { id: randomUUID(), signedInAt, refreshedAt, tokens };
  return {
    id,
    name,
    secretHash,
    createdAt,
    lastSeen,
    family,
    rev: 0,
    ...(push ? { push: { ...push, turn } } : {}),
  };
}

const keyringDocument = ({ kind: _, userId, ...ring }: KeptKeyring): KeyringDocument => ({
  _id: userId,
  ...ringFields({ ...ring, dehydrated: [] }),
  rev: 0,
});

function pairDocument(run: Run): PairDocument {
  const { id, revision, relation, blocks, openedAt } = run.pair;
  return { _id: id, members: ended(run), relation, blocks, openedAt, revision };
}

function messageDocument({ kind: _, ...message }: KeptMessage, run: Run): MessageDocument {
  const { id: conversationId } = run.pair;
  const { author, id, retracted } = message;
  const retraction = retractionOf(retracted, run);
  const document = { _id: entryKey({ conversationId, authorId: author.userId, id }), ...message, conversationId };
  return retraction === null ? document : { ...document, retraction };
}

const callDocument = ({ kind: _, callId, ...call }: KeptCall): CallDocument => ({ _id: callId, ...call, fence: 0 });

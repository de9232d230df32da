import {
  DeviceId as LibraryDeviceId,
  DeviceLists,
  OlmMachine,
  RequestType,
  RoomId,
  StoreHandle,
  UserId as LibraryUserId,
  type Device,
  type OtherUserIdentity,
  type OwnUserIdentity,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { type ListRefusal, type PinnedList } from '#protocol/crypto/device-list';
import { type ConversationId, type DeviceAddress, type UserId } from '#protocol/ids';
import { keyUserOf, type KeyUser } from '#protocol/keys/objects';
import { matrixRoom } from './backup-record.ts';
import { type Bytes } from './bytes.ts';
import { judgeKeys } from './judge-keys.ts';
import { queryKeys, Refused, type KeyServer } from './key-server.ts';
import { MemoryRows } from './memory-rows.ts';
import { Rows, type RowStore } from './rows.ts';
import { derivedKey } from './sealed-box.ts';
import { StoreClosed } from './store-fault.ts';
import { Turns } from './turns.ts';

/** A request of the library, of whichever kind. */
interface LibraryRequest {
  readonly id?: string | undefined;
  readonly type: RequestType;
  readonly body: string;
  readonly event_type?: string;
  readonly txn_id?: string;
}

/** How the library says that its store was written under another key, or was changed since. */
const OTHER_KEY = /decrypt/;

/** An honest server is asked a handful of times. */
const MOST_ROUNDS = 50;

export interface OlmOptions {
  readonly own: DeviceAddress;
  /** The library's database and ours are called after it; null: nothing is kept, and this device lives as long as its machine. */
  readonly storeName: string | null;
  /** 32 bytes: what the library keeps is encrypted under it. */
  readonly storeKey: Bytes;
  readonly server: KeyServer;
  /** ms since the epoch */
  readonly now: () => number;
  /** A person's list of devices was refused; what was pinned before goes on deciding. */
  readonly noticed: (userId: UserId, refusal: ListRefusal) => void;
}

// By-value arguments are consumed by a call, so each call gets its own.
export const libraryUser = (userId: UserId): LibraryUserId => new LibraryUserId(keyUserOf(userId));
export const libraryDevice = (id: string): LibraryDeviceId => new LibraryDeviceId(id);
export const libraryRoom = (id: ConversationId): RoomId => new RoomId(matrixRoom(id));

/** The public key of a cross-signing key as the library hands it out: JSON. */
export const publicKeyOf = (crossSigningKey: string): string =>
  Object.values((JSON.parse(crossSigningKey) as { keys: Record<string, string> }).keys)[0] ?? '';

/**
 * The library with its network and our rows: what every operation on keys goes through. Requests are sent in order, and their answers
 * are judged before the library reads them.
 */
export class Olm {
  readonly own: DeviceAddress;
  readonly library: OlmMachine;
  readonly rows: RowStore;
  readonly turns = new Turns();
  readonly options: OlmOptions;
  /** Seals rows that are secret. */
  readonly rowKey: CryptoKey;
  /** Grows with every change of anybody's keys: a session that was shared before is to be shared again. */
  keysChanged = 0;
  #isLost = false;
  /**
   * How often a machine on this store was not closed, or had lost its rows. Its last writes may be lost, so that a place could be used
   * twice: a session from before a crash encrypts nothing more.
   */
  readonly crashes: number;

  private constructor(options: OlmOptions, library: OlmMachine, rows: RowStore, rowKey: CryptoKey, crashes: number) {
    this.options = options;
    this.own = options.own;
    this.library = library;
    this.rows = rows;
    this.rowKey = rowKey;
    this.crashes = crashes;
    library.roomKeyRequestsEnabled = false;
    library.roomKeyForwardingEnabled = false;
    library.registerDevicesUpdatedCallback(async () => void this.keysChanged++);
    library.registerUserIdentityUpdatedCallback(async () => void this.keysChanged++);
  }

  /**
   * Opens the store, without the network: what is kept is read offline too. The wasm has been loaded.
   * @throws {StoreClosed}
   */
  static async open(options: OlmOptions): Promise<Olm> {
    try {
      return await Olm.#open(options);
    } catch (error) {
      throw new StoreClosed(OTHER_KEY.test(String(error)) ? 'lost' : 'refused', error);
    }
  }

  static async #open(options: OlmOptions): Promise<Olm> {
    const { storeName, storeKey } = options;
    const rows = storeName === null ? new MemoryRows() : await Rows.open(`${storeName}-rows`);
    const open = await rows.get('mark', 'open');
    let crashes = (await rows.get('mark', 'crashes')) ?? 0;
    // Rows that are new may be in the place of lost ones: how far a session of the library was used is not known, as after a crash.
    if (open !== 0) await rows.put('mark', 'crashes', ++crashes);
    await rows.put('mark', 'open', 1);
    const rowKey = await derivedKey(storeKey, 'parley rows v1');
    const handle =
      storeName === null
        ? await StoreHandle.open(undefined, undefined)
        : await StoreHandle.openWithKey(storeName, storeKey);
    const { userId, deviceId } = options.own;
    const library = await OlmMachine.initFromStore(libraryUser(userId), libraryDevice(deviceId), handle);
    // The rows have held the signed lists: without them the keys of everybody are queried again.
    if (open === undefined) await library.markAllTrackedUsersAsDirty();
    return new Olm(options, library, rows, rowKey, crashes);
  }

  /**
   * Whether the server knows other keys of this device than these: the store of those is gone, and this one is new. Nothing was ever
   * encrypted for it, so a server that lies about it takes nothing.
   */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Lets what runs end, and closes the store. */
  async close(): Promise<void> {
    await this.turns.idle();
    await this.rows.put('mark', 'open', 0);
    this.library.close();
    this.rows.close();
  }

  /** Sends what the library wants to say; an answer may make new requests, so until there are none. */
  pump(): Promise<void> {
    return this.turns.run('keys', () => this.#pumpInTurn());
  }

  async #pumpInTurn(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const requests = (await this.library.outgoingRequests()) as LibraryRequest[];
      if (requests.length === 0) return;
      for (const request of requests) await this.send(request);
    }
    throw new Error('each answer of the server makes a new request');
  }

  async send(request: LibraryRequest): Promise<void> {
    const answer = await this.#answerTo(request);
    // A request of signatures may have no id: nobody waits for it.
    if (request.id !== undefined) {
      // Some verbs answer without a body, and the library reads an object.
      await this.library.markRequestAsSent(request.id, request.type, JSON.stringify(answer ?? {}));
    }
  }

  async #answerTo({ type, body, event_type, txn_id }: LibraryRequest): Promise<unknown> {
    const { server } = this.options;
    const parsed: unknown = JSON.parse(body);
    switch (type) {
      case RequestType.KeysUpload:
        return this.#upload(parsed as { device_keys?: object });
      case RequestType.KeysQuery:
        return this.#query(Object.keys((parsed as { device_keys: object }).device_keys) as KeyUser[]);
      case RequestType.KeysClaim:
        return server.ask('POST', '/api/keys/claim', parsed);
      case RequestType.SignatureUpload:
        return server.ask('POST', '/api/keys/signatures', parsed);
      case RequestType.ToDevice: {
        const { messages } = parsed as { messages: unknown };
        return server.ask('PUT', `/api/to-device/${txn_id}`, { type: event_type, messages });
      }
      default:
        throw new Error(`nothing asks for requests of kind ${type}`);
    }
  }

  async #upload(body: { device_keys?: object }): Promise<unknown> {
    try {
      return await this.options.server.ask('POST', '/api/keys/upload', body);
    } catch (error) {
      // The library sends keys of a device until they were taken once.
      if (error instanceof Refused && error.type === 'keys-fixed') this.#isLost = body.device_keys !== undefined;
      throw error;
    }
  }

  async #query(people: readonly KeyUser[]): Promise<unknown> {
    const answer = await queryKeys(this.options.server, people);
    const own = { user: keyUserOf(this.own.userId), deviceId: this.own.deviceId };
    const judged = await judgeKeys(answer, people, this, own);
    for (const [userId, pin] of judged.pins) await this.rows.put('pin', `${userId} ${pin.masterKey}`, pin);
    for (const [userId, masterKey] of judged.listed) await this.#noteListed(userId, masterKey);
    for (const [userId, refusal] of judged.refused) this.options.noticed(userId, refusal);
    this.keysChanged++;
    return judged.answer;
  }

  async #noteListed(userId: UserId, masterKey: string): Promise<void> {
    if ((await this.listedOf(userId)) !== masterKey) await this.rows.put('listed', userId, masterKey);
  }

  /** The master key whose list chose the devices of a person that the library was given last. */
  listedOf(userId: UserId): Promise<string | undefined> {
    return this.rows.get('listed', userId);
  }

  /** The highest list of devices that this identity of a person has signed, as far as this device has seen. */
  pinOf(userId: UserId, masterKey: string): Promise<PinnedList | undefined> {
    return this.rows.get('pin', `${userId} ${masterKey}`);
  }

  /** The same of the identity that this person has now. */
  async ownPin(): Promise<PinnedList | undefined> {
    const masterKey = await this.masterKeyOf(this.own.userId);
    return masterKey === null ? undefined : this.pinOf(this.own.userId, masterKey);
  }

  /** Makes the library follow the keys of these people, and asks for those it does not know. */
  async follow(people: readonly UserId[]): Promise<void> {
    await this.library.updateTrackedUsers(people.map(libraryUser));
    await this.pump();
  }

  /** Queries the keys of a person, also where none are known to have changed. The caller holds the turn `keys`. */
  askFor(userId: UserId): Promise<void> {
    return this.send(this.library.queryKeysForUsers([libraryUser(userId)]));
  }

  /** Tells the library whose keys have changed; asks for them at the next pump. */
  changedLists = (changed: readonly UserId[], left: readonly UserId[]): DeviceLists =>
    new DeviceLists(changed.map(libraryUser), left.map(libraryUser));

  identityOf(userId: UserId): Promise<OwnUserIdentity | OtherUserIdentity | undefined> {
    return this.library.getIdentity(libraryUser(userId));
  }

  /** The public master key of the identity that the library has of a person; null: none. */
  async masterKeyOf(userId: UserId): Promise<string | null> {
    const identity = await this.identityOf(userId);
    return identity ? publicKeyOf(identity.masterKey) : null;
  }

  deviceOf({ userId, deviceId }: DeviceAddress): Promise<Device | undefined> {
    return this.library.getDevice(libraryUser(userId), libraryDevice(deviceId));
  }

  /** Of those that the list of this person names. */
  async devicesOf(userId: UserId): Promise<Device[]> {
    return (await this.library.getUserDevices(libraryUser(userId))).devices();
  }

  /** The device of a person that has this Curve25519 key, base 64. */
  async deviceWith(userId: UserId, curve25519: string | undefined): Promise<Device | undefined> {
    return (await this.devicesOf(userId)).find(({ curve25519Key }) => curve25519Key?.toBase64() === curve25519);
  }

  /** Opens Olm sessions with devices of these people that have none. */
  async openSessions(people: readonly UserId[]): Promise<void> {
    const claim = await this.library.getMissingSessions(people.map(libraryUser));
    if (claim) await this.send(claim);
  }
}

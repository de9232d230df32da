import {
  DecryptionSettings,
  DehydratedDeviceKey,
  TrustRequirement,
  type RehydratedDevice,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { type DeviceId, type UserId } from '#protocol/ids';
import {
  dehydratedDevices,
  inboxPage,
  type DehydratedDevice,
  type DehydratedDevices,
  type InboxEvent,
} from '#protocol/keys/api';
import { userIdOf, type DehydratedId } from '#protocol/keys/objects';
import { type Bytes } from './bytes.ts';
import { onceEach } from './events.ts';
import { changeDeviceList, ownDeviceList, standing } from './identity.ts';
import { type KeptBackup } from './kept-backup.ts';
import { Refused } from './key-server.ts';
import { libraryDevice, type Olm } from './olm.ts';
import { type OwnSecrets } from './own-secrets.ts';
import { keepProof } from './proofs.ts';

type Item = DehydratedDevices['items'][number];

/** One that this device reads. */
interface Taken {
  readonly id: DehydratedId;
  /** Null: no key opens it. */
  readonly rehydrated: RehydratedDevice | null;
  /** The last row of its inbox as it was taken. */
  readonly inbox: number;
  /** Up to this row it is read. */
  upTo: number;
  haveCome: boolean;
}

/** A dehydrated device has a fallback key and an inbox that both grow old, ms. */
const RENEWED_AFTER_MS = 7 * 24 * 60 * 60_000;
const PATH = '/api/keys/dehydrated';

/**
 * What the library says of a device that is sealed under another key, as that of an identity before, which no device has any more, or
 * in another way: nothing reads its events. What else goes wrong may go well the next time. It has no codes for either.
 */
const UNREADABLE = /^(The pickle couldn't be decrypted|Unsupported device dehydration algorithm)/;

/** A call of the library consumes it. */
const keyOf = (key: Bytes): DehydratedDeviceKey => DehydratedDeviceKey.createKeyFromArray(key.slice());

/**
 * The device that receives keys while none of a person's devices is there (MSC3814). It belongs to the person: its key is one of their
 * secrets, it stands on their list, and whichever device comes next reads its inbox.
 */
export class Dehydrated {
  readonly #olm: Olm;
  readonly #secrets: OwnSecrets;
  readonly #backup: KeptBackup;

  constructor(olm: Olm, secrets: OwnSecrets, backup: KeptBackup) {
    this.#olm = olm;
    this.#secrets = secrets;
    this.#backup = backup;
  }

  /**
   * Reads what it has received where this device has not done so yet, and puts a new one in its place; each week once more. Where another
   * device does the same at this moment, it is left to that one. Interrupted anywhere, it is done by the next call.
   * @returns whether keys have come
   */
  tend(): Promise<boolean> {
    return this.#olm.turns.run('dehydrated', async () => {
      if ((await standing(this.#olm)) !== 'own') return false;
      const items = await this.#there();
      try {
        return await this.#tend(items);
      } catch (error) {
        if (error instanceof Refused && (error.type === 'stale' || error.type === 'not-found')) return false;
        throw error;
      }
    });
  }

  async #tend(items: readonly Item[]): Promise<boolean> {
    const { options, rows } = this.#olm;
    const [retired, current] = (['retired', 'current'] as const).map(wanted => items.find(one => one.state === wanted));
    const isDue = await this.#isDue(current);
    if (!retired && !isDue) return false;
    const key = await this.#secrets.dehydratedKey();
    // The server takes no further one while one is retired.
    const ended = retired && (await this.#taken(retired, key));
    if (ended) await this.#end(ended);
    if (!isDue) return ended?.haveCome === true;
    const before = current && (await this.#taken(current, key));
    if (before) await this.#read(before);
    const id = await this.#put(current?.device_id ?? null, key);
    await changeDeviceList(this.#olm, async list => {
      // Another device may have found one that was not on the list, and have put its own in the place of it.
      if (!(await this.#there()).some(one => one.device_id === id && one.state === 'current'))
        throw new Refused('stale');
      return { ...list, dehydrated: id };
    });
    // Until others knew of the new list, they sent keys to the device before.
    if (before) await this.#end(before);
    await rows.put('mark', 'dehydrated', options.now());
    return ended?.haveCome === true || before?.haveCome === true;
  }

  async #there(): Promise<readonly Item[]> {
    return dehydratedDevices.parse(await this.#olm.options.server.ask('GET', PATH)).items;
  }

  async #isDue(current: Item | undefined): Promise<boolean> {
    const { options, rows } = this.#olm;
    if (!current) return true;
    // Another one than the list names is of an identity, or of a store, that is gone.
    if ((await ownDeviceList(this.#olm))?.dehydrated !== current.device_id) return true;
    const renewed = await rows.get('mark', 'dehydrated');
    return renewed === undefined || Math.abs(options.now() - renewed) > RENEWED_AFTER_MS;
  }

  /** Takes it, so that no other device reads it at the same time. */
  async #taken({ device_id: id, device_data: data, inbox }: Item, key: Bytes): Promise<Taken> {
    const { library, options } = this.#olm;
    await options.server.ask('POST', `${PATH}/take`, { device_id: id });
    const rehydrated = await library
      .dehydratedDevices()
      .rehydrate(keyOf(key), libraryDevice(id), JSON.stringify(data))
      .catch((error: unknown) => {
        if (error instanceof Error && UNREADABLE.test(error.message)) return null;
        throw error;
      });
    return { id, rehydrated, inbox, upTo: 0, haveCome: false };
  }

  /** Reads the rest of its inbox, and deletes it. */
  async #end(taken: Taken): Promise<void> {
    await this.#read(taken);
    const query = new URLSearchParams({ device: taken.id, upTo: String(Math.max(taken.inbox, taken.upTo)) });
    await this.#olm.options.server.ask('DELETE', `${PATH}?${query.toString()}`);
  }

  /** Reads what is behind `upTo` in its inbox, and backs up what that has brought. */
  async #read(taken: Taken): Promise<void> {
    const { id, rehydrated } = taken;
    if (!rehydrated) return;
    for (;;) {
      const query = new URLSearchParams({ device: id, after: String(taken.upTo) });
      const page = inboxPage.parse(await this.#olm.options.server.ask('GET', `${PATH}/inbox?${query.toString()}`));
      if (page.items.length === 0 || page.upTo <= taken.upTo) break;
      const keys = await this.#receive(
        rehydrated,
        page.items.map(({ event }) => event),
      );
      taken.haveCome ||= keys > 0;
      taken.upTo = page.upTo;
    }
    if (taken.haveCome) await this.#backUp();
  }

  /** @returns how many keys have come */
  async #receive(rehydrated: RehydratedDevice, events: readonly InboxEvent[]): Promise<number> {
    const { turns } = this.#olm;
    const senders = [...new Set(events.map(({ sender }) => userIdOf(sender)))];
    await this.#olm.follow(senders);
    let count = 0;
    for (const part of onceEach(events)) {
      const settings = new DecryptionSettings(TrustRequirement.CrossSigned);
      const keys = await turns.run('keys', async () => rehydrated.receiveEvents(JSON.stringify(part), settings));
      for (const { sessionId, senderKey } of keys) await this.#prove(sessionId, senderKey.toBase64(), senders);
      count += keys.length;
    }
    return count;
  }

  async #prove(sessionId: string, curve25519: string, senders: readonly UserId[]): Promise<void> {
    for (const userId of senders) {
      const device = await this.#olm.deviceWith(userId, curve25519);
      if (!device) continue;
      return keepProof(this.#olm, sessionId, { userId, deviceId: device.deviceId.toString() as DeviceId });
    }
  }

  async #backUp(): Promise<void> {
    for (let left = 1; left > 0;) {
      const backedUp = await this.#backup.backUp();
      if (!backedUp.ok) throw new Error(`what a dehydrated device has brought is not backed up: ${backedUp.error}`);
      ({ left } = backedUp.value);
    }
  }

  async #put(replaces: DehydratedId | null, key: Bytes): Promise<DehydratedId> {
    const made = await this.#olm.library.dehydratedDevices().create();
    // The server would be told its name.
    const { body } = await made.keysForUpload('', keyOf(key));
    const device = JSON.parse(body) as DehydratedDevice;
    await this.#olm.options.server.ask('PUT', PATH, { replaces, device });
    return device.device_id;
  }
}

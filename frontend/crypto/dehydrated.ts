import { DecryptionSettings, DehydratedDeviceKey, TrustRequirement } from '@matrix-org/matrix-sdk-crypto-wasm';
import { deviceListOf } from '#protocol/crypto/device-list';
import { type DeviceId, type UserId } from '#protocol/ids';
import { dehydratedDevices, inboxPage, type DehydratedDevice, type DehydratedDevices } from '#protocol/keys/api';
import { userIdOf, type DehydratedId, type KeyDeviceId } from '#protocol/keys/objects';
import { type Bytes } from './bytes.ts';
import { onceEach } from './events.ts';
import { changeDeviceList, standing } from './identity.ts';
import { type KeptBackup } from './kept-backup.ts';
import { Refused } from './key-server.ts';
import { libraryDevice, libraryUser, type Olm } from './olm.ts';
import { type OwnSecrets } from './own-secrets.ts';
import { keepProof } from './proofs.ts';

type Item = DehydratedDevices['items'][number];

/** A dehydrated device has a fallback key and an inbox that both grow old, ms. */
const RENEWED_AFTER_MS = 7 * 24 * 60 * 60_000;
const PATH = '/api/keys/dehydrated';

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
      const key = await this.#secrets.dehydratedKey();
      const { items } = dehydratedDevices.parse(await this.#olm.options.server.ask('GET', PATH));
      try {
        return await this.#tend(items, key);
      } catch (error) {
        if (error instanceof Refused && (error.type === 'stale' || error.type === 'not-found')) return false;
        throw error;
      }
    });
  }

  async #tend(items: readonly Item[], key: Bytes): Promise<boolean> {
    const { options, rows } = this.#olm;
    const retired = items.find(({ state }) => state === 'retired');
    const current = items.find(({ state }) => state === 'current');
    // The server takes no further one while one is retired.
    let haveCome = retired ? await this.#end(retired, key) : false;
    if (!(await this.#isDue(current))) return haveCome;
    if (current) haveCome = (await this.#read(current, key)).haveCome || haveCome;
    const id = await this.#put(current?.device_id ?? null, key);
    await changeDeviceList(this.#olm, list => ({ ...list, dehydrated: id }));
    // Somebody may have sent to it until the list was there.
    if (current) haveCome = (await this.#end(current, key)) || haveCome;
    await rows.put('mark', 'dehydrated', options.now());
    return haveCome;
  }

  async #isDue(current: Item | undefined): Promise<boolean> {
    const { own, options, rows } = this.#olm;
    const masterKey = await this.#olm.masterKeyOf(own.userId);
    const pin = masterKey === null ? undefined : await this.#olm.pinOf(own.userId, masterKey);
    // Another one than the list names is of an identity, or of a store, that is gone.
    if ((pin ? deviceListOf(pin.signed)?.dehydrated : null) !== (current?.device_id ?? null) || !current) return true;
    const renewed = await rows.get('mark', 'dehydrated');
    return renewed === undefined || Math.abs(options.now() - renewed) > RENEWED_AFTER_MS;
  }

  /** Reads it to its end, and deletes it once what it has brought is in the backup. */
  async #end(item: Item, key: Bytes): Promise<boolean> {
    const { server } = this.#olm.options;
    const { upTo, haveCome } = await this.#read(item, key);
    const query = new URLSearchParams({ device: item.device_id, upTo: String(upTo) });
    await server.ask('DELETE', `${PATH}?${query.toString()}`);
    return haveCome;
  }

  /** @returns up to where there is nothing left to read in it */
  async #read(item: Item, key: Bytes): Promise<{ upTo: number; haveCome: boolean }> {
    const { library, options, turns } = this.#olm;
    const { device_id: id, device_data: data, inbox: head } = item;
    await options.server.ask('POST', `${PATH}/take`, { device_id: id });
    const rehydrated = await library
      .dehydratedDevices()
      .rehydrate(DehydratedDeviceKey.createKeyFromArray(key.slice()), libraryDevice(id), JSON.stringify(data))
      // It was made under a key that is gone, as by an identity before: nobody can read it any more.
      .catch(() => null);
    if (!rehydrated) return { upTo: head, haveCome: false };
    let [after, haveCome] = [0, false];
    for (;;) {
      const query = new URLSearchParams({ device: id, after: String(after) });
      const page = inboxPage.parse(await options.server.ask('GET', `${PATH}/inbox?${query.toString()}`));
      if (page.items.length === 0 || page.upTo <= after) break;
      const events = page.items.map(({ event }) => event);
      const senders = [...new Set(events.map(({ sender }) => userIdOf(sender)))];
      await this.#olm.follow(senders);
      for (const part of onceEach(events)) {
        const settings = new DecryptionSettings(TrustRequirement.CrossSigned);
        const keys = await turns.run('keys', async () => rehydrated.receiveEvents(JSON.stringify(part), settings));
        for (const { sessionId, senderKey } of keys) await this.#prove(sessionId, senderKey.toBase64(), senders);
        haveCome ||= keys.length > 0;
      }
      after = page.upTo;
    }
    if (haveCome) await this.#backUp();
    return { upTo: Math.max(head, after), haveCome };
  }

  async #prove(sessionId: string, curve25519: string, senders: readonly UserId[]): Promise<void> {
    for (const userId of senders) {
      const devices = (await this.#olm.library.getUserDevices(libraryUser(userId))).devices();
      const device = devices.find(({ curve25519Key }) => curve25519Key?.toBase64() === curve25519);
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

  async #put(replaces: KeyDeviceId | null, key: Bytes): Promise<DehydratedId> {
    const made = await this.#olm.library.dehydratedDevices().create();
    // Its name would be told to the server.
    const { body } = await made.keysForUpload('', DehydratedDeviceKey.createKeyFromArray(key.slice()));
    const device = JSON.parse(body) as DehydratedDevice;
    await this.#olm.options.server.ask('PUT', PATH, { replaces, device });
    return device.device_id;
  }
}

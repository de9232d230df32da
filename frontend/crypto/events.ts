import {
  CollectStrategy,
  DecryptedToDeviceEvent,
  DecryptionSettings,
  ProcessedToDeviceEventType,
  type ToDeviceEncryptionInfo,
  TrustRequirement,
  type Device,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import * as z from 'zod/mini';
import { SIGNED_TYPE, signedEvent } from '#protocol/crypto/comparing';
import { type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { changesPage, inboxEvent, inboxPage, keyState, type InboxEvent, type KeyState } from '#protocol/keys/api';
import { keyUserOf, ONE_TIME_ALGORITHM, userIdOf, type KeyUser } from '#protocol/keys/objects';
import { err, ok, type Result } from '#protocol/result';
import { type Arrived, type Caught, type EventRefusal } from './arrived.ts';
import { keepProof } from './proofs.ts';
import { type Olm } from './olm.ts';
import { doubtAbout, type SendRefusal } from './trust.ts';

/** What the library is told at once. Where `keys` is not given, its counts stay as they are. */
interface Received {
  readonly events?: readonly InboxEvent[];
  readonly changed?: readonly UserId[];
  readonly left?: readonly UserId[];
  readonly keys?: Pick<KeyState, 'oneTime' | 'unusedFallback'>;
}

/** A person, or one device of theirs. */
export interface Ready {
  readonly userId: UserId;
  readonly deviceId?: DeviceId;
}

/** Refusals of which the server may have news: a person who has just made their identity, a device that was signed this minute. */
const CURED_BY_NEWS: ReadonlySet<SendRefusal['why']> = new Set(['no-identity', 'no-device-list', 'no-device']);

const decryptedEvent = z.object({ type: z.string(), content: z.unknown() });
const roomKey = z.object({ session_id: z.string() });

/** Of one length, so that the order of the texts is that of the numbers. */
const eventKey = (number: number): string => String(number).padStart(16, '0');

const ENCRYPTED = 'm.room.encrypted';
/** Types that are the library's own, acted on by it alone. */
const OF_LIBRARY = /^m\./;

/** Events from device to device: sealed for one, read from an inbox or a frame, acted on only where somebody has encrypted them. */
export class Events {
  readonly #olm: Olm;
  /** People whose keys are followed: asked for once, and from then on where the server says that they have changed. */
  readonly #followed = new Set<UserId>();
  /** Devices for which something was sealed, as they were when keys changed last. */
  readonly #devices = new Map<string, { readonly keysChanged: number; readonly device: Device }>();

  constructor(olm: Olm) {
    this.#olm = olm;
  }

  /**
   * Before something is sealed at once for a person, as in a call: looks at their identity and, where it is named, at their device,
   * and opens what sessions are missing beside the answer. The library decrypts an event once and not at all where it does not know
   * its sender, so this comes before one is opened, too.
   * @returns what stands against it; null: nothing
   */
  async readyFor({ userId, deviceId }: Ready): Promise<SendRefusal | null> {
    const olm = this.#olm;
    await this.#follow(userId);
    let refusal = await this.#refusalFor(userId, deviceId);
    if (refusal && CURED_BY_NEWS.has(refusal.why)) {
      await this.#followChanges();
      refusal = await this.#refusalFor(userId, deviceId);
    }
    // If this fails, sealing opens the sessions when it needs them.
    if (!refusal) olm.turns.run('keys', () => olm.openSessions([userId])).catch(() => undefined);
    return refusal;
  }

  #refusalFor(userId: UserId, deviceId: DeviceId | undefined): Promise<SendRefusal | null> {
    const olm = this.#olm;
    return olm.turns.run('keys', async () => {
      const doubt = await doubtAbout(olm, [userId]);
      if (doubt || deviceId === undefined) return doubt;
      const device = await olm.deviceOf({ userId, deviceId });
      return device?.isCrossSignedByOwner() === true ? null : { why: 'no-device', who: userId };
    });
  }

  /** What is said in a call must not wait for the network where it need not. */
  async #follow(userId: UserId): Promise<void> {
    if (this.#followed.has(userId)) return;
    await this.#olm.follow([userId]);
    this.#followed.add(userId);
  }

  /** Encrypts an event for one device. @returns what a frame or a request carries as its content */
  async sealFor(to: DeviceAddress, type: string, content: object): Promise<Result<string, SendRefusal>> {
    const olm = this.#olm;
    await this.#follow(to.userId);
    return olm.turns.run('keys', async () => {
      const looked = await this.#lookedAt(to);
      if (!looked.ok) return looked;
      return ok(await looked.value.encryptToDeviceEvent(type, content, CollectStrategy.identityBasedStrategy()));
    });
  }

  /** In a turn of the keys. What was found stands until anybody's keys have changed: a call says a dozen things within a second. */
  async #lookedAt(to: DeviceAddress): Promise<Result<Device, SendRefusal>> {
    const olm = this.#olm;
    const name = `${to.userId} ${to.deviceId}`;
    const kept = this.#devices.get(name);
    if (kept?.keysChanged === olm.keysChanged) return ok(kept.device);
    this.#devices.delete(name);
    const { keysChanged } = olm;
    const doubt = await doubtAbout(olm, [to.userId]);
    if (doubt) return err(doubt);
    await olm.openSessions([to.userId]);
    const device = await olm.deviceOf(to);
    if (device?.isCrossSignedByOwner() !== true) return err({ why: 'no-device', who: to.userId });
    this.#devices.set(name, { keysChanged, device });
    return ok(device);
  }

  /** Sends an event to one device by its inbox. */
  async send(to: DeviceAddress, type: string, content: object): Promise<Result<null, SendRefusal>> {
    const sealed = await this.sealFor(to, type, content);
    if (!sealed.ok) return sealed;
    await this.#put(to.userId, { [to.deviceId]: JSON.parse(sealed.value) as unknown });
    return ok(null);
  }

  /** Sends an event to every device of a person but this one, by their inboxes. One that takes none does not keep it from the others. */
  async sendToAll(userId: UserId, type: string, content: object): Promise<Result<null, SendRefusal>> {
    const { own } = this.#olm;
    await this.#follow(userId);
    const messages: Record<string, unknown> = {};
    let refusal: SendRefusal = { why: 'no-device', who: userId };
    for (const { deviceId } of await this.#olm.devicesOf(userId)) {
      const to = { userId, deviceId: deviceId.toString() as DeviceId };
      if (userId === own.userId && to.deviceId === own.deviceId) continue;
      const sealed = await this.sealFor(to, type, content).catch(() => null);
      if (sealed?.ok === true) messages[to.deviceId] = JSON.parse(sealed.value);
      else refusal = sealed?.error ?? refusal;
    }
    if (Object.keys(messages).length === 0) return err(refusal);
    await this.#put(userId, messages);
    return ok(null);
  }

  async #put(userId: UserId, each: Readonly<Record<string, unknown>>): Promise<void> {
    const messages = { [keyUserOf(userId)]: each };
    await this.#olm.options.server.ask('PUT', `/api/to-device/${crypto.randomUUID()}`, { type: ENCRYPTED, messages });
  }

  /**
   * Reads what a device has sent in a frame, past the inbox.
   * @param sender who the server says it is from
   */
  async openFrom(sender: UserId, sealed: string): Promise<Arrived> {
    let content: unknown;
    try {
      content = JSON.parse(sealed);
    } catch {
      return err('plain');
    }
    const event = inboxEvent.safeParse({ sender: keyUserOf(sender), type: ENCRYPTED, content });
    if (!event.success) return err('plain');
    await this.#follow(sender);
    const [arrived] = await this.#olm.turns.run('keys', () => this.#receive({ events: [event.data] }));
    return arrived ?? err('unreadable');
  }

  /**
   * Reads everything that the server keeps for this device: how many of its keys are left, whose keys have changed, then the inbox, page
   * by page. Rows are confirmed only when the library and this store have kept what they brought: the library decrypts an event once.
   */
  catchUp(): Promise<Caught> {
    return this.#olm.turns.run('inbox', async () => {
      const { options, rows } = this.#olm;
      const { server } = options;
      await this.#countKeys();
      await this.#followChanges();
      const refused: EventRefusal[] = [];
      for (let after = -1, head = 0; after < head;) {
        const page = inboxPage.parse(await server.ask('GET', `/api/inbox${after < 0 ? '' : `?after=${after}`}`));
        refused.push(...(await this.#keepAll(page.items.map(({ event }) => event))));
        if (page.items.length > 0) await server.ask('POST', '/api/inbox/confirm', { upTo: page.upTo });
        // A page without rows, or one that goes back, is the last one.
        if (page.upTo <= after || page.items.length === 0) break;
        [after, head] = [page.upTo, page.head];
      }
      await this.#seeSigned();
      await this.#olm.pump();
      return { events: await rows.all('event'), refused };
    });
  }

  /** Another device of this person has signed an identity: its keys are queried again, since no feed of the server reports signatures. */
  async #seeSigned(): Promise<void> {
    const { own, rows, turns } = this.#olm;
    for (const { number, from, type, content } of await rows.all('event')) {
      if (type !== SIGNED_TYPE) continue;
      const signed = signedEvent.safeParse(content);
      const isOwn = from.userId === own.userId;
      if (signed.success && isOwn) await turns.run('keys', () => this.#olm.askFor(signed.data.userId));
      await rows.remove('event', eventKey(number));
    }
  }

  /** Forgets kept events up to a number: they were acted on. */
  async forget(upTo: number): Promise<void> {
    const { rows } = this.#olm;
    for (const { number } of await rows.all('event')) if (number <= upTo) await rows.remove('event', eventKey(number));
  }

  async #keepAll(events: readonly InboxEvent[]): Promise<EventRefusal[]> {
    const { rows, turns } = this.#olm;
    // The library must know the sender's devices before it decrypts, or it cannot say which device has sent an event.
    await this.#olm.follow([...new Set(events.map(({ sender }) => userIdOf(sender)))]);
    const arrived = await turns.run('keys', () => this.#receive({ events }));
    let number = (await rows.get('mark', 'event')) ?? 0;
    const refused: EventRefusal[] = [];
    for (const one of arrived) {
      if (!one.ok) refused.push(one.error);
      else await rows.put('event', eventKey(++number), { ...one.value, number });
    }
    await rows.put('mark', 'event', number);
    return refused;
  }

  /**
   * The library makes new one-time keys where few are left. It is told the count at the moment at which the server says it: one from before
   * an upload would make it upload once more with each event.
   */
  #countKeys(): Promise<Arrived[]> {
    return this.#olm.turns.run('keys', async () => {
      const keys = keyState.parse(await this.#olm.options.server.ask('GET', '/api/keys/state'));
      return this.#receive({ keys });
    });
  }

  async #followChanges(): Promise<void> {
    const { options, rows } = this.#olm;
    for (let more = true; more;) {
      const after = await rows.get('mark', 'changes');
      const path = `/api/keys/changes${after === undefined ? '' : `?after=${after}`}`;
      const page = changesPage.parse(await options.server.ask('GET', path));
      const [changed, left] = [page.changed.map(userIdOf), page.left.map(userIdOf)];
      await this.#olm.turns.run('keys', () => this.#receive({ changed, left }));
      await rows.put('mark', 'changes', page.upTo);
      more = page.more && page.upTo !== after;
    }
    await this.#olm.pump();
  }

  async #receive({ events = [], ...news }: Received): Promise<Arrived[]> {
    const [first = [], ...others] = onceEach(events);
    const arrived = await this.#receiveAtOnce({ ...news, events: first });
    for (const those of others) arrived.push(...(await this.#receiveAtOnce({ events: those })));
    return arrived;
  }

  async #receiveAtOnce({ events = [], changed = [], left = [], keys }: Received): Promise<Arrived[]> {
    const processed = await this.#olm.library.receiveSyncChangesMsc4186(
      JSON.stringify(events),
      this.#olm.changedLists(changed, left),
      new Map(keys && [[ONE_TIME_ALGORITHM, keys.oneTime]]),
      keys && new Set(keys.unusedFallback),
      new DecryptionSettings(TrustRequirement.CrossSigned),
    );
    const arrived: Arrived[] = [];
    for (const one of processed) {
      if (one instanceof DecryptedToDeviceEvent) arrived.push(...(await this.#decrypted(one)));
      else arrived.push(err(one.type === ProcessedToDeviceEventType.PlainText ? 'plain' : 'unreadable'));
    }
    return arrived;
  }

  async #decrypted({ rawEvent, encryptionInfo }: DecryptedToDeviceEvent): Promise<Arrived[]> {
    const event = decryptedEvent.safeParse(JSON.parse(rawEvent));
    const from = await this.#senderOf(encryptionInfo);
    if (!event.success || !from) return [err('unreadable')];
    const { type, content } = event.data;
    const key = type === 'm.room_key' ? roomKey.safeParse(content) : null;
    if (key?.success === true) await keepProof(this.#olm, key.data.session_id, from);
    return OF_LIBRARY.test(type) ? [] : [ok({ from, type, content })];
  }

  /** The library does not name the device of a room key; the Curve25519 key of the Olm session does. */
  async #senderOf({
    sender,
    senderDevice,
    senderCurve25519Key,
  }: ToDeviceEncryptionInfo): Promise<DeviceAddress | null> {
    const userId = userIdOf(sender.toString() as KeyUser);
    const device = await this.#olm.deviceWith(userId, senderCurve25519Key);
    const id = (senderDevice ?? device?.deviceId)?.toString();
    return id === undefined ? null : { userId, deviceId: id as DeviceId };
  }
}

/**
 * Events in their order, cut so that no part has two of one device. The library compares a key with those that it has kept, not with
 * those of the same part: of a session that a device has shared twice the later key, which opens less, would take the place of the first.
 */
export function onceEach(events: readonly InboxEvent[]): InboxEvent[][] {
  const parts: InboxEvent[][] = [];
  let devices = new Set<string>();
  for (const event of events) {
    const device = `${event.sender} ${String(event.content['sender_key'])}`;
    if (parts.length === 0 || devices.has(device)) {
      parts.push([]);
      devices = new Set();
    }
    devices.add(device);
    parts.at(-1)?.push(event);
  }
  return parts;
}

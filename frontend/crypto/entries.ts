import {
  CollectStrategy,
  DecryptionErrorCode,
  DecryptionSettings,
  EncryptionSettings,
  MegolmDecryptionError,
  TrustRequirement,
  type DecryptedRoomEvent,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { type Message } from '#protocol/chat-frames';
import { type Content, type EntryKey } from '#protocol/content/kinds';
import {
  ENTRY_TYPE,
  openEnvelope,
  plaintextOf,
  type EnvelopeFields,
  type EnvelopeRefusal,
  type OpenedEntry,
} from '#protocol/crypto/envelope';
import { provedBy, type Proof, type Provenance } from '#protocol/crypto/provenance';
import { placeUse } from '#protocol/crypto/replay';
import { rotationDue } from '#protocol/crypto/rotation';
import { megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { type ConversationId, type DeviceAddress, type UserId } from '#protocol/ids';
import { keyUserOf, userIdOf, type KeyUser } from '#protocol/keys/objects';
import { err, ok, type Result } from '#protocol/result';
import { knownFrom, type Known } from './known.ts';
import { keepProof } from './proofs.ts';
import { libraryRoom, libraryUser, type Olm } from './olm.ts';
import { type RowTypes } from './rows.ts';
import { doubtAbout, type SendRefusal } from './trust.ts';

/** Why an entry is not drawn. What can still become readable says so by its name: `no-key` and `used-before` are asked for again. */
export type ReadRefusal =
  /** Not encrypted, in a conversation that is. */
  | 'plain'
  | 'no-key'
  /** The author's device gave this one no key, and said so. */
  | 'withheld'
  /** Its place in the session belongs to another entry. */
  | 'used-before'
  /** Encrypted by a device that is not its person's, or by keys of somebody else. */
  | 'not-proved'
  /** The author has another identity than the one that was verified. */
  | 'author-changed'
  /** A byte was changed on the way. */
  | 'damaged'
  | EnvelopeRefusal;

export type ReadEntry = OpenedEntry & { readonly proof: Proof; readonly known: Known };

interface Decrypted {
  readonly plaintext: string;
  /** Whose keys have encrypted it. */
  readonly proved: DeviceAddress;
  readonly proof: Proof;
}

/** Entries of conversations: encrypted for all devices of their members, decrypted and compared. */
export class Entries {
  readonly #olm: Olm;
  /** Conversation → members and keys with which its session was shared last, by this machine. */
  readonly #shared = new Map<ConversationId, string>();
  /**
   * The imported session that was read last, and whose it is: a history is read entry after entry of one session, and the library,
   * which knows no sender of it, is not asked in vain for each of them.
   */
  #imported: { readonly sessionId: string; readonly from: Provenance } | null = null;

  constructor(olm: Olm) {
    this.#olm = olm;
  }

  /**
   * Encrypts an entry for the members. Everything it needs was acknowledged by the server when it resolves: what was encrypted
   * while keys are still on their way is read by nobody.
   * @param members all of them, oneself too
   * @returns what to post as `data`
   */
  seal(
    conversationId: ConversationId,
    members: readonly UserId[],
    fields: EnvelopeFields,
    content: Content,
  ): Promise<Result<string, SendRefusal>> {
    return this.#olm.turns.run(conversationId, async () => {
      const plaintext = plaintextOf(fields, content);
      if (plaintext === null) return err({ why: 'too-large' });
      await this.#olm.follow(members);
      const use = await this.#rotateIfDue(conversationId);
      // No answer about keys comes between the look at the identities and the share.
      const doubt = await this.#olm.turns.run('keys', async () => {
        if (this.#shared.get(conversationId) === this.#stateOf(members)) return null;
        const found = await doubtAbout(this.#olm, members);
        if (!found) await this.#share(conversationId, members);
        return found;
      });
      if (doubt) return err(doubt);
      const data = await this.#olm.library.encryptRoomEvent(libraryRoom(conversationId), ENTRY_TYPE, plaintext);
      await this.#count(use, data, fields);
      return ok(data);
    });
  }

  /** @returns how far the session was used that encrypts next */
  async #rotateIfDue(conversationId: ConversationId): Promise<RowTypes['use']> {
    const { library, rows, crashes, options } = this.#olm;
    const now = options.now();
    const use = await rows.get('use', conversationId);
    const isOwed = (use?.crashes ?? 0) !== crashes || (use && rotationDue(use, now) !== null);
    if (use && !isOwed) return use;
    if (isOwed === true) await library.invalidateGroupSession(libraryRoom(conversationId));
    this.#shared.delete(conversationId);
    // Behind the end of the old session: a crash in between ends a session once more than needed.
    const fresh = { count: 0, since: now, last: now, crashes };
    await rows.put('use', conversationId, fresh);
    return fresh;
  }

  /** Changes with the members and with anybody's keys: only then are identities checked and the session shared again. */
  #stateOf(members: readonly UserId[]): string {
    return `${[...members].sort().join(' ')} ${this.#olm.keysChanged}`;
  }

  /** Costs much where many devices are concerned. */
  async #share(conversationId: ConversationId, members: readonly UserId[]): Promise<void> {
    const olm = this.#olm;
    const state = this.#stateOf(members);
    await olm.openSessions(members);
    const settings = new EncryptionSettings();
    settings.sharingStrategy = CollectStrategy.identityBasedStrategy();
    const requests = await olm.library.shareRoomKey(libraryRoom(conversationId), members.map(libraryUser), settings);
    for (const request of requests) await olm.send(request);
    this.#shared.set(conversationId, state);
  }

  async #count(use: RowTypes['use'], data: string, { conversationId, author, id }: EnvelopeFields): Promise<void> {
    const { rows, options } = this.#olm;
    await rows.put('use', conversationId, { ...use, count: use.count + 1, last: options.now() });
    const place = megolmPlaceOf(data);
    if (!place) throw new Error('the library has changed its ciphertext');
    await rows.put('place', placeKey(place), { conversationId, authorId: author.userId, id });
    await keepProof(this.#olm, place.sessionId, author);
  }

  /** Decrypts an entry and compares it with what the server says of it; total but for a store that fails. */
  async open({ conversationId, id, author, at, counts, data }: Message): Promise<Result<ReadEntry, ReadRefusal>> {
    const place = megolmPlaceOf(data);
    if (!place) return err('plain');
    const key: EntryKey = { conversationId, authorId: author.userId, id };
    const event = JSON.stringify({
      type: 'm.room.encrypted',
      event_id: `$${id}`,
      room_id: libraryRoom(conversationId).toString(),
      sender: keyUserOf(author.userId),
      origin_server_ts: at,
      content: JSON.parse(data) as unknown,
    });
    const decrypted = await this.#decrypt(event, conversationId, place.sessionId, author);
    if (!decrypted.ok) return decrypted;
    const { plaintext, proved, proof } = decrypted.value;
    const opened = openEnvelope(plaintext, { key, deviceId: author.deviceId, counts }, proved);
    if (!opened.ok) return opened;
    // Behind all else, so that nobody can take a place with what is not drawn.
    const use = placeUse(await this.#olm.rows.claim('place', placeKey(place), key), key);
    if (use === 'replay') return err('used-before');
    // A person may have another identity by now: what was kept with the session is theirs of that time.
    const record = proof.how === 'imported' ? proof.from : await this.#olm.rows.get('proof', place.sessionId);
    const known = knownFrom(proof, opened.value.envelope, record?.masterKey, this.#olm.options.now());
    return ok({ ...opened.value, proof, known });
  }

  async #decrypt(
    event: string,
    conversationId: ConversationId,
    sessionId: string,
    author: DeviceAddress,
  ): Promise<Result<Decrypted, ReadRefusal>> {
    const from = this.#imported?.sessionId === sessionId ? this.#imported.from : undefined;
    if (from) return this.#decryptImported(event, conversationId, from, author);
    const strict = await this.#attempt(event, conversationId, TrustRequirement.CrossSigned);
    if (strict.ok) {
      const { sender, senderDevice, event: plaintext } = strict.value;
      if (!senderDevice) return err('not-proved');
      const proved = {
        userId: userIdOf(sender.toString() as KeyUser),
        deviceId: senderDevice.toString(),
      } as DeviceAddress;
      return ok({ plaintext, proved, proof: { how: 'cross-signed' } });
    }
    // The library knows no sender of an imported session; the record that was imported with it names the sender.
    const record = strict.error === 'not-proved' ? await this.#olm.rows.get('proof', sessionId) : undefined;
    if (!record) return strict;
    const imported = await this.#decryptImported(event, conversationId, record, author);
    if (imported.ok) this.#imported = { sessionId, from: record };
    return imported;
  }

  async #decryptImported(
    event: string,
    conversationId: ConversationId,
    from: Provenance,
    author: DeviceAddress,
  ): Promise<Result<Decrypted, ReadRefusal>> {
    const lax = await this.#attempt(event, conversationId, TrustRequirement.CrossSignedOrLegacy);
    if (!lax.ok) return lax;
    const { senderCurve25519Key, senderClaimedEd25519Key = '', event: plaintext } = lax.value;
    const proved = provedBy(from, { senderCurve25519Key, senderClaimedEd25519Key }, author);
    if (!proved.ok) return err('not-proved');
    return ok({ plaintext, proved: proved.value, proof: { how: 'imported', from } });
  }

  async #attempt(
    event: string,
    conversationId: ConversationId,
    requirement: TrustRequirement,
  ): Promise<Result<DecryptedRoomEvent, ReadRefusal>> {
    try {
      const settings = new DecryptionSettings(requirement);
      return ok(await this.#olm.library.decryptRoomEvent(event, libraryRoom(conversationId), settings));
    } catch (error) {
      if (error instanceof MegolmDecryptionError) return err(refusalOf(error));
      throw error;
    }
  }
}

const placeKey = ({ sessionId, index }: { sessionId: string; index: number }): string => `${sessionId} ${index}`;

function refusalOf({ code, withheldCode }: MegolmDecryptionError): ReadRefusal {
  switch (code) {
    case DecryptionErrorCode.MissingRoomKey:
    case DecryptionErrorCode.UnknownMessageIndex:
      return withheldCode === undefined ? 'no-key' : 'withheld';
    case DecryptionErrorCode.MismatchedIdentityKeys:
    case DecryptionErrorCode.UnknownSenderDevice:
    case DecryptionErrorCode.UnsignedSenderDevice:
    case DecryptionErrorCode.MismatchedSender:
      return 'not-proved';
    case DecryptionErrorCode.SenderIdentityVerificationViolation:
      return 'author-changed';
    case DecryptionErrorCode.UnableToDecrypt:
      return 'damaged';
    default:
      return 'damaged';
  }
}

import type { ConversationId, DeviceId, UserId } from '#protocol/ids';

/** A page has this long to confirm a message before its device is pushed, in ms. */
export const CONFIRM_MS = 5_000;
/** A device is pushed about one conversation at most so often, in ms: ten quick messages are one notification. */
export const AGAIN_MS = 30_000;
/** How many conversations of devices are kept in mind; the oldest is forgotten first. */
const MOST = 50_000;

/** What one device has not confirmed of one conversation. `dueAt` is null when it has been pushed about all of it. */
type Note = {
  userId: UserId;
  deviceId: DeviceId;
  conversationId: ConversationId;
  senderId: UserId;
  /** What is not confirmed, the latest of it; ascending by seq, never empty. */
  unconfirmed: readonly Unconfirmed[];
  dueAt: number | null;
  pushedAt: number | null;
};

/** `at`: when it was stored, ms since the epoch. */
type Unconfirmed = { seq: number; at: number };
/** How many are kept in mind of one conversation: so many can be retracted without the device being told of those before. */
const MOST_UNCONFIRMED = 50;

/** `at`: when it was stored, ms since the epoch. */
export type Posted = { conversationId: ConversationId; senderId: UserId; seq: number; at: number };
/** What is to be pushed to a device about a conversation: that something came, or that it was read elsewhere. */
export type MessagePush = Pick<Note, 'userId' | 'deviceId' | 'conversationId' | 'senderId'> & {
  what: 'message' | 'read';
  /** When the last of it was stored, ms since the epoch. */
  at: number;
};

/**
 * ```
 *   posted ──► due after 5 s ── received or read ──► nothing
 *                  │ time                              ▲
 *                  └──► pushed ── received ────────────┤
 *                         │  └── read elsewhere, or retracted ──► pushed "read"
 *                         └── posted again ──► due again, 30 s after the last one
 * ```
 * Which device is pushed about which conversation, and when. It knows no clock and sends nothing.
 */
export class MessageNotes {
  readonly #notes = new Map<string, Note>();

  /** A message is stored; `devices` are those of its receivers that can be pushed. */
  posted({ conversationId, senderId, seq, at }: Posted, devices: readonly Whose[], now: number): void {
    for (const { userId, deviceId } of devices) {
      const key = keyOf(deviceId, conversationId);
      const known = this.#notes.get(key);
      // What the store has remembered may be behind what has come meanwhile.
      const others = (known?.unconfirmed ?? []).filter(one => one.seq !== seq);
      const unconfirmed = [...others, { seq, at }].sort((a, b) => a.seq - b.seq).slice(-MOST_UNCONFIRMED);
      const pushedAt = known?.pushedAt ?? null;
      const dueAt = known?.dueAt ?? Math.max(now + CONFIRM_MS, (pushedAt ?? -Infinity) + AGAIN_MS);
      this.#notes.set(key, { userId, deviceId, conversationId, senderId, unconfirmed, dueAt, pushedAt });
    }
    for (const oldest of this.#notes.keys()) {
      if (this.#notes.size <= MOST) break;
      this.#notes.delete(oldest);
    }
  }

  /** The page of this device has stored everything up to `seq`: from now on the page tells its person itself. */
  received(deviceId: DeviceId, conversationId: ConversationId, seq: number): void {
    const key = keyOf(deviceId, conversationId);
    const note = this.#notes.get(key);
    if (note) this.#keep(key, note, above(note, seq));
  }

  /** A person has read up to `seq` on one device; `others` are their other ones. Answers with what those are pushed. */
  read(conversationId: ConversationId, seq: number, others: readonly DeviceId[]): MessagePush[] {
    return others.flatMap(deviceId => {
      const key = keyOf(deviceId, conversationId);
      const note = this.#notes.get(key);
      if (note === undefined || this.#keep(key, note, above(note, seq))) return [];
      return note.pushedAt === null ? [] : [pushOf('read', note)];
    });
  }

  /** A message is retracted: a device that has nothing else to be told of is told nothing, or that it was read. */
  retracted(conversationId: ConversationId, seq: number, devices: readonly DeviceId[]): MessagePush[] {
    return devices.flatMap(deviceId => {
      const key = keyOf(deviceId, conversationId);
      const note = this.#notes.get(key);
      const unconfirmed = note?.unconfirmed.filter(one => one.seq !== seq) ?? [];
      if (note === undefined || unconfirmed.length === note.unconfirmed.length) return [];
      if (this.#keep(key, note, unconfirmed)) return [];
      return note.pushedAt === null ? [] : [pushOf('read', note)];
    });
  }

  /** Keeps a note with what is left to tell; false where nothing is, and then it is forgotten. */
  #keep(key: string, note: Note, unconfirmed: readonly Unconfirmed[]): boolean {
    if (unconfirmed.length > 0) this.#notes.set(key, { ...note, unconfirmed });
    else this.#notes.delete(key);
    return unconfirmed.length > 0;
  }

  /** What is due; it counts as pushed from now on. */
  due(now: number): MessagePush[] {
    const due = [...this.#notes.values()].filter(({ dueAt }) => dueAt !== null && dueAt <= now);
    for (const note of due) this.#notes.set(keyOf(note.deviceId, note.conversationId), pushed(note, now));
    return due.map(note => pushOf('message', note));
  }

  /** Whether this device has still not confirmed all of it. */
  stands(deviceId: DeviceId, conversationId: ConversationId): boolean {
    return this.#notes.has(keyOf(deviceId, conversationId));
  }

  /** Since when this device is owed what is not due yet. */
  owedSince(deviceId: DeviceId): number[] {
    const own = [...this.#notes.values()].filter(note => note.deviceId === deviceId && note.dueAt !== null);
    return own.map(note => lastOf(note).at);
  }

  forget(deviceId: DeviceId): void {
    for (const [key, note] of this.#notes) if (note.deviceId === deviceId) this.#notes.delete(key);
  }
}

type Whose = { userId: UserId; deviceId: DeviceId };
const keyOf = (deviceId: DeviceId, conversationId: ConversationId): string => `${deviceId} ${conversationId}`;
const pushed = (note: Note, now: number): Note => ({ ...note, dueAt: null, pushedAt: now });
const above = ({ unconfirmed }: Note, mark: number): Unconfirmed[] => unconfirmed.filter(({ seq }) => seq > mark);
const lastOf = ({ unconfirmed }: Note): Unconfirmed => unconfirmed.at(-1) ?? { seq: 0, at: 0 };
const pushOf = (what: MessagePush['what'], note: Note): MessagePush => {
  const { userId, deviceId, conversationId, senderId } = note;
  return { what, userId, deviceId, conversationId, senderId, at: lastOf(note).at };
};

import { GAP_SHOWN_AFTER_MS, gapsIn, type NumberedPlace } from '#protocol/crypto/gaps';
import { type UserId } from '#protocol/ids';
import { type Clock } from '../../i18n/clock';
import { isEntry, type Stored } from './conversation';
import { type NoteRow } from './timeline';

/**
 * What is said between messages about those that follow.
 * @param messages ascending by seq
 * @param clock tells again when something that is missing has been so for long enough
 */
export function notesOf(messages: readonly Stored[], me: UserId, clock: Pick<Clock, 'read'>): NoteRow[] {
  return [...missingIn(messages, me, clock), ...newIdentitiesIn(messages, me)].sort((a, b) => a.seq - b.seq);
}

function missingIn(messages: readonly Stored[], me: UserId, clock: Pick<Clock, 'read'>): NoteRow[] {
  const gaps = gapsIn(messages.map(numberedPlace));
  if (gaps.length === 0) return [];
  const shownAt = gaps.map(({ since }) => since + GAP_SHOWN_AFTER_MS);
  const now = clock.read(at => Math.min(...shownAt.filter(one => one > at)));
  const bySeq = new Map(messages.filter(isEntry).map(entry => [entry.seq, entry]));
  return gaps.flatMap(({ device, seq, count, since }) => {
    const entry = bySeq.get(seq);
    if (!entry || since + GAP_SHOWN_AFTER_MS > now) return [];
    const person = entry.author.userId;
    const note = { kind: 'note', says: 'missing', seq, person, own: person === me, count, at: entry.at } as const;
    return { ...note, key: `missing ${device} ${seq}` };
  });
}

function numberedPlace(stored: Stored): NumberedPlace {
  const { seq } = stored;
  if ('withheld' in stored) return { seq, device: null };
  const device = stored.author.deviceId;
  const known = isEntry(stored) ? stored.known : undefined;
  const { counter, numbered, opened } = known ?? {};
  if (counter === undefined || !numbered || opened === undefined) return { seq, device };
  return { seq, device, number: { counter, ...numbered, opened } };
}

/** Where the first message with another identity than the one before stands, of each other person. */
function newIdentitiesIn(messages: readonly Stored[], me: UserId): NoteRow[] {
  const before = new Map<UserId, string>();
  const notes: NoteRow[] = [];
  for (const entry of messages.filter(isEntry)) {
    const { seq, at } = entry;
    const person = entry.author.userId;
    const identity = entry.known?.identity;
    if (identity === undefined || person === me) continue;
    const isNew = (before.get(person) ?? identity) !== identity;
    before.set(person, identity);
    const note = { kind: 'note', says: 'identity', seq, person, own: false, count: 0, at } as const;
    if (isNew) notes.push({ ...note, key: `identity ${person} ${seq}` });
  }
  return notes;
}

import { GAP_SHOWN_AFTER_MS } from '#protocol/crypto/gaps';
import { anId } from '#protocol/testing/ids';
import { type Entry } from './conversation';
import { notesOf } from './notes-of';
import { entry, ME, PEER, retracted } from './testing/chat-room';

const OPENED = 1_000_000;

describe('notes between messages', () => {
  let now: number;
  let changes: number[];
  const clock = {
    read: (change: (now: number) => number): number => {
      changes.push(change(now));
      return now;
    },
  };
  const numbered = (seq: number, counter: number, identity = 'mira', senderId = PEER.id): Entry => ({
    ...entry(seq, senderId),
    known: { how: 'signed', written: 1, opened: OPENED, identity, counter, numbered: { from: 1, but: [] } },
  });
  const said = (...messages: Parameters<typeof notesOf>[0]) =>
    notesOf(messages, ME, clock).map(({ says, seq, count, own }) => ({ says, seq, count, own }));

  beforeEach(() => {
    now = OPENED + GAP_SHOWN_AFTER_MS;
    changes = [];
  });

  it('EE12 say that messages have not arrived, a minute after later ones have', () => {
    const gap = [numbered(1, 1), numbered(2, 3)] as const;
    expect(said(...gap)).toEqual([{ says: 'missing', seq: 2, count: 1, own: false }]);
    now -= 1;
    changes = [];
    expect(said(...gap)).toEqual([]);
    expect(changes).toEqual([OPENED + GAP_SHOWN_AFTER_MS]);
  });

  it('say it of another device of this person, too', () => {
    expect(said(numbered(1, 2, 'mine', ME))).toEqual([{ says: 'missing', seq: 1, count: 1, own: true }]);
  });

  it('say nothing of what was retracted, not opened, withheld, or opened by an older version', () => {
    const known = { how: 'signed', opened: OPENED } as const;
    const sealed = { ...entry(2), sealed: 'no-key' } as const;
    const withheld = { conversationId: entry(2).conversationId, seq: 2, withheld: true } as const;
    for (const place of [retracted(2), sealed, withheld, entry(2), { ...entry(2), known }]) {
      expect(said(numbered(1, 1), place, numbered(3, 3))).toEqual([]);
    }
    expect(said(entry(1), entry(2))).toEqual([]);
  });

  it('say where somebody has another identity, and not where nobody knows which', () => {
    const { known: _, ...unknown } = numbered(2, 2);
    const messages = [numbered(1, 1), unknown, numbered(3, 3, 'another'), numbered(4, 4, 'another')];
    expect(said(...messages)).toEqual([{ says: 'identity', seq: 3, count: 0, own: false }]);
    expect(said(numbered(1, 1, 'mine', ME), numbered(2, 2, 'newer', ME))).toEqual([]);
    expect(notesOf(messages, ME, clock)[0]?.key).toBe(`identity ${anId(PEER.id)} 3`);
  });
});

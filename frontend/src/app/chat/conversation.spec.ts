import { type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { direct } from './testing/chat-room';
import {
  keptOr,
  marksOf,
  merged,
  peersMarks,
  withMarks,
  withMessage,
  withOwnRead,
  withPage,
  type Conversation,
  type Entry,
  type Listed,
} from './conversation';

const ME = anId<UserId>('me');
const PEER = { id: anId<UserId>('peer'), username: 'mira', displayName: 'Mira Sand' };
const message = (seq: number, senderId = PEER.id): Entry => ({
  conversationId: anId('c'),
  seq,
  id: anId(`m${seq}`),
  author: { userId: senderId, deviceId: anId('d') },
  at: seq * 1000,
  counts: true,
  content: { kind: 'text', body: 'hello' },
});
const listed = (change: Partial<Listed> = {}): Listed => ({
  ...direct(anId('c'), PEER),
  lastSeq: 5,
  last: message(5),
  unread: 2,
  activeAt: 5000,
  ...change,
});
const known = (change: Partial<Conversation> = {}): Conversation => ({
  ...merged(undefined, listed(), ME),
  held: { from: 1, to: 5 },
  ...change,
});

describe('conversation', () => {
  it('counts a live message of somebody else once', () => {
    const once = withMessage(known(), message(6), ME);
    expect([once.unread, once.lastSeq, once.active]).toEqual([3, 6, 6000]);
    expect(once.held).toEqual({ from: 1, to: 6 });
    expect(withMessage(once, message(6), ME).unread).toBe(3);
  });

  it('never counts own messages, withheld ones, or what is read already', () => {
    expect(withMessage(known(), message(6, ME), ME).unread).toBe(2);
    const withheld = withMessage(known(), { conversationId: anId('c'), seq: 6, withheld: true }, ME);
    expect([withheld.unread, withheld.lastSeq, withheld.last?.seq]).toEqual([2, 6, 5]);
    const read = withMarks(known(), { userId: ME, received: 6, read: 6 });
    expect(withMessage(read, message(6), ME).unread).toBe(2);
  });

  it('shows a message beyond a hole and keeps `held` before the hole', () => {
    const beyond = withMessage(known(), message(9), ME);
    expect([beyond.last?.seq, beyond.held?.to]).toEqual([9, 5]);
    const whole = withPage(beyond, { from: 6, to: 9 });
    expect(whole.held).toEqual({ from: 1, to: 9 });
    expect(withPage(whole, { from: 4, to: 7 })).toBe(whole);
  });

  it('holds the first message of a conversation, and no island', () => {
    const fresh = known({ lastSeq: 0, last: null, held: null, unread: 0 });
    expect(withMessage(fresh, message(1), ME).held).toEqual({ from: 1, to: 1 });
    expect(withMessage(fresh, message(4), ME).held).toBeNull();
  });

  it('merges marks by max, and read implies received', () => {
    const marked = withMarks(known(), { userId: PEER.id, received: 3, read: 4 });
    expect(marksOf(marked, PEER.id)).toEqual(jasmine.objectContaining({ received: 4, read: 4 }));
    expect(withMarks(marked, { userId: PEER.id, received: 2, read: 1 })).toBe(marked);
    expect(peersMarks(marked, ME)).toEqual({ received: 4, read: 4 });
  });

  it('has nothing unread once all is read', () => {
    expect(withOwnRead(known(), ME, 5, 7).unread).toBe(0);
    expect(withOwnRead(known(), ME, 4, 1).unread).toBe(1);
  });

  it('lets a list that is older than live frames take nothing back', () => {
    const live = withMessage(known(), message(6), ME);
    const after = merged(live, listed(), ME);
    expect([after.lastSeq, after.last?.seq, after.unread]).toEqual([6, 6, 3]);
  });

  it('takes the count of a newer list, unless all of it was read here', () => {
    expect(merged(known(), listed({ lastSeq: 8, last: message(8), unread: 5 }), ME).unread).toBe(5);
    const read = withOwnRead(known(), ME, 5, 0);
    expect(merged(read, listed(), ME).unread).toBe(0);
  });

  it('keeps what was opened here where the list brings the same entry sealed, and takes another one', () => {
    const sealed = (seq: number): Entry => ({
      ...message(seq),
      content: { kind: 'unknown', data: '{}' },
      sealed: 'unopened',
      waits: seq * 1000,
    });
    const again = known();
    expect(merged(again, listed({ last: sealed(5) }), ME)).toEqual(again);
    expect(merged(again, listed({ lastSeq: 6, last: sealed(6) }), ME).last).toEqual(sealed(6));
    expect(keptOr(message(5), { ...sealed(5), id: anId('other') })).toEqual({ ...sealed(5), id: anId('other') });
    expect(keptOr({ ...sealed(5), sealed: 'no-key' }, sealed(5))).toEqual(sealed(5));
    const { content: _, counts: __, ...place } = message(5);
    const retracted = { ...place, retracted: true } as const;
    expect(keptOr(message(5), retracted)).toBe(retracted);
    expect(keptOr(retracted, message(5))).toEqual(message(5));
  });

  it('gives a conversation nobody has written in the time it was made', () => {
    const { last: _, ...empty } = listed({ lastSeq: 0, unread: 0, activeAt: 77 });
    expect(merged(undefined, empty, ME).active).toBe(77);
    expect(merged(known(), listed({ activeAt: 77 }), ME).active).toBe(5000);
  });
});

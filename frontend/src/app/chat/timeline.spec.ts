import { type CallEntry } from '#protocol/api/calls';
import { type Message } from '#protocol/chat-frames';
import { timeline, type MessageRow, type Row, type TimelineParts } from './timeline';

const DAY = 86_400_000;
const NOON = new Date(2026, 2, 3, 12).getTime();
const MINUTE = 60_000;
const message = (seq: number, senderId: string, at: number): Message => ({
  conversationId: 'c',
  seq,
  id: `m${seq}`,
  senderId,
  deviceId: 'd',
  at,
  data: '{}',
});
const call = (callId: string, at: number): CallEntry => ({
  callId,
  position: 1,
  peer: { id: 'peer', username: 'mira', displayName: 'Mira Sand' },
  direction: 'incoming',
  media: 'video',
  at,
  reason: 'missed',
});
const parts = (change: Partial<TimelineParts>): TimelineParts => ({
  me: 'me',
  messages: [],
  posts: [],
  calls: [],
  peers: { received: 0, read: 0 },
  unreadAfter: null,
  atEnd: true,
  atStart: true,
  ...change,
});
const words = (rows: readonly Row[]): string =>
  rows.map(row => (row.kind === 'message' ? row.key : row.kind)).join(' ');
const bubbles = (rows: readonly Row[]): MessageRow[] => rows.filter(row => row.kind === 'message');

describe('timeline', () => {
  it('draws by seq, a line for each day, calls between by time, what waits last', () => {
    const rows = timeline(
      parts({
        messages: [message(1, 'me', NOON - DAY), message(2, 'me', NOON), message(3, 'me', NOON + 10 * MINUTE)],
        calls: [call('late', NOON + DAY), call('c1', NOON + 5 * MINUTE)],
        posts: [{ id: 'p', conversationId: 'c', data: '{}', at: NOON - DAY, order: 1 }],
      }),
    );
    expect(words(rows)).toBe('day m1 day m2 call m3 day call p');
  });

  it('never draws what was withheld, and no line for its day', () => {
    const rows = timeline(parts({ messages: [{ conversationId: 'c', seq: 1, withheld: true }] }));
    expect(rows).toEqual([]);
  });

  it('groups messages of one side that are a few minutes apart', () => {
    const [a, b, c, d] = bubbles(
      timeline(
        parts({
          messages: [
            message(1, 'peer', NOON),
            message(2, 'peer', NOON + MINUTE),
            message(3, 'me', NOON + 2 * MINUTE),
            message(4, 'me', NOON + 20 * MINUTE),
          ],
        }),
      ),
    );
    expect([a?.first, a?.last, b?.first, b?.last]).toEqual([true, false, false, true]);
    expect([c?.first, c?.last, d?.first]).toEqual([true, true, true]);
  });

  it('says how far each own message has come, and nothing of others', () => {
    const messages = [1, 2, 3].map(seq => message(seq, 'me', NOON));
    const rows = timeline(
      parts({ messages: [...messages, message(4, 'peer', NOON)], peers: { received: 2, read: 1 } }),
    );
    expect(bubbles(rows).map(row => row.state)).toEqual(['read', 'received', 'sent', null]);
  });

  it('keeps the key of a post when it becomes a message, and tells equal ids of two senders apart', () => {
    const posts = [{ id: 'm1', conversationId: 'c', data: '{}', at: NOON, order: 1 }];
    const [waiting] = bubbles(timeline(parts({ posts })));
    const [mine, theirs] = bubbles(
      timeline(parts({ messages: [message(1, 'me', NOON), { ...message(2, 'peer', NOON), id: 'm1' }] })),
    );
    expect(waiting?.key).toBe(mine?.key);
    expect(theirs?.key).not.toBe(mine?.key);
  });

  it('draws the line of what is new once, above the first message of somebody else', () => {
    const messages = [
      message(1, 'peer', NOON),
      message(2, 'me', NOON),
      message(3, 'peer', NOON),
      message(4, 'peer', NOON),
    ];
    expect(words(timeline(parts({ messages, unreadAfter: 1 })))).toBe('day peer m1 m2 unread peer m3 peer m4');
  });

  it('leaves out calls and posts that lie beyond what is loaded', () => {
    const posts = [{ id: 'p', conversationId: 'c', data: '{}', at: NOON, order: 1 }];
    const calls = [call('before', NOON - MINUTE), call('after', NOON + MINUTE)];
    const rows = timeline(parts({ messages: [message(9, 'me', NOON)], posts, calls, atEnd: false, atStart: false }));
    expect(words(rows)).toBe('day m9');
  });
});

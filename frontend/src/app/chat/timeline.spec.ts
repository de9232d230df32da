import { type CallEntry } from '#protocol/api/calls';
import { type Content } from '#protocol/content/kinds';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { type Entry } from './conversation';
import { timeline, type MessageRow, type NoteRow, type Row, type TimelineParts } from './timeline';

const DAY = 86_400_000;
const NOON = new Date(2026, 2, 3, 12).getTime();
const MINUTE = 60_000;
const HELLO: Content = { kind: 'text', body: 'hello' };
const CONVERSATION = anId<ConversationId>('c');
const message = (seq: number, senderId: string, at: number): Entry => ({
  conversationId: CONVERSATION,
  seq,
  id: anId(`m${seq}`),
  author: { userId: anId(senderId), deviceId: anId('d') },
  at,
  counts: true,
  content: HELLO,
});
const call = (callId: string, at: number): CallEntry => ({
  callId: anId(callId),
  position: 1,
  others: [{ id: anId('peer'), username: 'mira', displayName: 'Mira Sand' }],
  direction: 'incoming',
  media: 'video',
  at,
  reason: 'missed',
});
const parts = (change: Partial<TimelineParts>): TimelineParts => ({
  me: anId('me'),
  messages: [],
  posts: [],
  direct: [],
  calls: [],
  isNew: () => false,
  isUnseen: () => false,
  peers: { received: 0, read: 0 },
  unreadAfter: null,
  today: new Date(2026, 2, 20).getTime(),
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
        posts: [
          {
            id: anId<MessageId>('p'),
            conversationId: CONVERSATION,
            content: HELLO,
            counts: true,
            at: NOON - DAY,
            order: 1,
          },
        ],
      }),
    );
    expect(words(rows)).toBe('day m1 day m2 call m3 day call p');
  });

  it('puts a note above the first line from its place on', () => {
    const note = (seq: number): NoteRow => ({
      kind: 'note',
      says: 'missing',
      key: `n${seq}`,
      seq,
      person: anId('peer'),
      own: false,
      count: 1,
      at: NOON,
    });
    const messages = [message(1, 'peer', NOON), message(3, 'peer', NOON), message(4, 'peer', NOON)];
    const rows = timeline(parts({ messages, notes: [note(2), note(4), note(9)] }));
    expect(rows.map(({ key }) => key).slice(1)).toEqual(['peer m1', 'n2', 'peer m3', 'n4', 'peer m4', 'n9']);
  });

  it('says why a message cannot be read', () => {
    const content = { kind: 'unknown', data: 'sealed' } as const;
    const rows = timeline(
      parts({ messages: [message(1, 'peer', NOON), { ...message(2, 'peer', NOON), content, sealed: 'no-key' }] }),
    );
    expect(bubbles(rows).map(({ sealed }) => sealed)).toEqual([undefined, 'no-key']);
  });

  it('never draws what was withheld, and no line for its day', () => {
    const rows = timeline(parts({ messages: [{ conversationId: CONVERSATION, seq: 1, withheld: true }] }));
    expect(rows).toEqual([]);
  });

  it('draws what was retracted at its place, as deleted, without a state, and no line "new" above it', () => {
    const { conversationId, id, author, at } = message(1, 'peer', NOON);
    const gone = { conversationId, seq: 1, id, author, at, retracted: true } as const;
    const own = { ...gone, seq: 2, id: anId<MessageId>('m2'), author: { ...author, userId: anId<UserId>('me') } };
    const rows = timeline(parts({ messages: [gone, own, message(3, 'peer', NOON)], unreadAfter: 0 }));
    expect(words(rows)).toBe('day peer m1 m2 unread peer m3');
    expect(bubbles(rows).map(({ content, state, seq, from }) => [content, state, seq, from])).toEqual([
      [null, null, 1, 1],
      [null, null, 2, 2],
      [HELLO, null, 3, 3],
    ]);
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
    const posts = [
      {
        id: anId<MessageId>('m1'),
        conversationId: CONVERSATION,
        content: HELLO,
        counts: true,
        at: NOON,
        order: 1,
      },
    ];
    const [waiting] = bubbles(timeline(parts({ posts })));
    const [mine, theirs] = bubbles(
      timeline(parts({ messages: [message(1, 'me', NOON), { ...message(2, 'peer', NOON), id: anId('m1') }] })),
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

  it('makes one line of calls in a row that came to nothing alike, on one day', () => {
    const missed = [1, 2, 3].map(n => call(`missed ${n}`, NOON + n * MINUTE));
    const talked = [4, 5].map((n): CallEntry => ({ ...call(`talk ${n}`, NOON + n * MINUTE), answeredAt: NOON }));
    const declined: CallEntry = { ...call('declined', NOON + 6 * MINUTE), reason: 'declined' };
    const later = call('another day', NOON + DAY);
    const rows = timeline(
      parts({ messages: [message(1, 'me', NOON)], calls: [...missed, ...talked, declined, later].reverse() }),
    );
    expect(words(rows)).toBe('day m1 call call call call day call');
    const run = rows.find(row => row.kind === 'call');
    expect(run?.entries.map(({ callId }) => callId)).toEqual([anId('missed 1'), anId('missed 2'), anId('missed 3')]);
    const between = timeline(parts({ messages: [message(1, 'me', NOON + 1.5 * MINUTE)], calls: missed }));
    expect(words(between)).toBe('day call m1 call');
  });

  it('has one line for each day, in the order shown, whatever a clock said meanwhile', () => {
    const days = (...ats: number[]) => {
      const rows = timeline(
        parts({ messages: ats.map((at, i) => message(i + 1, 'me', at)), today: new Date(2026, 2, 3).getTime() }),
      );
      return rows.map(row => (row.kind === 'day' ? new Date(row.at).getDate() : row.key)).join(' ');
    };
    // A day ahead for a while: the days to come are this one.
    expect(days(NOON, NOON + DAY, NOON + MINUTE)).toBe('3 m1 m2 m3');
    expect(days(NOON - 2 * DAY, NOON - DAY, NOON - 2 * DAY + MINUTE, NOON)).toBe('1 m1 m2 m3 3 m4');
    // A day behind for a while, and a year ahead.
    expect(days(NOON - DAY, NOON - DAY, NOON - 2 * DAY, NOON - DAY, NOON)).toBe('2 m1 m2 m3 m4 3 m5');
    expect(days(NOON - DAY, NOON + 365 * DAY, NOON - DAY, NOON)).toBe('2 m1 m2 m3 3 m4');
  });

  it('puts a call between messages where it was, also beside one with a wrong time', () => {
    const messages = [message(1, 'me', NOON), message(2, 'me', NOON + DAY), message(3, 'me', NOON + 9 * MINUTE)];
    const rows = timeline(parts({ messages, calls: [call('c1', NOON + 5 * MINUTE)] }));
    expect(words(rows)).toBe('day m1 m2 call m3');
  });

  it('counts withheld places to the message behind them, and nothing to one behind a hole', () => {
    const withheld = [2, 3].map(seq => ({ conversationId: CONVERSATION, seq, withheld: true as const }));
    const messages = [message(1, 'peer', NOON), ...withheld, message(4, 'peer', NOON), message(7, 'peer', NOON)];
    expect(bubbles(timeline(parts({ messages }))).map(({ from, seq }) => [from, seq])).toEqual([
      [1, 1],
      [2, 4],
      [7, 7],
    ]);
  });

  it('leaves out calls and posts that lie beyond what is loaded', () => {
    const posts = [
      {
        id: anId<MessageId>('p'),
        conversationId: CONVERSATION,
        content: HELLO,
        counts: true,
        at: NOON,
        order: 1,
      },
    ];
    const calls = [call('before', NOON - MINUTE), call('after', NOON + MINUTE)];
    const rows = timeline(parts({ messages: [message(9, 'me', NOON)], posts, calls, atEnd: false, atStart: false }));
    expect(words(rows)).toBe('day m9');
  });

  it('draws an edited message as it reads now, in its place, and one that was deleted as such', () => {
    const target = (seq: number) => ({
      conversationId: CONVERSATION,
      authorId: anId<UserId>('peer'),
      id: anId<MessageId>(`m${seq}`),
    });
    const messages = [
      message(1, 'peer', NOON),
      message(2, 'peer', NOON),
      {
        ...message(3, 'peer', NOON),
        content: { kind: 'edit', target: target(1), body: 'edited', edition: 1 } as const,
      },
      { ...message(4, 'peer', NOON), content: { kind: 'deletion', target: target(2), edition: 1 } as const },
      message(5, 'peer', NOON),
    ];
    const rows = timeline(parts({ messages, atStart: true })).filter(row => row.kind === 'message');
    expect(rows.map(({ seq, from, content }) => [seq, from, content])).toEqual([
      [1, 1, { kind: 'text', body: 'edited' }],
      [2, 2, null],
      [5, 3, HELLO],
    ]);
  });

  it('DC3b draws what came from device to device last, among what waits, in the order of time', () => {
    const direct = (id: string, at: number) => ({
      conversationId: CONVERSATION,
      authorId: anId<UserId>('peer'),
      id: anId<MessageId>(id),
      content: HELLO,
      at,
    });
    const post = { id: anId<MessageId>('mine'), conversationId: CONVERSATION, content: HELLO, counts: true };
    const rows = timeline(
      parts({
        today: NOON,
        messages: [message(1, 'peer', NOON + 5 * MINUTE)],
        posts: [{ ...post, at: NOON + 2 * MINUTE, order: 1 }],
        direct: [direct('d1', NOON + MINUTE), direct('d2', NOON + 3 * MINUTE)],
        isUnseen: ({ id }) => id === anId('d2'),
      }),
    );
    expect(words(rows)).toBe('day peer m1 peer d1 mine peer d2');
    expect(bubbles(rows).map(row => [row.own, row.direct, row.seq, row.isNew])).toEqual([
      [false, undefined, 1, undefined],
      [false, 'provisional', null, undefined],
      [true, undefined, null, undefined],
      [false, 'provisional', null, true],
    ]);
  });

  it('DC4b draws at its time, and marks, what came from device to device and has no entry after 7 days', () => {
    const key = { conversationId: CONVERSATION, authorId: anId<UserId>('peer'), id: anId<MessageId>('d1') };
    const rows = timeline(
      parts({
        messages: [message(1, 'me', NOON), message(2, 'me', NOON + 2 * DAY)],
        direct: [{ ...key, content: HELLO, at: NOON + DAY }],
      }),
    );
    expect(words(rows)).toBe('day m1 day peer d1 day m2');
    expect(bubbles(rows)[1]?.direct).toBe('kept');
  });
});

import { type Content, textOf } from '#protocol/content/kinds';
import { type CallEntry } from '#protocol/api/calls';
import { type MessageId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { type Conversation } from './conversation';
import { insteadOfWords, summaryOf, type SummaryParts } from './preview';

const PEER = { id: anId<UserId>('peer'), username: 'mira', displayName: 'Mira Sand' };
const said = (body: string): Content => ({ kind: 'text', body });
const conversation: Conversation = {
  id: anId('c'),
  peers: [PEER],
  lastSeq: 3,
  last: {
    conversationId: anId('c'),
    seq: 3,
    id: anId('m'),
    author: { userId: anId('me'), deviceId: anId('d') },
    at: 3000,
    counts: true,
    content: said('hello'),
  },
  marks: [{ userId: anId('peer'), received: 3, read: 2 }],
  unread: 0,
  held: { from: 1, to: 3 },
  active: 3000,
};
const call: CallEntry = {
  callId: anId('k'),
  position: 1,
  others: [PEER],
  direction: 'incoming',
  media: 'video',
  at: 4000,
  reason: 'missed',
};
const parts = (change: Partial<SummaryParts>): SummaryParts => ({
  conversation,
  me: anId('me'),
  isTyping: false,
  draft: '',
  posts: [],
  call: undefined,
  missed: 0,
  ...change,
});
const post = {
  id: anId<MessageId>('p'),
  conversationId: conversation.id,
  content: said('later'),
  counts: true,
  at: 5000,
  order: 1,
};

describe('preview', () => {
  it('says of a message that cannot be read whether it may still be', () => {
    const sealed = (why: 'no-key' | 'not-proved', waits?: number) => {
      const content = { kind: 'unknown', data: '' } as const;
      const last = { ...conversation.last!, content, sealed: why, ...(waits ? { waits } : {}) };
      return summaryOf(parts({ conversation: { ...conversation, last } })).preview;
    };
    expect(sealed('no-key', 3000)).toEqual({ kind: 'sealed', why: 'yet' });
    expect(sealed('not-proved')).toEqual({ kind: 'sealed', why: 'never' });
    expect([insteadOfWords({ sealed: 'no-key' }), insteadOfWords({})]).toEqual(['chat.newMessage', 'chat.newer']);
  });

  it('reads text, and nothing else than text', () => {
    expect(textOf(said('hello'))).toBe('hello');
    expect(textOf({ kind: 'unknown', data: '{"kind":"hologram"}' })).toBeNull();
  });

  it('shows the latest of message, waiting message and call', () => {
    expect(summaryOf(parts({})).preview).toEqual({ kind: 'message', text: 'hello', state: 'received' });
    expect(summaryOf(parts({ call })).preview).toEqual({ kind: 'call', entry: call });
    expect(summaryOf(parts({ call, posts: [post] }))).toEqual(
      jasmine.objectContaining({ preview: { kind: 'message', text: 'later', state: 'waiting' }, at: 5000 }),
    );
  });

  it('says that something failed, whatever waits behind it', () => {
    const posts = [
      { ...post, fault: 'not-contacts' as const },
      { ...post, id: anId<MessageId>('q') },
    ];
    expect(summaryOf(parts({ posts })).preview).toEqual({ kind: 'message', text: 'later', state: 'failed' });
  });

  it('puts what is going on now before what was', () => {
    expect(summaryOf(parts({ draft: 'unfinished', call })).preview).toEqual({ kind: 'draft', text: 'unfinished' });
    expect(summaryOf(parts({ draft: 'unfinished', isTyping: true })).preview.kind).toBe('typing');
  });

  it('shows no draft that has nothing to be seen in it', () => {
    for (const draft of [' \n ', '\u200b', '\u2800'])
      expect(summaryOf(parts({ draft })).preview).toEqual({ kind: 'message', text: 'hello', state: 'received' });
  });

  it('counts unread messages and missed calls together', () => {
    expect(summaryOf(parts({ conversation: { ...conversation, unread: 2 }, missed: 1 })).waiting).toBe(3);
  });

  it('has nothing to show where nobody has written', () => {
    expect(summaryOf(parts({ conversation: { ...conversation, last: null, lastSeq: 0 } })).preview.kind).toBe('empty');
  });
});

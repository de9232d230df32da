import * as fc from 'fast-check';
import { type MessageContent } from '#protocol/content/kinds';
import { type ChatMessage, mayGoDirectly, readChatMessage, writeChatMessage } from '#protocol/direct/chat-messages';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { DATA_BYTES } from '#protocol/limits';
import { anId } from '#protocol/testing/ids';

const about = {
  conversationId: anId<ConversationId>('c0000000-0000-4000-8000-000000000000'),
  id: anId<MessageId>('0190c0de-0000-7000-8000-00000000000a'),
};
const copy = (data: string): ChatMessage => ({ type: 'copy', ...about, data });

describe('Messages about messages', () => {
  it('are read as they were written, up to the largest one that a server takes', () => {
    const messages: ChatMessage[] = [
      copy('{"kind":"text","body":"hello"}'),
      copy('"'.repeat(DATA_BYTES / 2)),
      { type: 'answer', ...about, kept: true },
      { type: 'withdrawn', ...about },
    ];
    for (const message of messages)
      expect(readChatMessage(writeChatMessage(message))).toEqual({ ok: true, value: message });
  });

  for (const [what, text] of Object.entries({
    'no JSON': '{',
    'an unknown type': JSON.stringify({ type: 'edit', ...about }),
    'no conversation': JSON.stringify({ type: 'withdrawn', id: about.id }),
    'a foreign id': JSON.stringify({ type: 'answer', ...about, id: 'x', kept: true }),
    'data that is no text': JSON.stringify({ type: 'copy', ...about, data: 7 }),
    'more data than a server takes': JSON.stringify(copy('a'.repeat(DATA_BYTES + 1))),
    'half a surrogate pair': JSON.stringify(copy('\ud800')),
    'a message without end': JSON.stringify({ ...about, type: 'withdrawn', more: 'a'.repeat(64 * 1024) }),
  }))
    it(`DC6a are unreadable with ${what}`, () => {
      expect(readChatMessage(text).ok).toBeFalse();
    });

  it('DC6a are read from any text without an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), text => {
        expect(readChatMessage(text).ok).toBeFalse();
      }),
      { seed: 20261129 },
    );
  });
});

describe('What goes past the server', () => {
  const target = { conversationId: about.conversationId, authorId: anId<UserId>('a'), id: about.id };
  const cases: readonly [string, MessageContent, boolean][] = [
    ['a text', { kind: 'text', body: 'hello' }, true],
    ['an answer to a text', { kind: 'text', body: 'hello', replyTo: target }, true],
    ['a text that expires', { kind: 'text', body: 'hello', expiresAfterMs: 60_000 }, false],
    ['an edit', { kind: 'edit', target, edition: 1, body: 'hello' }, false],
    ['a reaction', { kind: 'reaction', target, edition: 1, emoji: '👍' }, false],
    ['a deletion', { kind: 'deletion', target, edition: 1 }, false],
  ];
  for (const [what, content, may] of cases)
    it(`DC2 is ${may ? '' : 'not '}${what}`, () => {
      expect(mayGoDirectly(content)).toBe(may);
    });

  it('DC2 is nothing that this app does not know', () => {
    expect(mayGoDirectly({ kind: 'unknown', data: '{"kind":"text"}' })).toBeFalse();
  });
});

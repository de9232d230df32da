import type { CallId, ConversationId } from '#protocol/ids';
import { PAYLOAD_LENGTH, parsePushPayload, writePushPayload, type PushPayload } from '#protocol/push-payload';
import { anId } from '#protocol/testing/ids';
import { notificationOf, pathOf } from './notification.ts';

describe('a notification', () => {
  const callId = anId<CallId>(crypto.randomUUID());
  const conversationId = anId<ConversationId>(crypto.randomUUID());
  const ring = {
    type: 'ring',
    language: 'en',
    callId,
    name: 'Ada',
    media: 'video',
    ringMs: 9,
    decline: 'token',
  } as const;

  it('WP2b of messages is one a conversation, by a name or none, and leads there', () => {
    const { title, options } = notificationOf({ type: 'message', language: 'de', conversationId, name: 'Ada' }, 2);
    expect([title, options.body, options.tag]).toEqual(['Ada', 'Hat dir geschrieben', conversationId]);
    expect(pathOf(options.data)).toBe(`/chats/${conversationId}`);
    const nameless = notificationOf({ type: 'message', language: 'en', conversationId }, 2);
    expect([nameless.title, nameless.options.body]).toEqual(['Parley', 'New message']);
  });

  it('WP4a of a ring stays until it is answered, with buttons where the system has any', () => {
    const { options } = notificationOf(ring, 2);
    expect(options.requireInteraction).toBe(true);
    expect(options.actions?.map(({ title }) => title)).toEqual(['Accept', 'Decline']);
    expect(notificationOf(ring, 0).options.actions).toBeUndefined();
  });

  it('WP5a of a call that is over takes the place of its ring', () => {
    const over = { type: 'call-over', language: 'en', callId, how: 'answered', device: 'Laptop, Firefox' } as const;
    const { options } = notificationOf(over, 2);
    expect([options.body, options.tag]).toEqual(['Answered on Laptop, Firefox', notificationOf(ring, 2).options.tag]);
    expect(notificationOf({ ...over, how: 'missed' }, 2).options.silent).toBe(false);
  });

  it('shows names as they were written, whatever they look like, and keeps its own words in order beside them', () => {
    for (const language of ['en', 'de'] as const)
      for (const name of [
        '{{name}} {{ text }}',
        "$& $' $1",
        '%s {n, plural, one {#}}',
        '<b>x</b> &lt;',
        '\u202eariM',
      ]) {
        const hostile = { language, name };
        expect(notificationOf({ type: 'message', conversationId, ...hostile }, 2).title).toBe(name);
        expect(notificationOf({ ...ring, ...hostile }, 2).title).toBe(name);
        const over = { type: 'call-over', callId, how: 'answered', device: name, ...hostile } as const;
        const { title, options } = notificationOf(over, 2);
        const device = name.startsWith('\u202e') ? `\u2068${name}\u2069` : name;
        expect([title, options.body]).toEqual([
          name,
          `${language === 'de' ? 'Angenommen auf' : 'Answered on'} ${device}`,
        ]);
      }
  });

  it('is pushed at one length, whatever it says, and read back', () => {
    const payloads: PushPayload[] = [
      ring,
      { type: 'test', language: 'en' },
      { type: 'read', language: 'de', conversationId },
      { ...ring, name: '🦊'.repeat(64) },
      { type: 'call-over', language: 'de', callId, how: 'answered', name: '李'.repeat(64), device: 'ж'.repeat(64) },
    ];
    for (const payload of payloads) {
      const text = writePushPayload(payload);
      expect(new TextEncoder().encode(text).length).toBe(PAYLOAD_LENGTH);
      expect(parsePushPayload(text)).toEqual({ ok: true, value: payload });
    }
    for (const text of ['', '{', '{"type":"news"}', '[]']) expect(parsePushPayload(text).ok).toBe(false);
  });
});

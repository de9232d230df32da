import fc from 'fast-check';
import { contentOf, dataOf } from '#protocol/content/kinds';
import { anyText } from '#protocol/testing/any-text';

const SEED = { seed: 20261129, numRuns: 500 };

const uuid = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

describe('the kinds of content', () => {
  it('reads what was written, whatever it says', () => {
    fc.assert(
      fc.property(anyText(2_000), body => {
        fc.pre(body !== '');
        expect(contentOf(dataOf({ kind: 'text', body }))).toEqual({ kind: 'text', body });
      }),
      SEED,
    );
  });

  it('F1a keeps what it does not understand as it came, so that a later app can read it', () => {
    const odd = [
      '',
      'x',
      'null',
      '[]',
      '{"kind":"hologram","shape":[1]}',
      '{"kind":"text","body":7}',
      '{"kind":"text","body":""}',
    ];
    for (const data of [...odd, '{"kind":"unknown","data":"{}"}']) {
      expect(contentOf(data)).withContext(data).toEqual({ kind: 'unknown', data });
      expect(dataOf(contentOf(data)))
        .withContext(data)
        .toBe(data);
    }
  });

  it('F1b reads the kinds that have a settled shape, with fields of newer apps', () => {
    const target = { conversationId: uuid('1'), authorId: uuid('2'), id: uuid('3') };
    for (const content of [
      { kind: 'text', body: 'hello', replyTo: target, mentions: [uuid('2')] },
      { kind: 'text', body: 'hello', expiresAfterMs: 60_000 },
      { kind: 'edit', target, body: 'hello', edition: 2 },
      { kind: 'reaction', target, emoji: '👍', edition: 1 },
      { kind: 'reaction', target, emoji: null, edition: 2 },
      { kind: 'deletion', target, edition: 1, forEverybody: true },
    ]) {
      expect<unknown>(contentOf(JSON.stringify(content))).toEqual(content);
    }
    for (const wrong of [
      { kind: 'text', body: 'hello', expiresAfterMs: 59_999 },
      { kind: 'edit', target, body: '', edition: 1 },
      { kind: 'edit', target, body: 'x', edition: 0 },
      { kind: 'reaction', target, edition: 1 },
      { kind: 'deletion', target: { ...target, id: 'm' }, edition: 1 },
    ]) {
      expect(contentOf(JSON.stringify(wrong)).kind)
        .withContext(JSON.stringify(wrong))
        .toBe('unknown');
    }
  });

  it('reads any text without an error', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(200), fc.json()), data => {
        const content = contentOf(data);
        if (content.kind === 'unknown') expect(dataOf(content)).toBe(data);
      }),
      SEED,
    );
  });
});

import { TestBed } from '@angular/core/testing';
import { contentOf } from '#protocol/content/kinds';
import { Codec } from './codec';

describe('Codec', () => {
  const codec = () => TestBed.inject(Codec);

  it('opens what it has sealed', async () => {
    const content = { kind: 'text', body: 'see {{text}} \u202e' } as const;
    expect(await codec().open(await codec().seal(content))).toEqual(content);
  });

  it('F1a keeps what this app does not draw, or cannot read, as it came', async () => {
    const id = '0a0a0a0a-0000-4000-8000-00000000000a';
    const target = { conversationId: id, authorId: id, id };
    const deletion = JSON.stringify({ kind: 'deletion', target, edition: 1 });
    expect(contentOf(deletion).kind).toBe('deletion');
    for (const data of [deletion, '{"kind":"hologram"}', 'no JSON', '']) {
      const opened = await codec().open(data);
      expect(opened).toEqual({ kind: 'unknown', data });
      expect(await codec().seal(opened)).toBe(data);
    }
  });

  it('F1b keeps a field of a text that only a newer app knows', async () => {
    const data = JSON.stringify({ kind: 'text', body: 'hello', mentions: ['u'] });
    const opened = await codec().open(data);
    expect(opened.kind).toBe('text');
    expect(JSON.parse(await codec().seal(opened))).toEqual(JSON.parse(data));
  });
});

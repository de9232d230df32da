import { isShareTarget, shareOf } from './share.ts';

describe('a share', () => {
  const origin = 'https://parley.local:8443';
  const form = (fields: Record<string, string>, files: readonly File[] = []): FormData => {
    const data = new FormData();
    Object.entries(fields).forEach(([name, value]) => data.set(name, value));
    files.forEach(file => data.append('files', file));
    return data;
  };

  it('is a post of the system to one address', () => {
    const post = { method: 'POST', url: `${origin}/share`, referrer: '' };
    expect(isShareTarget(post, origin)).toBeTrue();
    expect(isShareTarget({ ...post, referrer: 'about:client' }, origin)).toBeTrue();
    expect(isShareTarget({ ...post, method: 'GET' }, origin)).toBeFalse();
    expect(isShareTarget({ ...post, url: `${origin}/share/more` }, origin)).toBeFalse();
    expect(isShareTarget({ ...post, url: 'https://elsewhere.example/share' }, origin)).toBeFalse();
  });

  it('is none where another site posts it', () => {
    const post = { method: 'POST', url: `${origin}/share`, referrer: 'https://evil.example/' };
    expect(isShareTarget(post, origin)).toBeFalse();
    expect(isShareTarget({ ...post, referrer: `${origin}/chats` }, origin)).toBeTrue();
  });

  it('says a title, a text and a link once each', () => {
    const url = 'https://example.org/boats';
    expect(shareOf(form({ title: 'Boats', text: 'Look at this', url })).text).toBe(`Boats\nLook at this\n${url}`);
    expect(shareOf(form({ title: 'Boats', text: `Boats for sale ${url}`, url })).text).toBe(`Boats for sale ${url}`);
    expect(shareOf(form({ title: url, text: url, url })).text).toBe(url);
    expect(shareOf(form({}))).toEqual({ text: '', files: [] });
  });

  it('names its files and is bounded, whatever is posted', () => {
    const files = Array.from({ length: 50 }, (_, n) => new File(['x'], `${n}-${'long'.repeat(100)}.jpg`));
    const share = shareOf(form({ text: 'x'.repeat(100_000), files: 'no file' }, [new File([], 'empty'), ...files]));
    expect(share.text.length).toBe(64_000);
    expect(share.files.length).toBe(20);
    expect(Math.max(...share.files.map(name => name.length))).toBe(120);
    expect(share.files[0]).toMatch(/^0-long/);
  });
});

import { regional } from './regional';

describe('the locale of dates and numbers', () => {
  const at = new Date(2026, 0, 3, 21, 7);
  const time = (language: string, ...browser: string[]) =>
    new Intl.DateTimeFormat(regional(language, browser), { hour: '2-digit', minute: '2-digit' }).format(at);
  const day = (language: string, ...browser: string[]) =>
    new Intl.DateTimeFormat(regional(language, browser), { day: 'numeric', month: 'short' }).format(at);

  it('has its region from the browser where the words are in another language', () => {
    for (const browser of [
      ['fr-FR', 'fr', 'en-US', 'en'],
      ['fr'],
      ['nl', 'en-US'],
      ['sv-SE', 'en-US', 'en'],
      ['de-DE'],
      ['it'],
    ]) {
      expect(time('en', ...browser))
        .withContext(browser.join())
        .toBe('21:07');
      expect(day('en', ...browser))
        .withContext(browser.join())
        .toBe('3 Jan');
    }
    expect(time('en', 'es-MX')).toMatch(/^0?9:07\s?pm$/i);
    expect(time('de', 'fr-CH')).toBe('21:07');
  });

  it('is the browser’s own tag where it has the language', () => {
    expect(regional('en', ['en-GB', 'de'])).toBe('en-GB');
    expect(regional('de', ['de-AT', 'en'])).toBe('de-AT');
    expect(time('en', 'en-US', 'fr')).toMatch(/PM$/);
  });

  it('is the language’s own beside a browser’s default, of which nothing follows', () => {
    expect(regional('de', ['en-US', 'en'])).toBe('de');
    expect(regional('de', ['en-US', 'de-CH'])).toBe('de-CH');
    expect(time('de', 'en-US')).toBe('21:07');
  });

  it('is there where the browser says nothing, or what is no tag', () => {
    expect(regional('en', [])).toBe('en');
    expect(regional('de', ['C', 'x', 'en-US@posix'])).toBe('de');
    expect(() => new Intl.DateTimeFormat(regional('en', ['es-419', 'eo']))).not.toThrow();
  });
});

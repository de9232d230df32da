import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import de from './de.json';
import en from './en.json';
import guestDe from './guest.de.json';
import guestEn from './guest.en.json';
import laterDe from './later.de.json';
import laterEn from './later.en.json';
import { preferredLanguage, speak } from './language';
import { laterWords } from './later-words';
import { HOSTILE_TEXTS } from './testing/hostile-texts';
import { withWords } from './testing/with-words';
import { type Key, type PluralKey, Words } from './words';

type Texts = { [name: string]: string | Texts };

const flat = (texts: Texts, path = ''): [key: string, text: string][] =>
  Object.entries(texts).flatMap(([name, text]): [string, string][] =>
    typeof text === 'string' ? [[path + name, text]] : flat(text, `${path + name}.`),
  );

const parameters = (text: string) => [...new Set(text.match(/\{\{\s*\w+\s*\}\}/g) ?? [])].sort();

describe('the words', () => {
  const english = new Map([...flat(en), ...flat(laterEn), ...flat(guestEn)]);
  const german = new Map([...flat(de), ...flat(laterDe), ...flat(guestDe)]);

  it('exist in both languages under the same keys', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('take the same parameters in both languages', () => {
    const differing = [...english].filter(
      ([key, text]) =>
        // "a second" needs no number where "{{n}} seconds" does, in either language.
        !key.endsWith('.one') && parameters(text).join() !== parameters(german.get(key) ?? '').join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('are never empty', () => {
    const empty = [...english, ...german].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it('follow a change of language', async () => {
    await withWords();
    const words = TestBed.inject(Words);
    expect(words.t('app.settings')).toBe('Settings');
    await speak(TestBed.inject(TranslocoService), 'de');
    expect(words.t('app.settings')).toBe('Einstellungen');
    expect(words.language()).toBe('de');
    expect(document.documentElement.lang).toBe('de');
  });

  it('of what is opened later come with it, in the language that is spoken then', async () => {
    await withWords();
    const transloco = TestBed.inject(TranslocoService);
    const t = TestBed.runInInjectionContext(laterWords);
    expect(t('call.devices.microphone')).toBe('Microphone');
    expect(t('app.settings')).toBe('Settings');
    await speak(transloco, 'de');
    expect([t('call.devices.microphone'), t('app.settings')]).toEqual(['Mikrofon', 'Einstellungen']);
  });

  it('have a form for one and one for many, with numbers as the language writes them', async () => {
    await withWords([], 'de');
    const words = TestBed.inject(Words);
    expect(words.count('app.unread', 1)).toBe('1 ungelesener Chat');
    expect(words.count('app.unread', 1234)).toBe('1.234 ungelesene Chats');
  });
});

describe('a text with values in it', () => {
  const english = flat(en);
  const PLACE = /\{\{\s*(\w+)\s*\}\}/;
  /** As the text stands, with the value in each of its places: cut and joined, so that nothing is read twice. */
  const withValue = (text: string, value: string) => {
    const parts = text.split(PLACE);
    return parts.filter((_, index) => index % 2 === 0).join(value);
  };

  for (const language of ['en', 'de'] as const)
    it(`shows what people write as they wrote it, whatever it looks like (${language})`, async () => {
      await withWords([], language);
      const words = TestBed.inject(Words);
      const texts = new Map(language === 'de' ? flat(de) : english);
      const keys = english.filter(([, text]) => PLACE.test(text)).map(([key]) => key);
      expect(keys.length).toBeGreaterThan(50);
      for (const key of keys)
        for (const value of HOSTILE_TEXTS) {
          const names = [...(texts.get(key) ?? '').matchAll(new RegExp(PLACE, 'g'))].map(([, name]) => name ?? '');
          const params = Object.fromEntries(names.map(name => [name, value]));
          expect(words.t(key as Key, params)).toBe(withValue(texts.get(key) ?? '', value));
        }
    });

  it('keeps its own words in order beside a name that is written from right to left', async () => {
    await withWords();
    const words = TestBed.inject(Words);
    expect(words.t('chat.isTyping', { name: 'ליאת' })).toBe('\u2068ליאת\u2069 is typing');
    expect(words.t('chat.saidBy', { name: 'Mira', text: 'a\u2069\u202eb' })).toBe('Mira: \u2068a\u202eb\u2069');
  });

  it('keeps a place that has no value, and says a number that is given as one', async () => {
    await withWords();
    const words = TestBed.inject(Words);
    expect(words.t('chat.isTyping')).toBe('{{name}} is typing');
    const t = TestBed.runInInjectionContext(laterWords);
    expect(t('call.devices.unnamed', { n: 0 })).toBe('Device 0');
    expect(words.count('app.missed' satisfies PluralKey, 2)).toBe('2 missed calls');
  });
});

describe('the language', () => {
  it('is the one chosen on this device', () => {
    expect(preferredLanguage('de', ['en-GB'])).toBe('de');
  });

  it("is else the first of the browser's that the app speaks", () => {
    expect(preferredLanguage(null, ['fr-CH', 'de-CH', 'en'])).toBe('de');
    expect(preferredLanguage('tlh', ['de'])).toBe('de');
  });

  it('is else English', () => {
    expect(preferredLanguage(null, ['ja'])).toBe('en');
  });
});

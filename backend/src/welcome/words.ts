/** The languages of the welcome page. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One text in every language. */
export type Words = Readonly<Record<Language, string>>;

/** @param text of a query or a header */
const languageOf = (text: string): Language | undefined => {
  const wanted = text.trim().toLowerCase();
  return LANGUAGES.find(language => wanted === language || wanted.startsWith(`${language}-`));
};

/**
 * Which language a page is in.
 * @param asked by the page's own switch; wins where it is one of ours
 * @param accepted the `Accept-Language` (RFC 9110, 12.5.4): by weight, then by order
 */
export function chooseLanguage(asked: string | null, accepted = ''): Language {
  const chosen = languageOf(asked ?? '');
  if (chosen !== undefined) return chosen;
  const ranges = accepted
    .slice(0, 256)
    .split(',')
    .map(range => {
      const [name = '', weight] = range.split(/;\s*q=/);
      return { language: languageOf(name), weight: weight === undefined ? 1 : Number(weight) };
    });
  const best = ranges.filter(({ language, weight }) => language !== undefined && weight > 0);
  return best.sort((one, other) => other.weight - one.weight)[0]?.language ?? 'en';
}

/** Puts values in the places a text has for them: `{root}`. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

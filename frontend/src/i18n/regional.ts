/** What a fresh browser has nearly everywhere: beside another language it says nothing of where somebody lives. */
const DEFAULT = 'en-US';

const isOf = (language: string) => (tag: string) => tag === language || tag.startsWith(`${language}-`);

/** Undefined for what is no tag (BCP 47): some Linux desktops hand names of POSIX locales on. */
function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}

/**
 * The locale for dates, times and numbers: the language from the person's choice, everything else from where the browser is at home.
 * English in a French browser writes "21:17" and "3 Jan".
 * @param language of the app's words
 * @param browser `navigator.languages`, the person's own first
 * @returns a tag for Intl
 */
export function regional(language: string, browser: readonly string[]): string {
  const known = browser.filter(tag => localeOf(tag) !== undefined);
  const [home = language] = known;
  if (isOf(language)(home)) return home;
  if (home === DEFAULT) return known.find(isOf(language)) ?? language;
  const region = localeOf(home)?.maximize().region ?? '';
  // Not every browser has English for every region: the world's is nearer to what is read there than America's.
  const has = (tag: string) => new Intl.DateTimeFormat(tag).resolvedOptions().locale === tag;
  const candidates = [`${language}-${region}`, `${language}-001`];
  const { hourCycle } = new Intl.DateTimeFormat(home, { hour: 'numeric' }).resolvedOptions();
  return `${candidates.find(has) ?? language}${hourCycle === undefined ? '' : `-u-hc-${hourCycle}`}`;
}

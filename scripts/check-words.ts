import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTest, readSources, report, type SourceFile } from './source-files.ts';

type Texts = { readonly [name: string]: string | Texts };

const keysOf = (texts: Texts, path = ''): string[] =>
  Object.entries(texts).flatMap(([name, text]) =>
    typeof text === 'string' ? [path + name] : keysOf(text, `${path + name}.`),
  );

/**
 * Texts that nothing says any more. That every key used exists is the compiler's business (i18n/words.ts), and that both
 * languages have the same ones a spec's.
 * @param english the texts of a file of English words
 * @param file its name
 * @returns a line for each key that no file of the app names, whole or by the constant beginning of a template literal
 */
export function unusedWords(english: Texts, files: readonly SourceFile[], file = 'en.json'): string[] {
  const code = files
    .filter(({ path }) => path.startsWith('frontend/src/') && /\.(ts|html)$/.test(path) && !isTest(path))
    .map(({ text }) => text)
    .join('\n');
  const whole = new Set([...code.matchAll(/['"`]([\w.-]+)['"`]/g)].map(([, literal]) => literal));
  const beginnings = [...code.matchAll(/`([\w-]+\.[\w.-]*)\$\{/g)].map(([, beginning = '']) => beginning);
  const isUsed = (key: string) =>
    whole.has(key) ||
    // A form for one, a form for many: the code names what they have in common.
    whole.has(key.replace(/\.(one|other)$/, '')) ||
    beginnings.some(beginning => key.startsWith(beginning));
  return keysOf(english)
    .filter(key => !isUsed(key))
    .map(key => `frontend/src/i18n/${file}: nothing says ${key}`);
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '..', 'frontend', 'src', 'i18n');
  // What is ours and reviewed; a broken file stops the build before this is of interest.
  const texts = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Texts;
  const sources = readSources();
  report(['en.json', 'later.en.json', 'guest.en.json'].flatMap(file => unusedWords(texts(file), sources, file)));
}

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the build lays the app. */
export const BUILT_APP = join(import.meta.dirname, '..', 'dist', 'app');

/** A file of the built app by its name. */
export interface BuiltFile {
  readonly name: string;
  readonly text: string;
}

/** @returns the page, its styles and its scripts */
export function readBuiltApp(): BuiltFile[] {
  if (!existsSync(BUILT_APP)) throw new Error('The app is not built: run `npm run build` first.');
  return globSync('*.{html,js,css}', { cwd: BUILT_APP }).map(name => ({
    name,
    text: readFileSync(join(BUILT_APP, name), 'utf8'),
  }));
}

/** What a script imports at once; `import(…)` is for later. */
const IMPORTS = /(?:from|import)["'`]\.\/([\w-]+\.js)["'`]/g;

/** Some files, and whatever they import at once. */
export function withImports<File extends BuiltFile>(some: readonly File[], all: readonly File[]): File[] {
  const byName = new Map(all.map(file => [file.name, file]));
  const wanted = new Set(some);
  for (const { text } of wanted) {
    for (const [, name = ''] of text.matchAll(IMPORTS)) {
      const imported = byName.get(name);
      if (imported) wanted.add(imported);
    }
  }
  return [...wanted];
}

/**
 * The scripts that define some components.
 * @param selectors e.g. `parley-root`
 * @throws where no script defines one of them: what is built on the answer would mean nothing
 */
export function definingScripts<File extends BuiltFile>(selectors: readonly string[], files: readonly File[]): File[] {
  return selectors.map(selector => {
    const found = files.find(({ name, text }) => name.endsWith('.js') && definition(selector).test(text));
    if (!found) throw new Error(`no script of the built app defines ${selector}`);
    return found;
  });
}

/** What the compiler makes of `selector`, in whichever quotes the minifier likes. */
const definition = (selector: string): RegExp => new RegExp(`\\[\\[["'\`]${selector}["'\`]\\]\\]`);

/** The script by which the page starts the app. */
export function entryOf(page: string): string {
  const entry = /<script src="([^"]+)" type="module">/.exec(page)?.[1];
  if (entry === undefined) throw new Error('the built page starts no script');
  return entry;
}

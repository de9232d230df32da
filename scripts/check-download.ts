import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { report } from './source-files.ts';

/** A screen, the components its first showing needs (by selector), and how many bytes it may cost after brotli. */
interface Screen {
  readonly name: string;
  readonly shows: readonly string[];
  readonly most: number;
}

const SCREENS: readonly Screen[] = [
  { name: 'the sign-in screen', shows: ['parley-root', 'parley-sign-in-page'], most: 140_000 },
  {
    name: 'chats and voice together',
    shows: ['parley-root', 'parley-shell', 'parley-chat-page', 'parley-conversation-page', 'parley-call-overlay'],
    most: 260_000,
  },
];

/** A file of the built app by its name; `transfer` in bytes after brotli. */
export interface Built {
  readonly name: string;
  readonly text: string;
  readonly transfer: number;
}

/**
 * What a browser downloads to show some components: the page, its styles, the first script, one language, the scripts
 * that define the components, and whatever all of these import at once (`import(…)` is for later).
 * @throws where no script defines one of the components: the measure would mean nothing
 */
export function downloadOf(shows: readonly string[], files: readonly Built[]): Built[] {
  const byName = new Map(files.map(file => [file.name, file]));
  const defining = shows.map(selector => {
    const found = files.find(({ name, text }) => name.endsWith('.js') && definition(selector).test(text));
    if (!found) throw new Error(`no script of the built app defines ${selector}`);
    return found;
  });
  const first = files.filter(
    ({ name, text }) => /^(index\.html|styles-.*\.css|main-.*\.js)$/.test(name) || isEnglish(text),
  );
  const wanted = new Set([...first, ...defining]);
  for (const file of wanted) {
    for (const [, name = ''] of file.text.matchAll(/(?:from|import)["'`]\.\/([\w-]+\.js)["'`]/g)) {
      const imported = byName.get(name);
      if (imported) wanted.add(imported);
    }
  }
  return [...wanted];
}

/** What the compiler makes of `selector`, in whichever quotes the minifier likes. */
const definition = (selector: string): RegExp => new RegExp(`\\[\\[["'\`]${selector}["'\`]\\]\\]`);

/** The languages are a chunk each, and about equally large. */
const isEnglish = (text: string): boolean => text.includes('Enter your username and your password.');

/** @returns a line for each screen that costs more than it may */
export function tooLarge(screens: readonly Screen[], files: readonly Built[]): string[] {
  return screens.flatMap(({ name, shows, most }) => {
    const bytes = downloadOf(shows, files).reduce((sum, file) => sum + file.transfer, 0);
    return bytes <= most ? [] : [`${name} costs ${bytes} bytes after brotli, and may cost ${most}`];
  });
}

function readBuilt(): Built[] {
  const folder = join(import.meta.dirname, '..', 'dist', 'app');
  if (!existsSync(folder)) throw new Error('The app is not built: run `npm run build` first.');
  return globSync('*.{html,js,css}', { cwd: folder }).map(name => {
    const bytes = readFileSync(join(folder, name));
    return { name, text: bytes.toString('utf8'), transfer: brotliCompressSync(bytes).length };
  });
}

if (import.meta.main) {
  const files = readBuilt();
  for (const { name, shows, most } of SCREENS) {
    const bytes = downloadOf(shows, files).reduce((sum, file) => sum + file.transfer, 0);
    console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${most / 1000} kB`);
  }
  report(tooLarge(SCREENS, files));
}

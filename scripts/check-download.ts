import { brotliCompressSync } from 'node:zlib';
import { type BuiltFile, definingScripts, readBuiltApp, withImports } from './built-app.ts';
import { report } from './source-files.ts';

/** A screen, the components its first showing needs (by selector), and how many bytes it may cost after brotli. */
interface Screen {
  readonly name: string;
  readonly shows: readonly string[];
  readonly most: number;
}

const SCREENS: readonly Screen[] = [
  { name: 'the sign-in screen', shows: ['parley-root', 'parley-sign-in-page'], most: 113_000 },
  {
    name: 'chats and voice together',
    shows: ['parley-root', 'parley-shell', 'parley-chat-page', 'parley-conversation-page', 'parley-call-overlay'],
    most: 245_000,
  },
];

/** A file of the built app; `transfer` in bytes after brotli. */
export interface Built extends BuiltFile {
  readonly transfer: number;
}

/**
 * What a browser downloads to show some components: the page, its styles, the first script, one language, the scripts
 * that define the components, whatever all of these import at once (`import(…)` is for later), and their workers.
 * @throws where no script defines one of the components: the measure would mean nothing
 */
export function downloadOf(shows: readonly string[], files: readonly Built[]): Built[] {
  const first = files.filter(
    ({ name, text }) => /^(index\.html|styles-.*\.css|main-.*\.js)$/.test(name) || isEnglish(text),
  );
  const imported = withImports([...first, ...definingScripts(shows, files)], files);
  const workers = new Set(imported.flatMap(({ text }) => [...text.matchAll(WORKERS)].map(([, name]) => name)));
  return [...imported, ...files.filter(({ name }) => workers.has(name))];
}

/** A worker is started from its own script, which imports nothing. */
const WORKERS = /new URL\(["'`](?:\.\/)?([\w-]+\.js)["'`],\s*import\.meta\.url\)/g;

/** The languages are a chunk each, and about equally large. */
const isEnglish = (text: string): boolean => text.includes('Enter your username and your password.');

/** @returns a line for each screen that costs more than it may */
export function tooLarge(screens: readonly Screen[], files: readonly Built[]): string[] {
  return screens.flatMap(({ name, shows, most }) => {
    const bytes = downloadOf(shows, files).reduce((sum, file) => sum + file.transfer, 0);
    return bytes <= most ? [] : [`${name} costs ${bytes} bytes after brotli, and may cost ${most}`];
  });
}

if (import.meta.main) {
  const files = readBuiltApp().map(file => ({ ...file, transfer: brotliCompressSync(file.text).length }));
  for (const { name, shows, most } of SCREENS) {
    const bytes = downloadOf(shows, files).reduce((sum, file) => sum + file.transfer, 0);
    console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of ${most / 1000} kB`);
  }
  report(tooLarge(SCREENS, files));
}

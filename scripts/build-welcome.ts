import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Lays the script and the styles of the plain-http welcome page beside the built app. Phones that are as old as their last
 * update come to it, so it is written for browsers of 2019 (ES2019: Chrome 73, Safari 12.1, Firefox 66), which are older than those
 * the app itself wants.
 */
const top = join(import.meta.dirname, '..');

/** The app's tokens say `light-dark(…)`, which those browsers do not know: the same as two lists of values. */
export function inTwoSchemes(css: string): string {
  const dark = [...css.matchAll(/(--[\w-]+):\s*([^;]*light-dark\([^;]*);/g)].map(
    ([, name = '', value = '']) => `${name}: ${choose(value, 2)};`,
  );
  return `${choose(css, 1)}\n@media (prefers-color-scheme: dark) { :root { ${dark.join(' ')} } }\n`;
}

const choose = (text: string, which: 1 | 2): string =>
  text.replace(/light-dark\(([^,()]+),\s*([^,()]+)\)/g, (_, light: string, dark: string) =>
    which === 1 ? light : dark,
  );

const schemes: Plugin = {
  name: 'schemes',
  setup: one =>
    one.onLoad({ filter: /tokens\.css$/ }, async ({ path }) => ({
      contents: inTwoSchemes(await readFile(path, 'utf8')),
      loader: 'css',
    })),
};

if (import.meta.main) {
  await build({
    entryPoints: ['welcome.ts', 'welcome.css'].map(name => join(top, 'frontend', 'welcome', name)),
    outdir: join(top, 'dist', 'welcome'),
    bundle: true,
    format: 'iife',
    minify: true,
    target: 'es2019',
    charset: 'utf8',
    plugins: [schemes],
  });
}

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Finds what a script imports at once; `import(…)` is for later. */
const IMPORTS = /(?:from|import)["'`]\.\/([\w-]+\.js)["'`]/g;

/**
 * Names in the page every script the app starts with, so that they come together: the builder leaves them to be found one
 * behind the other, a round trip each.
 * @param page the built index.html
 * @param read the text of a built script
 */
export function withPreloads(page: string, read: (name: string) => string): string {
  const entry = /<script src="([^"]+)" type="module">/.exec(page)?.[1];
  if (entry === undefined) throw new Error('the built page starts no script');
  const first = new Set([entry]);
  for (const name of first) for (const [, imported = ''] of read(name).matchAll(IMPORTS)) first.add(imported);
  // Low: the styles come first, which hold up the first paint.
  const links = [...first].map(name => `<link rel="modulepreload" fetchpriority="low" href="${name}">`);
  return page.replace('</head>', `${links.join('')}</head>`);
}

if (import.meta.main) {
  const file = (name: string): string => join(import.meta.dirname, '..', 'dist', 'app', name);
  const read = (name: string): string => readFileSync(file(name), 'utf8');
  const page = withPreloads(read('index.html'), read);
  writeFileSync(file('index.html'), page);
  // The worker compares what it gets with what the build had (ngsw.json).
  const was = /("\/index\.html": ")[0-9a-f]{40}"/;
  const hash = createHash('sha1').update(page).digest('hex');
  if (!was.test(read('ngsw.json'))) throw new Error('ngsw.json does not name the page');
  writeFileSync(file('ngsw.json'), read('ngsw.json').replace(was, `$1${hash}"`));
}

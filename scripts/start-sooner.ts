import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
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

/**
 * Asks V8 to compile all of a script while it comes in, beside the page's own thread; else each function is compiled there when it
 * is first called, which made up half of a start (Explicit Compile Hints, WICG). A comment to every other engine.
 */
export const compiledAhead = (script: string): string => `//# allFunctionsCalledOnLoad\n${script}`;

/**
 * Angular's list of what its worker keeps (ngsw.json), with the hashes of files that were changed after the build.
 * @param changed the new text of files, by name
 * @throws where the list does not have one of them: the worker would not take the app
 */
export function withHashes(list: string, changed: ReadonlyMap<string, string>): string {
  return [...changed].reduce((written, [name, text]) => {
    const was = new RegExp(`(?<="/${name.replaceAll('.', '\\.')}": ")[0-9a-f]{40}`);
    if (!was.test(written)) throw new Error(`ngsw.json does not name ${name}`);
    return written.replace(was, createHash('sha1').update(text).digest('hex'));
  }, list);
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '..', 'dist', 'app');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const changed = new Map([['index.html', withPreloads(read('index.html'), read)]]);
  for (const name of globSync('{main,chunk}-*.js', { cwd: folder })) changed.set(name, compiledAhead(read(name)));
  changed.set('ngsw.json', withHashes(read('ngsw.json'), changed));
  for (const [name, text] of changed) writeFileSync(join(folder, name), text);
}

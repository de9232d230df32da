import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_APP, type BuiltFile, entryOf, readBuiltApp, withImports } from './built-app.ts';
import { joinChunks } from './join-chunks.ts';

/**
 * Names in the page every script the app starts with, so that they come together: the builder leaves them to be found one
 * behind the other, a round trip each.
 * @param page the built index.html
 */
export function withPreloads(page: string, scripts: readonly BuiltFile[]): string {
  const entry = entryOf(page);
  const first = withImports(
    scripts.filter(({ name }) => name === entry),
    scripts,
  );
  // Low: the styles come first, which hold up the first paint.
  const links = first.map(({ name }) => `<link rel="modulepreload" fetchpriority="low" href="${name}">`);
  return page.replace('</head>', `${links.join('')}</head>`);
}

/**
 * Asks V8 to compile all of a script while it comes in, beside the page's own thread; else each function is compiled there when it
 * is first called, which made up half of a start (Explicit Compile Hints, WICG). A comment to every other engine.
 */
export const compiledAhead = (script: string): string => `//# allFunctionsCalledOnLoad\n${script}`;

/** Angular's list of what its worker keeps (ngsw.json), as far as it is changed here. */
interface WorkerList {
  readonly assetGroups: readonly { readonly urls: readonly string[] }[];
  readonly hashTable: Readonly<Record<string, string>>;
}

/**
 * Angular's list of what its worker keeps, after files were changed behind the build.
 * @param gone names of files that are no longer there
 * @param written files that have come or have another text now, by name
 * The first group has the scripts and the page; files of another one are not changed.
 * @throws where there is no group of files
 */
export function relisted(list: string, gone: ReadonlySet<string>, written: ReadonlyMap<string, string>): string {
  const { assetGroups, hashTable, ...others } = JSON.parse(list) as WorkerList;
  const [group, ...more] = assetGroups;
  if (!group) throw new Error('ngsw.json has no group of files');
  const isHere = (url: string): boolean => !gone.has(url.slice(1));
  const urls = new Set([...group.urls.filter(isHere), ...[...written.keys()].map(name => `/${name}`)]);
  const hashes = {
    ...Object.fromEntries(Object.entries(hashTable).filter(([url]) => isHere(url))),
    ...Object.fromEntries([...written].map(([name, text]) => [`/${name}`, sha1(text)])),
  };
  const groups = [{ ...group, urls: [...urls].sort() }, ...more];
  return JSON.stringify({ ...others, assetGroups: groups, hashTable: hashes }, null, 2);
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

if (import.meta.main) {
  const files = readBuiltApp();
  const page = files.find(({ name }) => name === 'index.html')?.text ?? '';
  const before = entryOf(page);
  const { entry, gone, scripts } = await joinChunks(files, before);
  const joined = [...scripts].map(([name, text]) => ({ name, text }));
  const written = new Map([
    ['index.html', withPreloads(page.replace(before, entry), joined)],
    ...joined.map(({ name, text }) => [name, compiledAhead(text)] as const),
  ]);
  const list = relisted(readFileSync(join(BUILT_APP, 'ngsw.json'), 'utf8'), gone, written);
  for (const name of gone) rmSync(join(BUILT_APP, name));
  for (const [name, text] of [...written, ['ngsw.json', list] as const]) writeFileSync(join(BUILT_APP, name), text);
}

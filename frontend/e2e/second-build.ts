import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'app');
/** What the build names after its content: `chunk-CUl_p5Ly.js`. */
const HASHED = /^(.+)-([\w-]{8})\.(js|css)$/;

/** @returns a folder with a copy of the built app, to be removed afterwards */
export async function copyOfBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-build-'));
  await cp(BUILT, folder, { recursive: true, filter: path => !path.endsWith('.br') });
  return folder;
}

/**
 * Deploys another build over the app in `folder`, as a change of every file would: each hashed name differs, whoever names it
 * names the new one, and what Angular's worker compares follows. Nothing of the old build is left.
 */
export async function deployAnother(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => HASHED.test(name));
  const renamed = new Map(names.map(name => [name, name.replace(HASHED, other)]));
  const known = new RegExp(names.map(name => name.replaceAll('.', '\\.')).join('|'), 'g');
  const files = (await readdir(folder)).filter(name => /\.(js|css|html|json)$/.test(name));
  for (const name of files) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(
      join(folder, name),
      text.replace(known, found => renamed.get(found) ?? found),
    );
    const now = renamed.get(name);
    if (now !== undefined) await rename(join(folder, name), join(folder, now));
  }
  await hashAnew(folder);
}

/** Another hash, also where it is done several times. */
const other = (_name: string, what: string, hash: string, end: string): string =>
  `${what}-${hash.slice(1)}${hash.slice(0, 1)}.${end}`;

async function hashAnew(folder: string): Promise<void> {
  const path = join(folder, 'ngsw.json');
  const table = JSON.parse(await readFile(path, 'utf8')) as { timestamp: number; hashTable: Record<string, string> };
  for (const url of Object.keys(table.hashTable)) {
    const bytes = await readFile(join(folder, url));
    table.hashTable[url] = createHash('sha1').update(bytes).digest('hex');
  }
  table.timestamp += 1;
  await writeFile(path, JSON.stringify(table));
}

export const removeBuild = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

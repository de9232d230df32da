import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInRange } from '../backend/src/version-range.mjs';
import { report } from './source-files.ts';

/**
 * A published fault of a package, or of Node itself (`node`).
 * `affected` is a range as backend/src/version-range.mjs reads it, `fixed` the first good versions, `date` the day from which
 * the fault and its mending were public, `source` where that stands.
 */
export interface KnownBad {
  readonly id: string;
  readonly package: string;
  readonly affected: string;
  readonly fixed: string;
  readonly date: string;
  readonly source: string;
}

/** A version that something of ours uses, and what to change where it is bad. */
export interface InUse {
  readonly package: string;
  readonly version: string;
  readonly where: string;
  readonly change: string;
}

/** @returns a line for each version in use that has a published fault: which, where it comes from, what to do */
export function badVersions(inUse: readonly InUse[], known: readonly KnownBad[]): string[] {
  return inUse.flatMap(({ package: name, version, where, change }) =>
    known
      .filter(bad => bad.package === name && isInRange(version, bad.affected))
      .map(
        ({ id, fixed, source }) =>
          `${name} ${version} (${where}) has ${id}, mended in ${fixed}: ${change}. See ${source}`,
      ),
  );
}

type Lockfile = { packages: Readonly<Record<string, { version?: string }>> };

const PACKAGE = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/;
const CHANGE = 'take a mended version (package.json, or its `overrides`), then `npm install --package-lock-only`';

/** Every package of package-lock.json, each version of it once; the Node that npm brings counts as Node. */
export function versionsOf(lockfile: Lockfile): InUse[] {
  const found = Object.entries(lockfile.packages).flatMap(([path, { version }]): InUse[] => {
    const name = PACKAGE.exec(path)?.[1];
    if (name === undefined || version === undefined) return [];
    const isNode = name.startsWith('node-linux-');
    return [{ package: isNode ? 'node' : name, version, where: `package-lock.json, ${name}`, change: CHANGE }];
  });
  return [...new Map(found.map(one => [`${one.package} ${one.version}`, one])).values()];
}

/**
 * The oldest version of each alternative of `engines.node`: where one of them is bad, a start would accept a bad Node.
 * @param range of package.json
 */
export function oldestAllowed(range: string): InUse[] {
  return [...range.matchAll(/(?:\^|>=)\s*(\d+\.\d+\.\d+)/g)].map(([, version = '']) => ({
    package: 'node',
    version,
    where: 'package.json, engines',
    change: 'raise the range',
  }));
}

/** The Nodes that the Containerfile builds and runs with; a tag without three numbers is whichever the registry has. */
export function containerVersions(containerfile: string): InUse[] {
  return [...containerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => {
    const version = /:(\d+\.\d+\.\d+)(?:-|$)/.exec(image)?.[1];
    if (version === undefined) throw new Error(`Containerfile: ${image} does not say which Node it is`);
    return { package: 'node', version, where: `Containerfile, ${image}`, change: 'name a mended one' };
  });
}

if (import.meta.main) {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8');
  // Files of our own, reviewed as code is: a broken one throws here.
  const { known } = JSON.parse(read('known-bad-versions.json')) as { known: KnownBad[] };
  const { engines } = JSON.parse(read('..', 'package.json')) as { engines: { node: string } };
  const inUse = [
    { package: 'node', version: process.versions.node, where: process.execPath, change: 'use a mended one' },
    ...versionsOf(JSON.parse(read('..', 'package-lock.json')) as Lockfile),
    ...oldestAllowed(engines.node),
    ...containerVersions(read('..', 'Containerfile')),
  ];
  report(badVersions(inUse, known));
}

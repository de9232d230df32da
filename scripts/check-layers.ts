import { posix } from 'node:path';
import ts from 'typescript';
import { isTest, readSources, report, type SourceFile } from './source-files.ts';

/**
 * Who stands above whom: a room imports from rooms with a smaller number, never from its own height or above. A new room gets
 * its line here.
 */
const backendRooms: Readonly<Record<string, number>> = {
  ...{
    main: 9,
    server: 8,
    welcome: 7.5,
    http: 7,
    signaling: 7,
    chat: 5,
    calls: 5,
    presence: 5,
    terminal: 5,
    push: 4.5,
    contacts: 4,
    auth: 3,
    store: 2,
  },
  ...{ ops: 6, lan: 1.5, tls: 1, ports: 1, secrets: 0.5, config: 0.5, log: 0, clock: 0, timers: 0, turns: 0 },
  ...{
    delivery: 0,
    variables: 0,
    'operator-error': 0,
    'version-range': 0,
    'answer-headers': 0,
    'security-log': 0.2,
    bus: 6,
    backup: 5.5,
  },
};
const frontendRooms: Readonly<Record<string, number>> = {
  ...{
    main: 10,
    app: 9,
    settings: 8,
    chat: 6,
    call: 5,
    'call-log': 4.5,
    contacts: 4,
    push: 3.5,
    account: 3,
    signaling: 2,
    look: 1,
    worker: 1.5,
    i18n: 0.5,
    device: 0,
  },
};

/** Packages that one place only knows. */
const ownedPackages: readonly [name: RegExp, owner: RegExp][] = [
  [/^ws$/, /^backend\/src\/signaling\/gateway\.ts$|^scripts\/bench-/],
  [/^@redis\/client$/, /^backend\/src\/bus\/redis-/],
  [/^(mongoose|mongodb|bson)$/, /^backend\/src\/store\/mongo-/],
  [/^node:sqlite$/, /^backend\/src\/store\/sqlite-/],
  [/^@peculiar\/x509$|^reflect-metadata$/, /^backend\/src\/tls\/x509\.ts$/],
  [/^multicast-dns$/, /^backend\/src\/lan\/(link-socket|messages)\.ts$/],
  [/^zod($|\/(?!mini$))/, /^$/],
];

/** Files of the app that know nothing of its framework. */
const withoutAngular = /^frontend\/src\/app\/(call\/(webrtc|local-media)|signaling\/backoff)\.ts$/;

/** Words that say nothing about what a file does. */
const emptyName = /(^|[/.-])(utils?|helpers?|shared|core|services?|managers?|misc|common|index)(?=[/.-])/;

interface Import {
  readonly from: string;
  /** What it names: a package, or a path in the house without its ending. */
  readonly to: string;
  readonly written: string;
}

/** @returns a line for each breach of the house's rule about who may import whom; empty where all is well */
export function layerViolations(files: readonly SourceFile[]): string[] {
  return files
    .filter(file => /(?<!\.d)\.ts$/.test(file.path))
    .flatMap(file => {
      const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
      const faults = [...faultsOfFile(file, tree), ...importsOf(file).flatMap(one => faultsOfImport(one))];
      return faults.map(fault => `${file.path}: ${fault}`);
    });
}

function importsOf({ path, text }: SourceFile): Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    const to = fileName.startsWith('#protocol/')
      ? fileName.replace('#', 'backend/')
      : fileName.startsWith('.')
        ? posix.join(posix.dirname(path), fileName).replace(/\.(ts|mjs)$/, '')
        : fileName;
    return { from: path, to, written: fileName };
  });
}

function faultsOfImport(one: Import): string[] {
  const faults = [...faultsOfSpelling(one), ...faultsOfSides(one)];
  if (isTest(one.from)) return faults;
  const owner = ownedPackages.find(([name]) => name.test(one.to))?.[1];
  if (owner && !owner.test(one.from)) faults.push(`imports ${one.to}, which is not its business`);
  return [...faults, ...faultsOfHeight(one)];
}

/** The contract by its alias; a file's ending where Node reads the import, none where the app's builder does. */
function faultsOfSpelling({ from, to, written }: Import): string[] {
  if (!written.startsWith('.')) return [];
  if (to.startsWith('backend/protocol/')) return [`imports ${written}: the contract is #protocol/…`];
  const ends = /\.(ts|mjs|json)$/.test(written);
  if (from.startsWith('frontend/src/')) return /\.ts$/.test(written) ? [`imports ${written} with its ending`] : [];
  return ends ? [] : [`imports ${written} without its ending`];
}

/** The two ends know each other by the contract alone, and the contract knows nobody. */
function faultsOfSides({ from, to }: Import): string[] {
  const isOf = (folder: string) => to.startsWith(folder);
  const refused =
    (from.startsWith('frontend/') && isOf('backend/src/') && !standsIn(from, to)) ||
    (from.startsWith('frontend/src/') && (isOf('node:') || isOf('scripts/'))) ||
    (from.startsWith('backend/') && isOf('frontend/')) ||
    (from.startsWith('backend/protocol/') && isOf('backend/src/')) ||
    (from.startsWith('backend/protocol/') && !isTest(from) && !isOf('backend/protocol/') && to !== 'zod/mini') ||
    (withoutAngular.test(from) && isOf('@angular/'));
  return refused ? [`imports ${to} across a wall`] : [];
}

/** The end-to-end suites may use what stands in for the world in the server's specs. */
const standsIn = (from: string, to: string): boolean =>
  from.startsWith('frontend/e2e/') && to.startsWith('backend/src/testing/');

function faultsOfHeight({ from, to }: Import): string[] {
  for (const [side, rooms] of [
    ['backend/src/', backendRooms],
    ['frontend/src/', frontendRooms],
  ] as const) {
    if (!from.startsWith(side)) continue;
    const here = roomOf(from.slice(side.length));
    if (rooms[here] === undefined) return [`stands in ${here}, which check-layers.ts does not know`];
    if (!to.startsWith(side)) continue;
    const there = roomOf(to.slice(side.length));
    if (here === there) continue;
    if (rooms[here] <= (rooms[there] ?? Infinity)) return [`imports ${to}: ${here} does not stand above ${there}`];
    const isImplementation = there === 'store' && /^(sqlite-|mongo-|open-store)/.test(posix.basename(to));
    if (isImplementation && here !== 'main') return [`imports ${to}: only main picks a store`];
  }
  return [];
}

/** The room of a path below src: its folder, or the file itself; the app's own files are one room at the top. */
function roomOf(path: string): string {
  const [first = '', second, third] = path.split('/');
  if (first === 'app') return third === undefined ? 'app' : (second ?? '');
  if (second !== undefined) return first;
  return first.replace(/\.ts$/, '');
}

function faultsOfFile({ path }: SourceFile, tree: ts.SourceFile): string[] {
  const faults: string[] = [];
  if (emptyName.test(path)) faults.push('has a name that does not say what it does');
  const statements = [...tree.statements];
  if (statements.some(isDefaultExport)) faults.push('has a default export');
  const passesOn = statements.filter(one => ts.isExportDeclaration(one) && one.moduleSpecifier !== undefined);
  const isBarrel = statements.every(one => ts.isImportDeclaration(one) || ts.isExportDeclaration(one));
  if (passesOn.length > 0 && isBarrel) faults.push('is a barrel: import from the file that does the work');
  if (
    !isTest(path) &&
    path !== 'backend/src/config.ts' &&
    /^(backend|frontend)\//.test(path) &&
    readsEnvironment(tree)
  ) {
    faults.push('reads the environment: only config.ts does');
  }
  return faults;
}

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(one => one.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'env' && node.expression.getText() === 'process')
    return true;
  if (ts.isImportDeclaration(node) && /process'$/.test(node.moduleSpecifier.getText()))
    return /\benv\b/.test(node.getText());
  return ts.forEachChild(node, child => readsEnvironment(child) || undefined) ?? false;
}

if (import.meta.main) report(layerViolations(readSources()));

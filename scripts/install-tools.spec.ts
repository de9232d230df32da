import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tools } from './tools.mjs';

/** Installs what `$BRINGS` names, wherever it was asked for; records what it was asked. */
const APT = `#!/bin/sh
echo "$*" >> "$FOLDER/calls"
[ "$1" = update ] && exit \${UPDATE_FAILS:-0}
for name in $BRINGS; do echo '#!/bin/sh' > "$FOLDER/$name"; /bin/chmod 755 "$FOLDER/$name"; done
[ -z "$LACKS" ] || { echo "E: Unable to locate package $LACKS"; exit 100; }
`;

describe('The tools of the tests', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-tools-'));
    symlinkSync(process.execPath, join(folder, 'node'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const bringApt = () => {
    writeFileSync(join(folder, 'apt-get'), APT);
    chmodSync(join(folder, 'apt-get'), 0o755);
  };
  /** With nothing in PATH but this folder; answers with what is missing, or with the sentence it stopped with. */
  function install(uid: number, more: Record<string, string> = {}) {
    const script = `
      process.getuid = () => ${uid};
      const { installTools } = await import(${JSON.stringify(join(import.meta.dirname, 'install-tools.mjs'))});
      try { console.log(JSON.stringify({ missing: await installTools(line => console.error(line)) })); }
      catch (error) { console.log(JSON.stringify({ stopped: error.message })); }`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { PATH: folder, FOLDER: folder, ...more },
      encoding: 'utf8',
    });
    return { said: stderr, ...(JSON.parse(stdout) as { missing?: string[]; stopped?: string }) };
  }
  const calls = () => {
    const file = join(folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const commands = tools.filter(({ found }) => !found[0]?.startsWith('/'));

  it('are asked of apt where we are root on a Debian, all in one go', () => {
    bringApt();
    const { missing, said } = install(0, { BRINGS: commands.map(({ found }) => found[0]).join(' ') });
    expect(missing?.filter(name => commands.some(tool => tool.name === name))).toEqual([]);
    expect(calls()[0]).toBe('update -q');
    expect(calls()[1]).toMatch(/^install -q -y --no-install-recommends /);
    for (const { debian } of commands) expect(calls()[1]?.split(' ')).toEqual(jasmine.arrayContaining([...debian]));
    expect(said).toContain('Installing ');
  });

  it('are not asked of apt by anybody else, who is told what to install', () => {
    bringApt();
    expect(install(1000).stopped).toContain('The tests need a Chromium: sudo apt-get install -y chromium');
    expect(calls()).toEqual([]);
  });

  it('are not asked of apt where there is none', () => {
    expect(install(0).stopped).toContain('The tests need a Chromium');
  });

  it('that apt has not are named, and what apt said is shown; without a browser it stops', () => {
    bringApt();
    const some = install(0, { BRINGS: 'chromium', LACKS: 'coturn' });
    expect(some.missing).toEqual(jasmine.arrayContaining(['coturn', 'redis', 'strace']));
    expect(some.missing).not.toContain('chromium');
    expect(some.said).toContain('apt-get install failed:\nE: Unable to locate package coturn');
    rmSync(join(folder, 'chromium'));
    expect(install(0, { LACKS: 'chromium' }).stopped).toContain('The tests need a Chromium');
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Counts } from './count-specs.ts';

const top = join(import.meta.dirname, '..');
const jasmineCommand = join(top, 'node_modules', 'jasmine', 'bin', 'jasmine.js');

/** Runs jasmine on one spec file as `npm test` does, with no tool in its PATH. */
async function countsOf(spec: string): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-count-'));
  const file = join(folder, 'a.spec.mjs');
  const counts = join(folder, 'counts.json');
  await writeFile(file, spec);
  const args = [jasmineCommand, `--helper=${join(top, 'scripts', 'count-specs.ts')}`, file];
  const env = { PATH: folder, PARLEY_COUNTS: counts };
  await new Promise<void>(resolve => execFile(process.execPath, args, { cwd: top, env }, () => resolve()));
  const text = await readFile(counts, 'utf8').finally(() => rm(folder, { recursive: true }));
  return JSON.parse(text) as Counts;
}

describe('The counts of a run', () => {
  it('tell passed from failed, and what failed why', async () => {
    const spec = `it('a', () => expect(1).toBe(1)); it('b', () => expect(1).toBe(2)); it('c', () => expect(1).toBe(1));`;
    expect(await countsOf(spec)).toEqual({
      passed: 2,
      failed: ['b: Expected 1 to be 2.'],
      notRun: [],
      files: [[jasmine.stringMatching(/a\.spec\.mjs$/), jasmine.any(Number)]],
    });
  });

  it('tell of a long reason how it begins and how it ends', async () => {
    const spec = `it('a', () => { throw new Error('it has said:\\n{"level":40}\\nRedis cannot be used.'); });`;
    expect((await countsOf(spec)).failed).toEqual(['a: Error: it has said: … Redis cannot be used.']);
  });

  it('name a suite whose tool is missing, and count it neither way', async () => {
    const suiteNeeds = JSON.stringify(join(top, 'scripts', 'suite-needs.ts'));
    const spec = `import { suiteNeeds } from ${suiteNeeds};
      suiteNeeds(['openssl', 'strace'], 'Durability', () => it('a', () => expect(1).toBe(2)));
      it('b', () => expect(1).toBe(1));`;
    expect(await countsOf(spec)).toEqual({
      passed: 1,
      failed: [],
      notRun: ['Durability runs (needs openssl, strace)'],
      files: jasmine.any(Array),
    });
  });

  it('fail where something outside the specs fails', async () => {
    const spec = `describe('a', () => { it('b', () => expect(1).toBe(1)); afterAll(() => { throw new Error('c'); }); });`;
    expect((await countsOf(spec)).failed).toEqual(['a: Error: c']);
  });

  it('fail where one spec is in focus', async () => {
    const spec = `fit('a', () => expect(1).toBe(1)); it('b', () => expect(1).toBe(1));`;
    expect(await countsOf(spec)).toEqual({
      passed: 1,
      failed: [jasmine.stringMatching('The run: ')],
      notRun: ['b (excluded)'],
      files: jasmine.any(Array),
    });
  });

  it('fail where there is no spec', async () => {
    expect((await countsOf('')).failed).toEqual([jasmine.stringMatching('The run: ')]);
  });
});

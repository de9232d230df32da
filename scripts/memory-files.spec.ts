import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeToMemory } from './memory-files.mjs';

describe('Temporary files of the tests', () => {
  let memory: string;
  beforeEach(() => (memory = mkdtempSync(join(tmpdir(), 'parley-memory-'))));
  afterEach(() => rmSync(memory, { recursive: true, force: true }));

  const set = (parts: { env?: Record<string, string | undefined>; memory?: string; room?: number }) => {
    const env = parts.env ?? {};
    writeToMemory({ memory, room: 1, ...parts, env });
    return env['TMPDIR'];
  };

  it('are written to memory where there is room', () => {
    const folder = set({});
    expect(dirname(folder ?? '')).toBe(memory);
    expect(existsSync(folder ?? '')).toBeTrue();
  });

  it('stay where they are, and leave nothing behind, where it is too small, is not there, or is not ours', () => {
    expect(set({ room: Number.MAX_SAFE_INTEGER })).toBeUndefined();
    expect(readdirSync(memory)).toEqual([]);
    expect(set({ memory: join(memory, 'none') })).toBeUndefined();
    if (process.getuid?.() === 0) return;
    chmodSync(memory, 0o500);
    expect(set({})).toBeUndefined();
    chmodSync(memory, 0o700);
  });

  it('stay where somebody has said that they are to be', () => {
    expect(set({ env: { TMPDIR: '/elsewhere' } })).toBe('/elsewhere');
    expect(readdirSync(memory)).toEqual([]);
  });
});

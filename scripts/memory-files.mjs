import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, where Linux has one, and how much must be free in it and of the memory, bytes. */
const MEMORY = '/dev/shm';
const ROOM = 6 * 1024 ** 3;

/**
 * Has temporary files written to memory where there is room: the databases and profiles of tests, and what the processes of a
 * browser share, cost a twelfth of the processor on a disk. Sets TMPDIR where it is not set; the folder goes with this process.
 * @param {{env?: Record<string, string | undefined>, memory?: string, room?: number}} [parts] what a spec replaces
 */
export function writeToMemory({ env = process.env, memory = MEMORY, room = ROOM } = {}) {
  if (env.TMPDIR !== undefined) return;
  let folder;
  const remove = () => folder && fs.rmSync(folder, { recursive: true, force: true });
  try {
    const { bavail, bsize } = fs.statfsSync(memory);
    // A container may have less than its machine; a Node that does not know runs one that does.
    const free = process.availableMemory?.() ?? freemem();
    if (Math.min(bavail * bsize, free) < room) return;
    folder = fs.mkdtempSync(join(memory, 'parley-'));
    // Some specs run what they have written, which containers often forbid there.
    const script = join(folder, 'runs');
    fs.writeFileSync(script, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    if (spawnSync(script).status !== 0) return remove();
    env.TMPDIR = folder;
    process.once('exit', remove);
  } catch {
    remove(); // there is no such file system, or it is not ours
  }
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of a spec's own (Linux, tmpfs), which can be filled and made read-only. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param bytes how much it holds
   * @returns undefined where this user may mount nothing
   */
  static mount(bytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)}`, 'tmpfs', folder], { stdio: 'ignore' });
      return new SmallDisk(folder);
    } catch {
      rmSync(folder, { recursive: true });
      return undefined;
    }
  }

  /** Takes all the room there is, until the answer is called. */
  fill(): () => void {
    const filler = join(this.folder, 'filler');
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
      while (this.#append(filler, size)) continue;
    }
    return () => rmSync(filler);
  }

  /** From now on nothing on it can be opened for writing. */
  freeze(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.folder]);
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #append(file: string, size: number): boolean {
    try {
      writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
      return true;
    } catch {
      return false;
    }
  }
}

/** A suite on such a disk. Where none can be mounted it is one pending spec, named before the last line of `npm test`. */
export function suiteOnSmallDisk(title: string, bytes: number, specs: (disk: () => SmallDisk) => void): void {
  const probe = SmallDisk.mount(4096);
  probe?.unmount();
  if (!probe)
    return describe(title, () => void it('runs', () => pending('needs to be allowed to mount a tmpfs (root)')));
  describe(title, () => {
    let disk: SmallDisk | undefined;
    beforeEach(() => (disk = SmallDisk.mount(bytes)));
    afterEach(() => disk?.unmount());
    specs(() => {
      if (!disk) throw new Error('not mounted');
      return disk;
    });
  });
}

import { type OfferedFile, STORED_EVERY_BYTES } from '#protocol/direct/file-messages';
import { PieceDigest } from './piece-digest';

/** Where bytes go that arrive. */
interface Disk {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The whole file. */
  close(): Promise<Blob>;
  discard(): Promise<void>;
}

/** A folder of the origin's private file system (File System Standard); signing out empties it with all others. */
const FOLDER = 'call-files';
/** Without such a file system the file is in memory, up to so many bytes. */
const MOST_IN_MEMORY = 200 * 1024 * 1024;

/** A file that comes from the other end, kept piece by piece. */
export class ReceivedFile {
  readonly #disk: Disk;
  readonly #size: number;
  readonly #stored: (bytes: number) => void;
  readonly #digest = new PieceDigest();
  #writing: Promise<unknown> = Promise.resolve();
  #arrived = 0;
  #written = 0;
  #told = 0;

  private constructor(disk: Disk, size: number, stored: (bytes: number) => void) {
    this.#disk = disk;
    this.#size = size;
    this.#stored = stored;
  }

  /**
   * @param stored is told how many bytes are kept: now and then, and at the end
   * @returns null where this device has no room for it, or keeps no files
   */
  static async open(file: OfferedFile, stored: (bytes: number) => void): Promise<ReceivedFile | null> {
    const { quota = Infinity, usage = 0 } = (await navigator.storage.estimate().catch(() => undefined)) ?? {};
    if (file.size > quota - usage) return null;
    const disk = await openFile(file).catch(() => (file.size > MOST_IN_MEMORY ? null : inMemory(file.kind)));
    return disk && new ReceivedFile(disk, file.size, stored);
  }

  /** @param failed the disk refuses: nothing more is kept */
  keep(bytes: Uint8Array<ArrayBuffer>, failed: () => void): void {
    this.#digest.add({ offset: this.#arrived, bytes });
    this.#arrived += bytes.length;
    this.#writing = this.#writing.then(async () => {
      await this.#disk.write(bytes);
      this.#written += bytes.length;
      if (this.#written - this.#told < STORED_EVERY_BYTES && this.#written < this.#size) return;
      this.#told = this.#written;
      this.#stored(this.#written);
    });
    this.#writing.catch(failed);
  }

  /**
   * The whole file, once all of it is kept; null where it is not the one that was sent.
   * @param digest what its sender says
   */
  async whole(digest: string): Promise<Blob | null> {
    await this.#writing;
    if ((await this.#digest.whole()) !== digest) return null;
    return this.#disk.close();
  }

  /** Throws away what has come. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#disk.discard().catch(() => undefined);
  }
}

/** Removes what earlier calls have left: files that were saved, or whose page was closed. */
export async function removeReceivedFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true });
}

async function openFile({ id, kind, name }: OfferedFile): Promise<Disk> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create: true });
  const handle = await folder.getFileHandle(id, { create: true });
  const writable = await handle.createWritable();
  return {
    write: bytes => writable.write(bytes),
    close: async () => {
      await writable.close();
      // Under its own name and type, which the file system does not know.
      return new File([await handle.getFile()], name, { type: kind });
    },
    discard: async () => {
      await writable.abort();
      await folder.removeEntry(id);
    },
  };
}

function inMemory(type: string): Disk {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: async bytes => void parts.push(bytes),
    close: async () => new Blob(parts, { type }),
    discard: async () => void (parts = []),
  };
}

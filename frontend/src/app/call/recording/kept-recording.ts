import { signal } from '@angular/core';
import * as z from 'zod/mini';
import { safeFileName } from '#protocol/direct/file-messages';

/**
 * A folder of the origin's private file system (File System Standard), which signing out empties with all others. Each recording is a
 * folder in it: what it is, and its parts, each a file of its own. A file is there only once it was closed: one that grew as long
 * as the call would be lost with its page.
 */
const FOLDER = 'call-recordings';
const ABOUT = 'about.json';
const NO_PART = /\D/;
/** Without such a file system a recording is in memory, up to so many bytes. */
const MOST_IN_MEMORY = 500 * 1024 * 1024;

const about = z.object({
  /** Of the other person. */
  name: z.string(),
  /** When it began, ms since the epoch. */
  at: z.number(),
  /** Of the file, with its codecs. */
  type: z.string(),
  /** How long it is, ms; null where its page died. */
  lasts: z.nullable(z.number()),
  /** It was handed to the browser's downloads, which do not say when they are done. */
  saved: z.boolean(),
});
export type AboutRecording = z.infer<typeof about>;

/** Where the parts of one recording are kept. */
interface Parts {
  add(part: Blob): Promise<void>;
  describe(about: AboutRecording): Promise<void>;
  all(): Promise<readonly Blob[]>;
  discard(): Promise<void>;
}

/** A recording on this device, whole or as far as it came. */
export class KeptRecording {
  readonly id: string;
  readonly #parts: Promise<Parts>;
  readonly #onDisk = signal(true);
  #about: AboutRecording;
  #writing: Promise<unknown>;
  #refused = false;
  #size: number;

  private constructor(id: string, parts: Promise<Parts>, of: AboutRecording, size = 0) {
    this.id = id;
    this.#parts = parts;
    this.#about = of;
    this.#size = size;
    this.#writing = parts.catch(() => undefined);
  }

  /**
   * Begins one. Where this browser keeps no files it is in memory, as long as the page is.
   * @param looked settles when those of earlier pages were looked for, and what is nothing was removed
   */
  static begin(
    of: Pick<AboutRecording, 'name' | 'at' | 'type'>,
    looked: Promise<unknown> = Promise.resolve(),
  ): KeptRecording {
    const id = crypto.randomUUID();
    const whole: AboutRecording = { ...of, lasts: null, saved: false };
    const begun: KeptRecording = new KeptRecording(
      id,
      looked
        .then(() => onDisk(id, true))
        .then(async disk => {
          await disk.describe(whole);
          return disk;
        })
        .catch(() => {
          begun.#onDisk.set(false);
          return inMemory();
        }),
      whole,
    );
    return begun;
  }

  /** Those of earlier pages, the oldest first. What was handed to the downloads by then goes. */
  static async left(): Promise<KeptRecording[]> {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: false });
    const found: KeptRecording[] = [];
    for await (const id of folder.keys()) {
      const one = await read(id).catch(() => null);
      if (one === null || one.about.saved || one.size === 0) await folder.removeEntry(id, { recursive: true });
      else found.push(new KeptRecording(id, onDisk(id, false), one.about, one.size));
    }
    return found.sort((a, b) => a.about.at - b.about.at);
  }

  /** Else it is gone with the page. */
  readonly isOnDisk = this.#onDisk.asReadonly();

  get about(): AboutRecording {
    return this.#about;
  }

  /** In bytes. */
  get size(): number {
    return this.#size;
  }

  /** Under this it is saved. */
  get fileName(): string {
    const { name, at, type } = this.#about;
    const day = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
    const ending = type.startsWith('video/mp4') ? 'mp4' : 'webm';
    return safeFileName(`Parley, ${name}, ${day.slice(0, 10)} ${day.slice(11, 16).replace(':', '.')}.${ending}`);
  }

  /**
   * Keeps the next part.
   * @throws where this device has no room left; what was kept before stays, and nothing is added to it
   */
  add(part: Blob): Promise<void> {
    const added = this.#writing.then(async () => {
      if (this.#refused) throw new Error('a part before this one is missing');
      await (await this.#parts).add(part);
      this.#size += part.size;
    });
    this.#writing = added.catch(() => void (this.#refused = true));
    return added;
  }

  /** It is over; settles when all that could be kept is. */
  async end(lasts: number): Promise<void> {
    await this.#writing;
    await this.#describe({ lasts });
  }

  /** It was handed to the browser's downloads. */
  async wasSaved(): Promise<void> {
    await this.#describe({ saved: true });
  }

  /** The file. On a disk its bytes stay there until they are read. */
  async whole(): Promise<File> {
    await this.#writing;
    const type = this.#about.type.split(';')[0] ?? '';
    return new File([...(await (await this.#parts).all())], this.fileName, { type });
  }

  async discard(): Promise<void> {
    await this.#writing;
    await (await this.#parts).discard();
  }

  async #describe(more: Partial<AboutRecording>): Promise<void> {
    this.#about = { ...this.#about, ...more };
    // A disk that is full has its parts, and knows no length.
    await (await this.#parts).describe(this.#about).catch(() => undefined);
  }
}

async function folderOf(id: string, create: boolean): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(FOLDER, { create });
  return folder.getDirectoryHandle(id, { create });
}

async function onDisk(id: string, create: boolean): Promise<Parts> {
  const folder = await folderOf(id, create);
  const write = async (name: string, content: Blob | string) => {
    const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
    try {
      await writable.write(content);
      await writable.close();
    } catch (cause) {
      await writable.abort().catch(() => undefined);
      await folder.removeEntry(name).catch(() => undefined);
      throw cause;
    }
  };
  let count = (await partsOf(folder)).length;
  return {
    add: part => write(String(count++).padStart(6, '0'), part),
    describe: of => write(ABOUT, JSON.stringify(of)),
    all: () => partsOf(folder),
    discard: async () => {
      const root = await navigator.storage.getDirectory();
      await (await root.getDirectoryHandle(FOLDER)).removeEntry(id, { recursive: true });
    },
  };
}

function inMemory(): Parts {
  let parts: Blob[] = [];
  let size = 0;
  return {
    add: async part => {
      if (size + part.size > MOST_IN_MEMORY) throw new DOMException('no room', 'QuotaExceededError');
      parts.push(part);
      size += part.size;
    },
    describe: async () => undefined,
    all: async () => parts,
    discard: async () => void (parts = []),
  };
}

/** In their order. */
async function partsOf(folder: FileSystemDirectoryHandle): Promise<File[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) if (!NO_PART.test(name)) names.push(name);
  return Promise.all(names.sort().map(async name => (await folder.getFileHandle(name)).getFile()));
}

async function read(id: string): Promise<{ about: AboutRecording; size: number }> {
  const folder = await folderOf(id, false);
  const text = await (await (await folder.getFileHandle(ABOUT)).getFile()).text();
  const size = (await partsOf(folder)).reduce((sum, part) => sum + part.size, 0);
  return { about: about.parse(JSON.parse(text)), size };
}

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../operator-error.ts';

/** A folder or file that cannot be read or written; the message says which and why, `cause` is the system's error. */
export class FileError extends OperatorError {
  override readonly name = 'FileError';
}

/**
 * Reads a file that only its owner may read, and takes the permission back from everybody else.
 * @returns its text, undefined where there is no such file
 * @throws FileError where it is there and cannot be read
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    // On a read-only mount modes cannot be changed: they are the administrator's decision.
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600).catch(() => undefined);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new FileError(`Parley cannot read ${path} (${codeOf(cause)}).`, { cause });
  }
}

/**
 * Makes a folder that only its owner can open, or takes the permission back from everybody else.
 * @throws FileError where that cannot be done
 */
export async function openPrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o700);
  } catch (cause) {
    throw new FileError(`Parley cannot make ${path} private (${codeOf(cause)}): give its user the right to.`, {
      cause,
    });
  }
}

/** What a file is to hold; parts are written as they come. */
type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes a file as a whole or not at all, by a rename on the same disk that survives a power cut.
 * @param mode 0600 unless told otherwise
 * @throws FileError where the folder cannot be made or written; what `text` throws where it comes in parts
 */
export async function writePrivateFile(path: string, text: Content, mode = 0o600): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeDurably(unfinished, text, mode);
    await rename(unfinished, path);
    await syncFolder(folder);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    if (!isOfTheSystem(cause)) throw cause;
    throw new FileError(`Parley cannot write to ${folder} (${codeOf(cause)}): give its user the right to.`, { cause });
  }
}

async function writeDurably(path: string, text: Content, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes a file so that a power cut does not bring it back; one that is not there is well. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/** Windows cannot sync a folder and need not. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const isOfTheSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

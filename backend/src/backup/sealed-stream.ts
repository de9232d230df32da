import { randomBytes, scrypt } from 'node:crypto';
import { BackupError, type BackupFault } from './backup-error.ts';
import { CHUNK_BYTES, openChunk, sealChunk, SEALED_BYTES, type Seal } from './chunks.ts';
import { COST, HEADER_BYTES, isKeyOf, readHeader, writeHeader, type Cost } from './header.ts';

type Bytes = AsyncIterable<Uint8Array>;

/**
 * What a passphrase makes of `plain`, in bounded memory.
 * @param cost of guessing the passphrase
 */
export async function* sealed(plain: Bytes, passphrase: string, cost: Cost = COST): AsyncGenerator<Buffer> {
  const salt = randomBytes(32);
  const { key, checkKey } = await keysOf(passphrase, salt, cost);
  const header = writeHeader({ cost, salt }, checkKey);
  yield header;
  let index = 0;
  for await (const { bytes, isLast } of blocks(plain, CHUNK_BYTES)) {
    yield sealChunk({ key, header }, { index: index++, isLast }, bytes);
  }
}

/**
 * What was sealed, and not a byte before it is known to be that.
 * @throws BackupError `not-a-backup`, `newer-format`, `malformed`, `wrong-passphrase`, `damaged` or `truncated`
 */
export async function* unsealed(file: Bytes, passphrase: string): AsyncGenerator<Buffer> {
  const source = file[Symbol.asyncIterator]();
  const [first, rest] = await take(source, HEADER_BYTES);
  const header = readHeader(first);
  if (!header.ok) throw faulty(header.error);
  const { key, checkKey } = await keysOf(passphrase, header.value.salt, header.value.cost);
  if (!isKeyOf(header.value, checkKey)) throw faulty('wrong-passphrase');
  const seal = { key, header: first };
  let index = 0;
  for await (const { bytes, isLast } of blocks(behind(rest, source), SEALED_BYTES)) {
    const plain = openChunk(seal, { index, isLast }, bytes);
    if (!plain) throw faulty(isCutBehind(seal, index, bytes) ? 'truncated' : 'damaged');
    index += 1;
    yield plain;
  }
}

/** Whether the chunk is right, and another one was to follow. */
const isCutBehind = (seal: Seal, index: number, bytes: Buffer): boolean =>
  bytes.length === 0 || openChunk(seal, { index, isLast: false }, bytes) !== null;

/** One key for the chunks and one to know the passphrase again; NFC, so that two keyboards write the same one. */
async function keysOf(passphrase: string, salt: Buffer, cost: Cost): Promise<{ key: Buffer; checkKey: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const limits = { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** cost * 1024 + 2 ** 20 };
  scrypt(passphrase.normalize('NFC'), salt, 64, limits, (error, made) => (error ? reject(error) : resolve(made)));
  const made = await promise;
  return { key: made.subarray(0, 32), checkKey: made.subarray(32) };
}

/** The stream in blocks of one size, only the last of which may be shorter, or empty where there is nothing. */
async function* blocks(stream: Bytes, size: number): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let waiting = Buffer.alloc(0);
  for await (const part of stream) {
    waiting = Buffer.concat([waiting, part]);
    while (waiting.length > size) {
      yield { bytes: waiting.subarray(0, size), isLast: false };
      waiting = waiting.subarray(size);
    }
  }
  yield { bytes: waiting, isLast: true };
}

/** The first bytes, fewer where there are no more, and what came with them. */
async function take(source: AsyncIterator<Uint8Array>, size: number): Promise<[first: Buffer, rest: Buffer]> {
  let taken = Buffer.alloc(0);
  while (taken.length < size) {
    const next = await source.next();
    if (next.done) break;
    taken = Buffer.concat([taken, next.value]);
  }
  return [taken.subarray(0, size), taken.subarray(size)];
}

async function* behind(first: Buffer, source: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
}

const SENTENCES = {
  'not-a-backup': 'This is no backup of Parley.',
  'newer-format': 'This backup was made by a newer Parley: restore it with that one, or a later one.',
  'wrong-passphrase': 'This is not the passphrase of the backup.',
  damaged: 'The backup is damaged: something in it is not what was written. Nothing was changed.',
  truncated: 'The backup is cut short: its end is missing. Nothing was changed.',
  malformed: 'The backup is none that Parley writes.',
} as const;

const faulty = (fault: BackupFault): BackupError =>
  new BackupError(fault, fault in SENTENCES ? SENTENCES[fault as keyof typeof SENTENCES] : fault);

import { createReadStream } from 'node:fs';
import { FileError } from '../secrets/private-file.ts';
import type { Kept } from '../store/transfer.ts';
import { fromOlderFormat } from './older-formats.ts';
import { fromLines, malformed } from './lines.ts';
import { readEntry, readMachine, type Machine } from './record.ts';
import { unsealed } from './sealed-stream.ts';

/** A backup as it is read, the machine first and then everything the store kept, one at a time. */
export type OpenBackup = { machine: Machine; entries: AsyncIterable<Kept> };

/**
 * @throws BackupError as `unsealed`, `fromLines` and `readMachine` say, and so do the entries; FileError
 */
export async function openBackup(path: string, passphrase: string): Promise<OpenBackup> {
  const lines = fromLines(unsealed(bytesOf(path), passphrase));
  const first = await lines.next();
  if (first.done) throw malformed('there is nothing in it');
  return { machine: readMachine(first.value), entries: entriesOf(lines) };
}

async function* entriesOf(lines: AsyncIterable<unknown>): AsyncGenerator<Kept> {
  for await (const line of lines) yield readEntry(fromOlderFormat(line));
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const part of createReadStream(path)) yield part as Buffer;
  } catch (cause) {
    throw new FileError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

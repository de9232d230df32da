import { BackupError } from './backup-error.ts';

/** Longest line: a picture in base64, or the longest message with every character escaped. */
export const LINE_CHARS = 512 * 1024;
const PART_CHARS = 64 * 1024;

/** A line of JSON (RFC 8259) for each. */
export async function* toLines(entries: AsyncIterable<object>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const entry of entries) {
    text += `${JSON.stringify(entry)}\n`;
    if (text.length < PART_CHARS) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

/**
 * What the lines say, one in memory at a time.
 * @throws BackupError `malformed` where a line is longer than allowed, unfinished, or no JSON
 */
export async function* fromLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const part of bytes) {
    text += decoded(() => decoder.decode(part, { stream: true }));
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield parsed(line);
    if (text.length > LINE_CHARS) throw malformed('a line of it is too long');
  }
  if (text !== '') throw malformed('its last line is not whole');
}

function parsed(line: string): unknown {
  if (line.length > LINE_CHARS) throw malformed('a line of it is too long');
  return decoded((): unknown => JSON.parse(line));
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw malformed('a line of it cannot be read', cause);
  }
}

/** @param what is wrong, as a part of a sentence */
export const malformed = (what: string, cause?: unknown): BackupError =>
  new BackupError('malformed', `The backup is none that Parley writes: ${what}.`, { cause });

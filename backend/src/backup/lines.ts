import { BackupError } from './backup-error.ts';

/** Longest line: a picture in base64, the longest message with every character escaped, or all that a person has published. */
export const LINE_CHARS = 512 * 1024;
const PART_CHARS = 64 * 1024;

/**
 * A line of JSON (RFC 8259) for each.
 * @throws BackupError `malformed` where a line would be longer than what is read again
 */
export async function* toLines(entries: AsyncIterable<object>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const entry of entries) {
    text += `${expectShort(JSON.stringify(entry))}\n`;
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
    expectShort(text);
  }
  if (text !== '') throw malformed('its last line is not whole');
}

const parsed = (line: string): unknown => decoded((): unknown => JSON.parse(expectShort(line)));

function expectShort(line: string): string {
  if (line.length > LINE_CHARS) throw malformed('a line of it is too long');
  return line;
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

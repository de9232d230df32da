import { createHash, randomBytes } from 'node:crypto';
import { BackupError } from './backup-error.ts';
import { CHUNK_BYTES, SEALED_BYTES } from './chunks.ts';
import { HEADER_BYTES } from './header.ts';
import { sealed, unsealed } from './sealed-stream.ts';

const CHEAP = 14;
const PASSPHRASE = 'correct horse battery';

async function* inParts(bytes: Buffer, size = 10_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function whole(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

const seal = (plain: Buffer, passphrase = PASSPHRASE) => whole(sealed(inParts(plain), passphrase, CHEAP));
const open = (file: Buffer, passphrase = PASSPHRASE) => whole(unsealed(inParts(file), passphrase));
const faultOf = (file: Buffer, passphrase?: string): Promise<string> =>
  open(file, passphrase).then(
    () => 'opened',
    (error: unknown) => (error instanceof BackupError ? error.fault : String(error)),
  );

const flipped = (file: Buffer, at: number): Buffer => {
  const copy = Buffer.from(file);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};
const chunk = (file: Buffer, index: number) =>
  file.subarray(HEADER_BYTES + index * SEALED_BYTES, HEADER_BYTES + (index + 1) * SEALED_BYTES);

/** The header says something else, and its checksum agrees. */
function rewritten(file: Buffer, change: (header: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  change(copy);
  createHash('sha256').update(copy.subarray(0, 48)).digest().copy(copy, 48, 0, 16);
  return copy;
}

describe('A sealed backup', () => {
  const plain = randomBytes(3 * CHUNK_BYTES + 1_000);
  let file: Buffer;
  beforeAll(async () => {
    file = await seal(plain);
  });

  for (const size of [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]) {
    it(`of ${size} bytes is opened by its passphrase`, async () => {
      const some = plain.subarray(0, size);
      expect((await open(await seal(some))).equals(some)).toBeTrue();
    });
  }

  it('is another one each time, and holds nothing readable', async () => {
    const words = Buffer.from('known words '.repeat(1_000));
    const [one, other] = await Promise.all([seal(words), seal(words)]);
    expect(one.subarray(16).equals(other.subarray(16))).toBeFalse();
    expect(one.includes('known words')).toBeFalse();
  });

  it('is opened by nothing but its passphrase, however that is composed', async () => {
    expect(await faultOf(file, 'correct horse battery ')).toBe('wrong-passphrase');
    expect(await faultOf(file, '')).toBe('wrong-passphrase');
    const accented = await seal(plain, 'caf\u00e9 caf\u00e9 caf\u00e9');
    expect((await open(accented, 'cafe\u0301 cafe\u0301 cafe\u0301')).equals(plain)).toBeTrue();
  });

  it('is refused with any byte changed', async () => {
    for (let at = 0; at < HEADER_BYTES; at++) expect(await faultOf(flipped(file, at))).not.toBe('opened');
    for (const at of [HEADER_BYTES, HEADER_BYTES + SEALED_BYTES, file.length - 20, file.length - 1]) {
      expect(await faultOf(flipped(file, at))).toBe('damaged');
    }
  });

  it('is refused when cut short anywhere, and says so where a chunk ends', async () => {
    expect(await faultOf(file.subarray(0, HEADER_BYTES + 2 * SEALED_BYTES))).toBe('truncated');
    expect(await faultOf(file.subarray(0, HEADER_BYTES))).toBe('truncated');
    expect(await faultOf(file.subarray(0, -1))).toBe('damaged');
    expect(await faultOf(file.subarray(0, HEADER_BYTES - 1))).toBe('not-a-backup');
    expect(await faultOf(Buffer.alloc(0))).toBe('not-a-backup');
  });

  it('is refused with chunks moved, doubled, left out, added, or of another file', async () => {
    const header = file.subarray(0, HEADER_BYTES);
    const chunks = [0, 1, 2, 3].map(index => chunk(file, index));
    const other = await seal(plain);
    const made = (order: readonly number[]) => Buffer.concat([header, ...order.map(i => chunks[i] ?? Buffer.alloc(0))]);
    for (const order of [[1, 0, 2, 3], [0, 0, 1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2, 3, 3], [3]]) {
      expect(await faultOf(made(order))).toBe('damaged');
    }
    expect(await faultOf(Buffer.concat([file, Buffer.from('x')]))).toBe('damaged');
    expect(await faultOf(Buffer.concat([header, chunk(other, 0), ...chunks.slice(1)]))).toBe('damaged');
    expect(await faultOf(Buffer.concat([other.subarray(0, HEADER_BYTES), ...chunks]))).toBe('damaged');
  });

  it('of a newer format, or of a cost that would exhaust the memory, is refused before any work', async () => {
    expect(await faultOf(rewritten(file, bytes => bytes.writeUInt16BE(4, 8)))).toBe('newer-format');
    expect(await faultOf(rewritten(file, bytes => bytes.writeUInt16BE(0, 8)))).toBe('malformed');
    expect(await faultOf(rewritten(file, bytes => bytes.writeUInt8(31, 10)))).toBe('malformed');
    expect(await faultOf(rewritten(file, bytes => bytes.writeUInt8(1, 10)))).toBe('malformed');
    expect(await faultOf(rewritten(file, bytes => bytes.writeUInt8(255, 12)))).toBe('malformed');
    // What makes the key is under the key's own check.
    expect(await faultOf(rewritten(file, bytes => bytes.writeUInt8(15, 10)))).toBe('wrong-passphrase');
    expect(await faultOf(Buffer.from('%PDF-1.7'.repeat(100)))).toBe('not-a-backup');
  });

  it('takes no more than it is asked for, whatever its length', async () => {
    let given = 0;
    const endless = async function* () {
      for (;;) {
        given += CHUNK_BYTES;
        yield Buffer.alloc(CHUNK_BYTES);
      }
    };
    let opened = 0;
    for await (const part of unsealed(sealed(endless(), PASSPHRASE, CHEAP), PASSPHRASE)) {
      opened += part.length;
      expect(given - opened).toBeLessThan(8 * CHUNK_BYTES);
      if (opened > 100 * CHUNK_BYTES) break;
    }
  });
});

import * as fc from 'fast-check';
import {
  fileId,
  MOST_FILE_BYTES,
  NAME_LENGTH,
  PIECE_BYTES,
  readFileMessage,
  readPiece,
  safeFileName,
  writeFileMessage,
  writePiece,
  type FileMessage,
} from '#protocol/direct/file-messages';

const id = fileId.parse('0190c0de-0000-7000-8000-00000000000a');

describe('Messages about files', () => {
  it('are read as they were written', () => {
    const messages: FileMessage[] = [
      { type: 'offer', file: { id, name: 'plans.zip', size: 148, kind: 'application/zip' } },
      { type: 'accept', id, from: 49_152 },
      { type: 'end', id, digest: 'a'.repeat(64) },
      { type: 'cancel', id, why: 'not-saved' },
    ];
    for (const message of messages)
      expect(readFileMessage(writeFileMessage(message))).toEqual({ ok: true, value: message });
  });

  for (const [what, text] of Object.entries({
    'no JSON': '{',
    'an unknown type': JSON.stringify({ type: 'rename', id }),
    'a foreign id': JSON.stringify({ type: 'decline', id: 'x' }),
    'a size below nothing': JSON.stringify({ type: 'offer', file: { id, name: 'a', size: -1, kind: '' } }),
    'a size of 1.5 bytes': JSON.stringify({ type: 'offer', file: { id, name: 'a', size: 1.5, kind: '' } }),
    'a name without end': JSON.stringify({ type: 'offer', file: { id, name: 'a'.repeat(161), size: 1, kind: '' } }),
    'a digest of another kind': JSON.stringify({ type: 'end', id, digest: 'A'.repeat(64) }),
    'a message without end': JSON.stringify({ type: 'decline', id, more: 'a'.repeat(2_048) }),
  }))
    it(`DF8 are unreadable with ${what}`, () => {
      expect(readFileMessage(text).ok).toBeFalse();
    });
});

describe('A piece of a file', () => {
  it('is read as it was written, up to the largest one and the largest file', () => {
    for (const [offset, length] of [
      [0, 1],
      [MOST_FILE_BYTES, PIECE_BYTES],
    ] as const) {
      const bytes = new Uint8Array(length).fill(7);
      expect(readPiece(writePiece({ id, offset, bytes }).buffer)).toEqual({ ok: true, value: { id, offset, bytes } });
    }
  });

  it('DF8 is unreadable if it is empty, too long, names no file, or lies beyond the largest file', () => {
    const whole = writePiece({ id, offset: 0, bytes: new Uint8Array(PIECE_BYTES + 1) });
    expect(readPiece(whole.buffer).ok).toBeFalse();
    for (const length of [0, 23, 24]) expect(readPiece(whole.buffer.slice(0, length)).ok).toBeFalse();
    expect(readPiece(new ArrayBuffer(100)).ok).toBeFalse();
    const beyond = writePiece({ id, offset: MOST_FILE_BYTES + 1, bytes: new Uint8Array(1) });
    expect(readPiece(beyond.buffer).ok).toBeFalse();
  });
});

describe('The name of a file', () => {
  for (const [name, safe] of [
    ['Roof plans.zip', 'Roof plans.zip'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['..', 'file'],
    ['.bashrc', 'bashrc'],
    ['', 'file'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['what?<now>|"*.md', 'what__now____.md'],
    ['report.txt:hidden', 'report.txt_hidden'],
    ['Größe 日本 👩‍👩‍👧.pdf', 'Größe 日本 👩‍👩‍👧.pdf'],
  ] as const)
    it(`DF1b is ${JSON.stringify(safe)} for ${JSON.stringify(name)}`, () => {
      expect(safeFileName(name)).toBe(safe);
    });

  it('DF1b has a limit, and keeps its ending', () => {
    const safe = safeFileName(`${'😀'.repeat(200)}.jpeg`);
    expect(safe.length).toBeLessThanOrEqual(NAME_LENGTH);
    expect(safe.endsWith('….jpeg') && safe.isWellFormed()).toBeTrue();
  });

  it('DF1b is safe for any text, and stays what it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), name => {
        const safe = safeFileName(name);
        expect(safe).toMatch(/^[^./\\<>:"|?*\p{Cc}\s][^/\\<>:"|?*\p{Cc}]*$/u);
        expect(safe.length).toBeLessThanOrEqual(NAME_LENGTH);
        expect(safeFileName(safe)).toBe(safe);
      }),
      { seed: 20261129 },
    );
  });
});

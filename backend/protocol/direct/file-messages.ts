import * as z from 'zod/mini';
import { withoutHidden } from '#protocol/hidden';
import { uuid } from '#protocol/ids';
import { readDirectMessage } from '#protocol/direct/read-message';
import { err, ok, type Result } from '#protocol/result';

/**
 * What two devices in a call say to each other about files, over a data channel of their peer connection (W3C WebRTC,
 * RTCDataChannel; RFC 8831): ordered, reliable, negotiated beforehand under one number. The server has no part in it.
 */

/** Bytes of a file in one message: with its header it fits into what every browser takes (RFC 8841, 6.1: 64 KiB). */
export const PIECE_BYTES = 48 * 1024;
/** How far a sender may be ahead of what the receiver says it has stored, in bytes. */
export const WINDOW_BYTES = 8 * 1024 * 1024;
/** How often at least a receiver says what it has stored, in bytes. */
export const STORED_EVERY_BYTES = 1024 * 1024;
/** The largest file, in bytes. */
export const MOST_FILE_BYTES = 2 ** 40;
/** So many files of the other end may be unfinished at once. */
export const MOST_FILES = 32;
/** Largest message that is no piece, in UTF-16 units. */
const MESSAGE_LENGTH = 2_048;
/** Most UTF-16 units of a file's name, as it is shown and saved. */
export const NAME_LENGTH = 160;

export const fileId = uuid.brand<'file'>();
export type FileId = z.infer<typeof fileId>;

const count = z.int().check(z.nonnegative());

/** `kind` is the media type (RFC 2045) as the browser names it, or empty. `size` in bytes. */
export const offeredFile = z.object({
  id: fileId,
  name: z.string().check(z.maxLength(NAME_LENGTH)),
  size: count,
  kind: z.string().check(z.maxLength(127)),
});
export type OfferedFile = z.infer<typeof offeredFile>;

/**
 * Why a transfer cannot go on. `not-saved`: the receiver's disk is full or refuses; `unreadable`: the file has changed or is gone at its sender;
 * `damaged`: what arrived is not what was sent; `broken`: the other end does not keep to the protocol; `call-over`.
 */
export const FAILURES = ['not-saved', 'unreadable', 'damaged', 'broken', 'too-large', 'too-many', 'call-over'] as const;
export type Failure = (typeof FAILURES)[number];

const about = { id: fileId };
const fileMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('offer'), file: offeredFile }),
  /** `from`: the first byte that the receiver does not have. */
  z.object({ type: z.literal('accept'), ...about, from: count }),
  z.object({ type: z.literal('decline'), ...about }),
  z.object({ type: z.literal('pause'), ...about }),
  z.object({ type: z.literal('continue'), ...about }),
  /** `bytes` from the beginning are stored. */
  z.object({ type: z.literal('stored'), ...about, bytes: count }),
  /** All was sent. `digest`: the SHA-256 of the SHA-256 of each piece in their order, as 64 hexadecimal digits. */
  z.object({ type: z.literal('end'), ...about, digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  z.object({ type: z.literal('checked'), ...about }),
  z.object({ type: z.literal('cancel'), ...about, why: z.enum(['person', ...FAILURES]) }),
]);
export type FileMessage = z.infer<typeof fileMessage>;

export const writeFileMessage = (message: FileMessage): string => JSON.stringify(message);

/** @returns `unreadable` for what is no message of this protocol: the other end is newer, or hostile */
export const readFileMessage = (text: string): Result<FileMessage, 'unreadable'> =>
  readDirectMessage(fileMessage, MESSAGE_LENGTH, text);

/** Some bytes of a file, from `offset` on. */
export interface Piece {
  readonly id: FileId;
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** 16 bytes of the file's id, and 8 of the offset (big-endian). */
const HEADER_BYTES = 24;

export function writePiece({ id, offset, bytes }: Piece): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(HEADER_BYTES + bytes.length);
  const digits = id.replaceAll('-', '');
  for (let at = 0; at < 16; at += 1) message[at] = parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  new DataView(message.buffer).setBigUint64(16, BigInt(offset));
  message.set(bytes, HEADER_BYTES);
  return message;
}

/** @returns `unreadable` for what is too short or too long, names no file, or lies beyond the largest file */
export function readPiece(message: ArrayBuffer): Result<Piece, 'unreadable'> {
  const length = message.byteLength - HEADER_BYTES;
  if (length < 1 || length > PIECE_BYTES) return err('unreadable');
  const digits = Array.from(new Uint8Array(message, 0, 16), byte => byte.toString(16).padStart(2, '0')).join('');
  const id = fileId.safeParse(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
  const offset = new DataView(message).getBigUint64(16);
  if (!id.success || offset > BigInt(MOST_FILE_BYTES)) return err('unreadable');
  return ok({ id: id.data, offset: Number(offset), bytes: new Uint8Array(message, HEADER_BYTES) });
}

/**
 * A name by which a file may be shown and saved: the last part of a path, without what draws nothing or turns the text round,
 * without what file systems refuse, and not too long; a long one loses its middle, so that its ending stays.
 */
export function safeFileName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const plain = withoutHidden(last)
    // Refused by Windows in a name; a colon would name a stream.
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (plain === '') return 'file';
  if (plain.length <= NAME_LENGTH) return plain;
  const ending = /\.[^.]{1,16}$/.exec(plain)?.[0] ?? '';
  return `${plain.slice(0, NAME_LENGTH - ending.length - 1).toWellFormed()}…${ending}`;
}

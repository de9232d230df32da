import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '#protocol/result';
import type { BackupFault } from './backup-error.ts';

/*
 * The first 80 bytes of a backup, in the clear; numbers are big-endian (backend/BACKUP.md):
 *
 *    0  8  "PARLEYBK"                      16 32  salt
 *    8  2  version of the format           48 16  checksum: SHA-256 of bytes 0 to 47, its beginning
 *   10  3  scrypt: log2 N, r, p            64 16  check: HMAC-SHA-256 of bytes 0 to 63, its beginning
 *   13  3  zero
 */
export const HEADER_BYTES = 80;
const MAGIC = 'PARLEYBK';
const VERSION = 3;
/** The oldest version that is read: its lines differ (`older-formats.ts`), its bytes do not. */
const OLDEST = 1;
const SUMMED = 48;
const CHECKED = 64;

/** What scrypt is to cost (RFC 7914, 2): `N` is 2 to this; `r` is 8 and `p` 1. */
export type Cost = number;
/** 128 MiB and half a second of a small machine: what OWASP advises. */
export const COST: Cost = 17;
/** A file that asks for less was not written by us, and one that asks for more is to exhaust the memory. */
const COSTS = { least: 14, most: 18 };
const [R, P] = [8, 1];

export type Header = { cost: Cost; salt: Buffer; bytes: Buffer };

const beginning = (digest: Buffer): Buffer => digest.subarray(0, 16);
const checksum = (bytes: Buffer): Buffer => beginning(createHash('sha256').update(bytes.subarray(0, SUMMED)).digest());
const check = (bytes: Buffer, key: Buffer): Buffer =>
  beginning(createHmac('sha256', key).update(bytes.subarray(0, CHECKED)).digest());

/** @param checkKey what the passphrase makes for knowing it again */
export function writeHeader({ cost, salt }: Omit<Header, 'bytes'>, checkKey: Buffer): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt16BE(VERSION, 8);
  bytes.set([cost, R, P], 10);
  bytes.set(salt, 16);
  bytes.set(checksum(bytes), SUMMED);
  bytes.set(check(bytes, checkKey), CHECKED);
  return bytes;
}

/** @param bytes the file's first 80, or fewer where it has no more */
export function readHeader(bytes: Buffer): Result<Header, BackupFault> {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return err('not-a-backup');
  const version = bytes.readUInt16BE(8);
  if (version > VERSION) return err('newer-format');
  if (!checksum(bytes).equals(bytes.subarray(SUMMED, CHECKED))) return err('damaged');
  const [cost = 0, r, p] = bytes.subarray(10, 13);
  const isOurs = version >= OLDEST && r === R && p === P;
  if (!isOurs || cost < COSTS.least || cost > COSTS.most) return err('malformed');
  return ok({ cost, salt: bytes.subarray(16, SUMMED), bytes });
}

/** Whether this key comes of the passphrase that the file was written with. */
export const isKeyOf = ({ bytes }: Header, checkKey: Buffer): boolean =>
  timingSafeEqual(bytes.subarray(CHECKED), check(bytes, checkKey));

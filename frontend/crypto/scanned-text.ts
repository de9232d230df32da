import { err, ok, type Result } from '#protocol/result';
import { base64, fromBase64, type Bytes } from './bytes.ts';

/** Why a scanned text is no code of a kind: it is none, or one of another version of the app. */
export type TextFault = 'unreadable' | 'other-version';

/** Codes of other versions begin alike. */
const VERSION = 1;
const TEXT = /^([A-Z-]+)(\d{1,4}):([A-Za-z0-9+/]*)$/;

/** What a QR code says: the name of its kind, the version, and bytes in base 64. @param parts its bytes, one behind the other */
export const scannedText = (name: string, ...parts: readonly Uint8Array[]): string =>
  `${name}${VERSION}:${base64(Uint8Array.from(parts.flatMap(part => [...part])))}`;

/**
 * Reads any text; total.
 * @param name of the kind
 * @param length how many bytes a code of this kind has
 */
export function readScannedText(text: string, name: string, length: number): Result<Bytes, TextFault> {
  const [, named, version, said = ''] = TEXT.exec(text) ?? [];
  if (named !== name) return err('unreadable');
  if (version !== String(VERSION)) return err('other-version');
  const bytes = fromBase64(said);
  return bytes?.length === length ? ok(bytes) : err('unreadable');
}

/** Whether a text that was read is a code of its kind, be it of another version. */
export const isOfKind = (read: Result<unknown, TextFault>): boolean => read.ok || read.error === 'other-version';

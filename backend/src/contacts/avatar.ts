import { AVATAR_TYPES } from '#protocol/api/account';

type AvatarType = (typeof AVATAR_TYPES)[number];

const startsWith = (bytes: Uint8Array, at: number, ...expected: number[]): boolean =>
  expected.every((byte, index) => bytes[at + index] === byte);
const text = (word: string): number[] => [...word].map(letter => letter.charCodeAt(0));

const SIGNATURES: Record<AvatarType, (bytes: Uint8Array) => boolean> = {
  'image/webp': bytes => startsWith(bytes, 0, ...text('RIFF')) && startsWith(bytes, 8, ...text('WEBP')),
  'image/jpeg': bytes => startsWith(bytes, 0, 0xff, 0xd8, 0xff),
  'image/png': bytes => startsWith(bytes, 0, 0x89, ...text('PNG\r\n\x1a\n')),
};

/** What the first bytes say an image is (WHATWG MIME Sniffing, 6.1), if that is a type taken as a picture. */
export const avatarType = (bytes: Uint8Array): AvatarType | undefined =>
  AVATAR_TYPES.find(type => SIGNATURES[type](bytes));

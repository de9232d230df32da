import { parseUrl } from '../signaling/parse-url';

/** An address in a text: where it stands, where it leads, and how it is shown. */
export interface Address {
  readonly from: number;
  /** The place after its last character. */
  readonly to: number;
  readonly href: string;
  /** As it was written, but with the host that is opened where that one reads otherwise. */
  readonly shown: string;
}

/**
 * What may begin an address, and all that could belong to it. It never goes on over spaces, quotes, angle brackets, characters that
 * are not seen or turn the text round, and the punctuation of scripts that are written without spaces.
 */
const BELONGS =
  '[^\\s<>"`“”„«»\\p{Default_Ignorable_Code_Point}\\p{Bidi_Control}\\p{Cc}' +
  '\\u3001-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65]';
/** Letters of scripts without spaces between words: an address can begin and end beside them. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
// A word before the scheme would make another scheme of it; `_` and `*` are marks of emphasis.
const WEB = `(?<![a-z0-9+.-])(?:https?://|www\\.)(?=${BELONGS})`;
/** Lengths as RFC 5321, 4.5.3.1, and RFC 1035, 2.3.4, have them: without a bound long texts would be read again and again. */
const LOCAL = "[a-z0-9](?:[a-z0-9.!#$%&'*+/=?^_`{|}~-]{0,62}[a-z0-9_+-])?";
const ASCII_HOST = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,8}(?:xn--[a-z0-9-]{1,59}|[a-z]{2,63})(?![a-z0-9-])';
const ANY_HOST = '(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?\\.){1,8}[\\p{L}\\p{M}]{2,63}';
const MAIL =
  `(?<!(?!${UNSPACED})[\\p{L}\\p{N}.!#$%&'*+/=?^\`{|}~@-]|[\\p{L}\\p{N}]:)` +
  `(?<mail>(?:mailto:)?${LOCAL}@(?:${ASCII_HOST}|${ANY_HOST}))`;
const FOUND = new RegExp(`${WEB}|${MAIL}`, 'giu');

/** A closing bracket belongs to an address only where the address has opened it. */
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const OPENING = new Set(Object.values(BRACKETS));
/** What ends a sentence, or a quotation, belongs to the sentence. */
const TRAILING = new Set(".,;:!?…'’‘‹›");
/** Marks of emphasis: at the end they belong to the sentence where the same mark stands before the address. */
const EMPHASIS = new Set('*_~|');

/** All that could belong to an address up to the next bracket, from a place on. */
const UP_TO_BRACKET = new RegExp(`(?:(?![()[\\]{}])${BELONGS})+`, 'uy');
/** A host in letters of ASCII that goes on in another script: a text without spaces, whose address ended before. */
const GOES_ON = new RegExp(`(?:https?://|www\\.)(?:[a-z0-9-]{1,63}\\.){1,8}[a-z]{2,63}(?=${UNSPACED})`, 'iuy');

function lengthAt(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Where what could be the address that begins at `from` ends: at the latest at a bracket that it has not opened. */
function reachOf(text: string, from: number): number {
  const ended = lengthAt(GOES_ON, text, from);
  if (ended > 0) return from + ended;
  const open: string[] = [];
  for (let end = from; ; end++) {
    end += lengthAt(UP_TO_BRACKET, text, end);
    const sign = text.charAt(end);
    if (OPENING.has(sign)) open.push(sign);
    else if (!(sign in BRACKETS) || open.pop() !== BRACKETS[sign]) return end;
  }
}

/** Without what belongs to the sentence. */
function withoutTrail(text: string, from: number, reach: number): number {
  let [before, end] = [from - 1, reach];
  for (; end > from; end--) {
    const last = text.charAt(end - 1);
    if (EMPHASIS.has(last) && text.charAt(before) === last) before--;
    else if (!TRAILING.has(last) && !OPENING.has(last)) break;
  }
  return end;
}

function webAddress(text: string, from: number, reach: number): Address | undefined {
  const to = withoutTrail(text, from, reach);
  const written = text.slice(from, to);
  const hasScheme = /^http/i.test(written);
  if (!hasScheme && !/^www\.[^./?#\\]+\.[^.]/i.test(written)) return undefined;
  const url = parseUrl(hasScheme ? written : `https://${written}`);
  // A name before the host makes a link look like one to somewhere else.
  if (!url || url.username || url.password || !/^https?:$/.test(url.protocol)) return undefined;
  return { from, to, href: hasScheme ? written : `https://${written}`, shown: withHostOf(url, written) };
}

function mailAddress(written: string, from: number): Address | undefined {
  const at = written.indexOf('@') + 1;
  const url = parseUrl(`https://${written.slice(at)}`);
  if (!url) return undefined;
  const address = written.slice(0, at).replace(/^mailto:/i, '') + url.hostname;
  const host = shownHost(written.slice(at), url.hostname);
  // In the part before the sign some characters have a meaning of their own (RFC 6068, 2).
  const href = `mailto:${encodeURIComponent(address).replaceAll('%40', '@')}`;
  return { from, to: from + written.length, href, shown: written.slice(0, at) + host };
}

const withHostOf = (url: URL, written: string): string =>
  written.replace(
    /^(https?:\/\/)?([^/?#\\]*?)(:\d*)?(?=[/?#\\]|$)/i,
    (_, scheme: string | undefined, host: string, port: string | undefined) =>
      (scheme ?? '') + shownHost(host, url.hostname) + (port ?? ''),
  );

/** In one script, or in those that are written together: everything else can be made of letters that look like others (UTS #39, 5.2). */
const PLAIN_LATIN =
  '0-9a-z.\\-\\u00df-\\u00f6\\u00f8-\\u0130\\u0132-\\u0137\\u0139-\\u017e\\u0219\\u021b\\u1ea1-\\u1ef9';
const TOGETHER = [
  PLAIN_LATIN,
  'a-z\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ー々〆',
  'a-z\\p{sc=Han}\\p{sc=Bopomofo}',
  'a-z\\p{sc=Han}\\p{sc=Hangul}',
  ...[
    'Cyrillic',
    'Greek',
    'Armenian',
    'Georgian',
    'Hebrew',
    'Arabic',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Tamil',
  ].map(script => `\\p{sc=${script}}`),
  ...['Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Ethiopic'].map(
    script => `\\p{sc=${script}}`,
  ),
].map(letters => new RegExp(`^[0-9.\\-${letters}]+$`, 'u'));

/** @param opened the host as the browser has it, in ASCII (UTS #46) */
function shownHost(written: string, opened: string): string {
  const host = written.toLowerCase();
  if (host === opened) return written;
  // An ASCII host that is opened as another is a number for an address, or has escapes in it.
  const isPlain =
    /\P{ASCII}/u.test(host) && host.normalize('NFKC') === host && TOGETHER.some(together => together.test(host));
  return isPlain ? written : opened;
}

/** The addresses in a text, in their order: http and https, what begins with `www.`, and mail addresses. */
export function addressesIn(text: string): Address[] {
  const found: Address[] = [];
  for (let match, from = 0; (match = nextIn(text, from));) {
    const { index } = match;
    const mail = match.groups?.['mail'];
    const reach = mail === undefined ? reachOf(text, index) : index + mail.length;
    const address = mail === undefined ? webAddress(text, index, reach) : mailAddress(mail, index);
    if (address) found.push(address);
    // What cannot be an address as a whole has none inside.
    from = address?.to ?? reach;
  }
  return found;
}

function nextIn(text: string, from: number): RegExpExecArray | null {
  FOUND.lastIndex = from;
  return FOUND.exec(text);
}

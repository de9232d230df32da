/** The text of JSON (RFC 8259), where its value says too little. */

/**
 * How many keys the text of valid JSON writes, over all its objects: strings followed by a colon. It jumps from quote to
 * quote, so a long string costs next to nothing. More keys written than parsed means that one stands twice.
 */
export function countKeyTokens(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open !== -1;) {
    const end = closingQuote(text, open);
    if (end === -1) return -1;
    const after = afterSpace(text, end + 1);
    if (text.charCodeAt(after) === COLON) keys++;
    open = text.indexOf('"', after);
  }
  return keys;
}

/** How many keys a parsed JSON value has, over all its objects. Recursive: for values of a known depth. */
export function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item);
    return keys;
  }
  for (const item of Object.values(value)) keys += 1 + countKeys(item);
  return keys;
}

const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Where the string ends that begins with the quote at `open`, in valid JSON: -1 where it does not. */
export function closingQuote(text: string, open: number): number {
  let end = text.indexOf('"', open + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

/** White space of JSON (RFC 8259, 2). */
function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

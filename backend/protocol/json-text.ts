/** The text of JSON (RFC 8259), where its value says too little. */

const BACKSLASH = 0x5c;

/** Where the string ends that begins with the quote at `open`, in valid JSON: -1 where it does not. */
export function closingQuote(text: string, open: number): number {
  let end = text.indexOf('"', open + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

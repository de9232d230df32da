/**
 * Strings as JSON quotes them (RFC 8259, 7). What a server forwards it has just unquoted: the last string is remembered
 * with its quotes, because for a long one quoting again costs more than all the rest of routing.
 */
let last = { value: '', quoted: '""' };

/**
 * The string that `quoted` writes.
 * @throws SyntaxError where it is no JSON text
 */
export function unquote(quoted: string): string {
  const value = JSON.parse(quoted) as string;
  last = { value, quoted };
  return value;
}

/** `value` in quotes, written as it came where it was the last to be unquoted. */
export const quote = (value: string): string => (value === last.value ? last.quoted : JSON.stringify(value));

/** An address, or undefined for what is none. `URL.parse` and `URL.canParse` are newer than the oldest browsers that are served. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

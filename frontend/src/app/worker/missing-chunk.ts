/** How Chromium, Firefox and Safari say that a part of the app could not be loaded, and Angular of a `@defer` block (NG0750). */
const WORDS =
  /\bNG0750\b|failed to fetch dynamically imported module|error loading dynamically imported module|importing a module script failed/i;

/** Whether an error, or what it was caused by, is an `import()` that failed. */
export function isMissingChunk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Angular and zones put what a promise was refused with into `rejection`.
  const within = 'rejection' in error ? error.rejection : error.cause;
  return WORDS.test(error.message) || (within !== error && isMissingChunk(within));
}

/** The script an app starts with: its name changes with every build. */
export const entryOf = (page: Document): string | undefined =>
  page.querySelector('script[type=module][src]')?.getAttribute('src') ?? undefined;

/** What is known when a part of the app is missing. */
export interface Missing {
  /** The entry of the app that runs, and of the one the server has now; undefined where it cannot be asked. */
  readonly own: string | undefined;
  readonly served: string | undefined;
  /** The entry that a page was already reloaded for. */
  readonly tried: string | null;
  /** Whether a reload would end a call. */
  readonly held: boolean;
}

/**
 * What helps: a reload where the server has another app, but once only, so that a worker which keeps an old one cannot turn
 * the page in a circle; the same after a call; else a connection, or patience.
 */
export function cureFor({ own, served, tried, held }: Missing): 'reload' | 'later' | 'retry' {
  if (served === undefined || served === own || served === tried) return 'retry';
  return held ? 'later' : 'reload';
}

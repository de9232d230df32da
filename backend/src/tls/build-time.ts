import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A moment before which this version cannot have been made, whenever it was built. */
const EARLIEST = Date.UTC(2026, 0, 1);

const APP_DIR = join(import.meta.dirname, '..', '..', '..', 'dist', 'app');

/**
 * When the app was built: a moment that has certainly passed, so a clock that is earlier is wrong. The builder writes it
 * down for the service worker, in a file that comes along wherever the app is copied to, which its own dates need not.
 * @param appDir where the built app is; `dist/app` unless told otherwise
 * @returns ms since 1970; some day before it where there is no build
 */
export async function buildTime(appDir = APP_DIR): Promise<number> {
  const text = await readFile(join(appDir, 'ngsw.json'), 'utf8').catch(() => '{}');
  return Math.max(EARLIEST, timestampIn(text));
}

function timestampIn(text: string): number {
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null || !('timestamp' in manifest)) return 0;
    return typeof manifest.timestamp === 'number' ? manifest.timestamp : 0;
  } catch {
    return 0; // Half a build says nothing.
  }
}

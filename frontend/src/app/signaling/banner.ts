import { type LinkStatus } from './signaling';

/** How long the link may be away before anybody is told, ms. */
export const SHOWN_AFTER_MS = 1_500;

/** How long before the other addresses of the server are shown, ms: a restart or a walk through the cellar takes less. */
export const ELSEWHERE_AFTER_MS = 15_000;

/** What the line says (a text under `signaling`), and what one can do about it. */
export interface Banner {
  readonly words: 'offline' | 'connecting' | 'waiting' | 'restarting' | 'replaced' | 'outdated';
  readonly act?: 'retry' | 'takeBack' | 'update';
}

/**
 * The line that is shown, after the one before it: one that says the server does not answer stays through every further
 * attempt, else it would come and go with each of them, and the page under it up and down.
 */
export const steadyBanner = (now: Banner | null, before: Banner | null | undefined): Banner | null =>
  now?.words === 'connecting' && (before?.words === 'waiting' || before?.words === 'restarting') ? before : now;

/**
 * The words for a state of the link.
 * @param online what the browser says of the network
 * @param isLate whether the link has been away for longer than a moment
 * @returns null while there is nothing to say
 */
export function bannerOf(status: LinkStatus, online: boolean, isLate: boolean): Banner | null {
  if (status.is === 'replaced') return { words: 'replaced', act: 'takeBack' };
  if (status.is === 'outdated') return { words: 'outdated', act: 'update' };
  if (status.is === 'live' || status.is === 'off') return null;
  if (!online) return { words: 'offline' };
  if (!isLate) return null;
  if (status.is !== 'waiting') return { words: 'connecting' };
  return status.restarting ? { words: 'restarting' } : { words: 'waiting', act: 'retry' };
}

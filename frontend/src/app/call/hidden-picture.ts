import { computed, effect, inject } from '@angular/core';
import { CallLink } from './call-link';

/** An action that is newer than the library's types (W3C Media Session, 5). */
const ACTION = 'enterpictureinpicture' as MediaSessionAction;

/**
 * Lets the other person's picture stand over all other windows when the page is hidden: a browser that does so asks the page for
 * it, and no touch is needed then. Where the browser knows no such question, nothing happens. To be called in an injection
 * context.
 */
export function pictureWhileHidden(): void {
  const link = inject(CallLink);
  const isSeen = computed(() => (link.peer()?.video ?? 'none') !== 'none' && link.picture() !== null);
  effect(onCleanup => {
    if (!isSeen() || !('mediaSession' in navigator)) return;
    listen(() => void showOverAll());
    onCleanup(() => listen(null));
  });
}

function listen(handler: (() => void) | null): void {
  try {
    navigator.mediaSession.setActionHandler(ACTION, handler);
  } catch {
    // An action that this browser does not know.
  }
}

/** The one of the stage, or of the small view: whichever is drawn. */
async function showOverAll(): Promise<void> {
  const video = document.querySelector<HTMLVideoElement>('parley-voice video.remote, parley-small-call video');
  // Refused, or there is no frame yet: the call goes on without it.
  await video?.requestPictureInPicture().catch(() => undefined);
}

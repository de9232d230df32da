import { DestroyRef, inject } from '@angular/core';
import { Layers } from '../look/layers';

/** Full screen is a layer over the stage: Back leaves it first. Escape leaves it by the browser, which tells no page. */
export function fullScreenLayer(): void {
  const layers = inject(Layers);
  const ended = new AbortController();
  let release: (() => void) | undefined;
  const follow = () => {
    release?.();
    release = document.fullscreenElement === null ? undefined : layers.open(() => void document.exitFullscreen());
  };
  document.addEventListener('fullscreenchange', follow, { signal: ended.signal });
  inject(DestroyRef).onDestroy(() => {
    ended.abort();
    release?.();
  });
}

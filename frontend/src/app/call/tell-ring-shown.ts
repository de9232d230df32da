import { afterNextRender } from '@angular/core';
import { type Call } from './call';

/**
 * Tells the caller that this device rings, once the ring is drawn and not by a page that is frozen. To be called in the constructor
 * of what shows the ring.
 */
export function tellRingShown(call: Pick<Call, 'dispatch'>): void {
  const shown = () => call.dispatch({ type: 'ring-shown' });
  // A page in the background draws no frames; it is heard, and its title and notification are seen.
  afterNextRender(() => (document.hidden ? setTimeout(shown) : requestAnimationFrame(shown)));
}

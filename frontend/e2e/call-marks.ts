import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** When each thing was last seen in this page, in ms since 1970 with fractions: clocks of pages can be compared. */
    marks: { placed: number; rung: number; accepted: number; framed: number };
  }
}

/** Notes in the page itself when a call is placed, shown and accepted, and when its first remote frame is shown. */
export function markCalls(page: Page): Promise<void> {
  return page.evaluate(() => {
    const marks: Window['marks'] = { placed: 0, rung: 0, accepted: 0, framed: 0 };
    window.marks = marks;
    const now = () => performance.timeOrigin + performance.now();
    const noteClick = ({ target }: Event) => {
      const label = target instanceof Element ? (target.closest('button')?.getAttribute('aria-label') ?? '') : '';
      if (label.startsWith('Video call')) marks.placed = now();
      if (label === 'Accept') marks.accepted = now();
    };
    document.addEventListener('click', noteClick, { capture: true });
    const seen = new WeakSet<Element>();
    const first = (selector: string): HTMLElement | undefined => {
      const found = document.querySelector<HTMLElement>(selector);
      if (!found || seen.has(found)) return undefined;
      seen.add(found);
      return found;
    };
    new MutationObserver(() => {
      // Shown is what has been drawn: the frame after the one in which it was put there.
      if (first('parley-incoming-call dialog')) requestAnimationFrame(() => (marks.rung = now()));
      const video = first('video.remote');
      if (video instanceof HTMLVideoElement) video.requestVideoFrameCallback(() => (marks.framed = now()));
    }).observe(document.body, { childList: true, subtree: true });
  });
}

/** What was noted, once the first frame was; and everything is forgotten. */
export function takeMarks(page: Page): Promise<Window['marks']> {
  return page.evaluate(() => {
    const taken = { ...window.marks };
    Object.assign(window.marks, { placed: 0, rung: 0, accepted: 0, framed: 0 });
    return taken;
  });
}

import type { Page } from 'playwright-core';

/**
 * What is shown now and can be tapped, but answers taps on less than 44 × 44 px (WCAG 2.2, 2.5.5; 2 px of rounding). Links inside a sentence are excepted, as there.
 * @returns a line for each, with its size
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const NEEDED = 44;
    const targets = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=switch], [role=radio]';
    const faults: string[] = [];
    /** Whether a tap at a point is one on the element, or on the label that stands for it. */
    const answers = (element: Element, x: number, y: number): boolean => {
      const hit = document.elementFromPoint(x, y);
      if (!hit) return false;
      const label = hit.closest('label');
      const labelled = label?.control ?? null;
      // Material draws the radio button and its words around an input that lies beneath.
      const whole = element.closest('mat-radio-button') ?? element;
      return whole.contains(hit) || (labelled !== null && element.contains(labelled));
    };
    for (const element of document.querySelectorAll<HTMLElement>(targets)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.unseen, [inert]')) continue;
      const clip = getComputedStyle(element).clipPath;
      const isInline =
        element.matches('p a, li > a:not([class]), .words a') && getComputedStyle(element).display === 'inline';
      if (clip !== 'none' || isInline || (element instanceof HTMLInputElement && element.type === 'file')) continue;
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      await new Promise(resolve => requestAnimationFrame(resolve));
      const { left, top, width, height } = element.getBoundingClientRect();
      if (width === 0 || height === 0) continue;
      const [x, y] = [left + width / 2, top + height / 2];
      /** How far from the middle a tap still is one on it, px; past the edge of the window its own size counts. */
      const reach = (dx: number, dy: number, own: number): number => {
        for (let far = 1; far <= NEEDED; far++) {
          const [px, py] = [x + dx * far, y + dy * far];
          if (px < 0 || py < 0 || px >= innerWidth || py >= innerHeight) return Math.max(far - 1, own);
          if (!answers(element, px, py)) return far - 1;
        }
        return NEEDED;
      };
      const wide = reach(-1, 0, width / 2) + reach(1, 0, width / 2);
      const high = reach(0, -1, height / 2) + reach(0, 1, height / 2);
      const isSmall = Math.min(wide, high) < NEEDED - 2;
      if (!isSmall) continue;
      const name = element.getAttribute('aria-label') ?? element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
      faults.push(`${element.tagName.toLowerCase()} "${name}" answers on ${wide} × ${high} px`);
    }
    return faults;
  });

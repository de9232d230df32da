import type { Page } from 'playwright-core';

/**
 * What is shown now and can be tapped, but answers at less than 44 × 44 px (WCAG 2.2, 2.5.5): a tap 21 px from its middle goes
 * elsewhere. Links inside a sentence are excepted, as there.
 * @returns a line for each, with its size
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const REACH = 21;
    const targets = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=switch], [role=radio]';
    const faults: string[] = [];
    /** Whether a tap at a point is one on the element, or on the label that stands for it. */
    const answers = (element: Element, x: number, y: number): boolean => {
      const hit = document.elementFromPoint(x, y);
      if (!hit) return false;
      const label = hit.closest('label');
      const labelled = label?.control ?? null;
      return element.contains(hit) || hit.contains(element) || (labelled !== null && element.contains(labelled));
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
      const points = [
        [x - REACH, y],
        [x + REACH, y],
        [x, y - REACH],
        [x, y + REACH],
      ] as const;
      // What touches the edge of the window cannot be asked beyond it: there its own size counts.
      const isOutside = (px: number, py: number): boolean => px < 0 || py < 0 || px >= innerWidth || py >= innerHeight;
      const isSmall = points.some(([px, py]) =>
        isOutside(px, py) ? Math.min(width, height) < 44 : !answers(element, px, py),
      );
      if (!isSmall) continue;
      const name = element.getAttribute('aria-label') ?? element.textContent.trim().replace(/\s+/g, ' ').slice(0, 40);
      faults.push(`${element.tagName.toLowerCase()} "${name}" is ${Math.round(width)} × ${Math.round(height)} px`);
    }
    return faults;
  });

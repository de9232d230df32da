import type { Page } from 'playwright-core';

/**
 * A text on a page: how large it is drawn, px, and whether it is cut where it does not end in "…". `key`: the text, and which
 * of several alike it is.
 */
export type Sized = { key: string; text: string; size: number; cut: boolean };

/** Every text that is shown now. */
export const unscaledText = (page: Page): Promise<Sized[]> =>
  page.evaluate(() => {
    const found: Sized[] = [];
    const times = new Map<string, number>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? '';
      if (!element?.checkVisibility({ visibilityProperty: true }) || text === '') continue;
      if (element.closest('.unseen, .skip, svg, script, style, [aria-hidden=true]')) continue;
      const { fontSize, overflowY, textOverflow } = getComputedStyle(element);
      const cut =
        overflowY !== 'visible' &&
        textOverflow !== 'ellipsis' &&
        element.scrollHeight > element.clientHeight + 2 &&
        !/auto|scroll/.test(overflowY);
      const nth = (times.get(text) ?? 0) + 1;
      times.set(text, nth);
      found.push({ key: `${text} #${nth}`, text, size: parseFloat(fontSize), cut });
    }
    return found;
  });

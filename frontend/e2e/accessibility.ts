import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { SIZES } from './chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The narrowest window a person may have, px. */
const NARROWEST = { width: 320, height: 640 };

/** Both layouts and both schemes, each once: colours do not know how large the page is, and each look is drawn in software. */
const LOOKS = [
  { size: 'phone', viewport: NARROWEST, colorScheme: 'light' },
  { size: 'desktop', viewport: SIZES.desktop, colorScheme: 'dark' },
] as const;

/**
 * Looks at what a page shows now on a narrow phone, light, and on a desktop, dark: what axe finds, and what is wider than its
 * window. Leaves the page as large as a desktop, and dark.
 * @param screen said with each finding
 * @param within a selector: axe looks at this part alone, where the rest was looked at before
 */
export function faultsOf(page: Page, screen: string, within = 'html'): Promise<string[]> {
  return faultsOfEach(page, [screen], () => Promise.resolve(), within);
}

/**
 * The same for many screens of a page: all of them on a phone, then on a desktop, because going to a screen costs half of
 * changing it.
 * @param open goes to a screen; called twice for each
 */
export async function faultsOfEach(
  page: Page,
  screens: readonly string[],
  open: (screen: string) => Promise<void>,
  within = 'html',
): Promise<string[]> {
  const faults: string[] = [];
  for (const { size, viewport, colorScheme } of LOOKS) {
    await Promise.all([page.setViewportSize(viewport), page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })]);
    for (const screen of screens) {
      await open(screen);
      // Not a script tag, which the content security policy forbids.
      if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
      await rests(page);
      const found = await axe(page, within, { resultTypes: ['violations'], preload: false });
      faults.push(...found.map(fault => `${screen}, ${size}, ${colorScheme}: ${fault}`));
      faults.push(...(await tooWide(page)).map(fault => `${screen}, ${viewport.width} px: ${fault}`));
    }
  }
  return faults;
}

/**
 * Colours and panes are where they go to: even the short way takes a frame. What inherits a colour that is on its way sets
 * out anew with it, so one transition's end is not the end of all: nothing has moved when nothing is left to wait for.
 */
const rests = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (;;) {
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const moving = document
        .getAnimations()
        .filter(({ effect, playState }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
      if (moving.length === 0) return;
      await Promise.allSettled(moving.map(one => one.finished));
    }
  });

const axe = (page: Page, within: string, options: RunOptions): Promise<string[]> =>
  page.evaluate(
    async ([part, how]) => {
      const { axe } = window as unknown as { axe: { run(within: string, how: RunOptions): Promise<AxeResults> } };
      const { violations } = await axe.run(part, how);
      return violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    },
    [within, options] as const,
  );

/** What can be scrolled sideways, and what sticks out at a side of the window. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const name = ({ tagName, className }: Element): string => `${tagName.toLowerCase()}.${String(className)}`;
    const scrolls = (element: Element): boolean =>
      element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX);
    return [...document.querySelectorAll('*')].flatMap(element => {
      if (scrolls(element) && element.scrollWidth > element.clientWidth + 1)
        return [`${name(element)} scrolls sideways`];
      const { left, right, width } = element.getBoundingClientRect();
      const isControl = element.matches('button, a, input, textarea') && element.checkVisibility();
      return isControl && width > 1 && (left < -1 || right > innerWidth + 1) ? [`${name(element)} sticks out`] : [];
    });
  });

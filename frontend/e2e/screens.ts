import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** Every page of somebody signed in that has an address of its own, and the heading by which it is known to stand. */
export const PAGES = [
  '/chats',
  '/calls',
  '/contacts',
  '/contacts/add',
  '/contacts/invite',
  '/share',
  '/call-test',
  '/settings',
  '/settings/profile',
  '/settings/password',
  '/settings/delete-account',
  '/settings/devices',
  '/settings/devices/approve',
  '/settings/keys',
  '/settings/recovery-code',
  '/settings/privacy',
  '/settings/notifications',
  '/settings/appearance',
  '/settings/storage',
  '/settings/install',
  '/settings/about',
] as const;

/**
 * Goes to a page of the app that is open, as Back goes to one: the router follows, and nothing is loaded again. For specs that
 * look at many pages.
 */
export async function visit(page: Page, path: string): Promise<void> {
  if (new URL(page.url()).pathname === path) return stands(page);
  // A layer that was open, such as a call's stage, has left a history entry that Back passes over: what follows is no Back.
  if (await page.evaluate(() => (history.state as { parleyLayers?: number } | null)?.parleyLayers !== undefined)) {
    await page.goto(new URL(path, page.url()).href);
    return stands(page);
  }
  await page.evaluate(to => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  // The router numbers what it has shown.
  await page.waitForFunction(() => (history.state as { navigationId?: number } | null)?.navigationId !== undefined);
  await stands(page);
}

/** Waits until a page stands: it has a title, and nothing of it is a grey place any more. */
export async function stands(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await until(
    'the page is drawn',
    () => page.locator('.skeleton').count(),
    waiting => waiting === 0,
  );
}

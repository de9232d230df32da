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
  '/settings/privacy',
  '/settings/notifications',
  '/settings/appearance',
  '/settings/storage',
  '/settings/install',
  '/settings/about',
] as const;

/** Waits until a page stands: it has a title, and nothing of it is a grey place any more. */
export async function stands(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await until(
    'the page is drawn',
    () => page.locator('.skeleton').count(),
    waiting => waiting === 0,
  );
}

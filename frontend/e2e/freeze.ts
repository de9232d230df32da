import type { Browser } from 'playwright-core';

/** The processes that run a browser's pages. */
async function renderers(browser: Browser): Promise<number[]> {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  await cdp.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/**
 * Stops every page of a browser in its tracks, as a phone does with pages in the background: its browser still answers
 * pings, the page does nothing.
 * @returns lets them go on
 */
export async function freeze(browser: Browser): Promise<() => void> {
  const frozen = await renderers(browser);
  if (frozen.length === 0) throw new Error('no page to freeze');
  for (const pid of frozen) process.kill(pid, 'SIGSTOP');
  return () => frozen.forEach(pid => process.kill(pid, 'SIGCONT'));
}

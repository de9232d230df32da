/**
 * The first sync of a new device with very many contacts and conversations, and what a typed letter and the opening of
 * Contacts cost then, against the same with few, in the same run. Prints; keeps nothing.
 *   node frontend/e2e/bench-sync.ts [conversations] [few]
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fillCrowd } from '../../scripts/bench-crowd.ts';
import { quantile } from '../../scripts/bench-spread.ts';
import { WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import { PASSWORD } from './person.ts';
import { taskTimes } from './task-times.ts';
import { until } from './until.ts';

const MANY = Number(process.argv[2] ?? 1_000);
const FEW = Number(process.argv[3] ?? 10);
const MESSAGES = 5;
const LETTERS = 40;
/** Requests, ms until the list is whole, ms of the processor in the longest task since the sign-in, ms a letter (median). */
const GOALS = { requests: 10, whole: 5_000, task: 100, letter: 16 };

interface Figures {
  requests: number;
  whole: number;
  task: number;
  taskByClock: number;
  workers: number;
  letter: number;
  contacts: number;
  rows: number;
}

const setSize = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.querySelector('parley-chat-page li')?.getAttribute('aria-setsize') ?? 0));

async function measured(count: number): Promise<Figures> {
  const place = await Installation.open();
  try {
    const first = await place.member('Mira Sand');
    await first.close();
    await place.server.stop();
    await fillCrowd(join(place.server.directory, 'data'), first.username, count, MESSAGES);
    await place.server.start();
    const device = await place.arrival('Mira Sand', WITH_WORKER);
    const { page } = device;
    let requests = 0;
    let began = 0;
    page.on('response', response => {
      const { pathname } = new URL(response.url());
      if (pathname === '/api/auth/login') began = performance.now();
      else if (began > 0 && pathname.startsWith('/api/')) requests += 1;
    });
    await device.open('/sign-in');
    await page.getByLabel('Username').fill(device.username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    let whole = 0;
    let asked = 0;
    const task = await taskTimes(place.browser, page, async () => {
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await until(
        `all ${count} are listed`,
        () => setSize(page),
        size => size === count,
      );
      whole = performance.now() - began;
      asked = requests;
    });
    const workers = page.workers().length;
    const rows = await page.locator('parley-chat-row').count();
    await page.locator('parley-chat-row a').first().click();
    await device.composer.waitFor();
    const letter = await lettersOf(page);
    const opened = performance.now();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click();
    await page.locator('parley-contacts-page li').first().waitFor();
    const contacts = performance.now() - opened;
    return { requests: asked, whole, task: task.processor, taskByClock: task.wall, workers, letter, contacts, rows };
  } finally {
    await place.close();
  }
}

/** From a letter's input event to the end of the task that follows the next frame, ms; the median. */
async function lettersOf(page: Page): Promise<number> {
  const all = await page.evaluate(async letters => {
    const field = document.querySelector<HTMLTextAreaElement>('parley-composer textarea');
    if (!field) throw new Error('no composer');
    field.focus();
    const took: number[] = [];
    for (let i = 0; i < letters; i += 1) {
      field.value += 'a';
      const from = performance.now();
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.resolve();
      took.push(await new Promise<number>(resolve => setTimeout(() => resolve(performance.now() - from))));
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 30)));
    }
    return took;
  }, LETTERS);
  return quantile(all, 0.5);
}

const told = (
  count: number,
  { requests, whole, task, taskByClock, workers, letter, contacts, rows }: Figures,
): string =>
  `${count} conversations: ${requests} requests, listed after ${Math.round(whole)} ms, longest task ${Math.round(task)} ms of the processor ` +
  `(${Math.round(taskByClock)} ms by the clock), ${workers} worker, ` +
  `${rows} rows drawn, a letter ${letter.toFixed(1)} ms, Contacts ${Math.round(contacts)} ms`;

const few = await measured(FEW);
console.log(told(FEW, few));
const many = await measured(MANY);
console.log(told(MANY, many));
const missed = (['requests', 'whole', 'task', 'letter'] as const).filter(what => many[what] > GOALS[what]);
console.log(missed.length === 0 ? 'all goals are met' : `beyond the goal: ${missed.join(', ')}`);

import { fileURLToPath } from 'node:url';
import { newerKeys, oldestServed } from '../../scripts/newer-apis.ts';
import { WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of the platform only what can be taken away without also taking what every browser has of it. */
const PLATFORM = ['URL.parse_static', 'URL.canParse_static', 'AbortSignal.any_static', 'Element.checkVisibility'];
const LANGUAGE = 'javascript.builtins.';

/** What the oldest browser of package.json does not have, as paths: "Map.groupBy", "Intl.Segmenter". */
function missing(): string[] {
  const keys = newerKeys(oldestServed(ROOT));
  const platform = keys.filter(key => PLATFORM.some(one => key === `api.${one}`));
  return [
    ...keys.filter(key => key.startsWith(LANGUAGE)).map(key => key.slice(LANGUAGE.length)),
    ...platform.map(key => key.slice('api.'.length).replace('_static', '')),
  ];
}

/** In the page, before anything else runs: a class, its own functions and those of its objects. */
function takeAway(paths: string[]): void {
  for (const path of paths) {
    const [owner = '', name, more] = path.split('.');
    const holder = name === undefined ? globalThis : (globalThis as Record<string, unknown>)[owner];
    const inner = more === undefined ? holder : (holder as Record<string, unknown> | undefined)?.[name ?? ''];
    for (const one of [inner, (inner as { prototype?: object } | undefined)?.prototype])
      if (one) Reflect.deleteProperty(one, more ?? name ?? owner);
  }
}

describe('The oldest browser that is served', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = [await installation.arrival('Mira Sand', WITH_WORKER), await installation.arrival('Jonas Weber')];
    const gone = missing();
    expect(gone).toContain('Map.groupBy');
    expect(gone).toContain('URL.parse');
    for (const { context } of [mira, jonas]) await context.addInitScript(takeAway, gone);
    await Promise.all([mira.signUp(), jonas.register().then(one => one.comesIn())]);
    await mira.ask(jonas);
    await jonas.accept(mira);
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  it('lacks what newer ones have', async () => {
    const there = await mira.page.evaluate(() => [
      'groupBy' in Map,
      'parse' in URL,
      'any' in AbortSignal,
      'Segmenter' in Intl,
      'map' in Array.prototype,
    ]);
    expect(there).toEqual([false, false, false, false, true]);
  });

  it('shows a conversation with addresses and emoji in it, and finds in it', async () => {
    await mira.openChat(jonas);
    await mira.write('See https://parley.example/a_(b) 👨‍👩‍👧');
    await mira.write('👍🏽');
    await jonas.openChat(mira);
    const link = jonas.page.locator('parley-bubble').getByRole('link');
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe('https://parley.example/a_(b)');
    await jonas.page.locator('parley-bubble.large').waitFor();
    await jonas.page.getByRole('textbox', { name: 'Search people and messages' }).fill('parley.example');
    await jonas.page.locator('parley-found-list .row-line').waitFor();
  });

  it('rings, talks and keeps the log', async () => {
    await mira.page.getByRole('button', { name: /^Call/ }).click();
    await jonas.page.getByRole('button', { name: 'Accept' }).click();
    await mira.page.getByRole('button', { name: 'Hang up' }).waitFor();
    await mira.page.getByRole('button', { name: 'Hang up' }).click();
    await jonas.open('/calls');
    await until(
      'the call is in the log',
      () => jonas.page.locator('parley-call-row').count(),
      count => count === 1,
    );
  });
});

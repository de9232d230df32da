import { chromium, type Page } from 'playwright-core';
import { GROUND, plainLaunch, SIZES } from './chromium.ts';
import { edgesOf } from './edges.ts';
import { Installation } from './installation.ts';
import { Person } from './person.ts';
import { PAGES, visit } from './screens.ts';
import { smallTargets } from './targets.ts';
import { unscaledText } from './text-size.ts';

/** What axe does not see: how a screen follows the size of text, the system's colours, a finger, and a window's shape. */
describe('Every screen', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;
  let conversation: string;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = await installation.miraAndJonas();
    await mira.openChat(jonas);
    await mira.write('Did the new access point reach the shed?');
    await mira.write('👍');
    await mira.page.locator('parley-bubble.large').waitFor();
    conversation = new URL(mira.page.url()).pathname;
    await jonas.go('Chats');
    await jonas.page.locator('parley-chat-row .badge').waitFor();
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  const screens = () => [...PAGES, conversation];

  it('grows with the size of text a person has chosen in their browser, and has nothing smaller than 44 px to tap', async () => {
    const large = await chromium.launch(plainLaunch(GROUND.mira, ['--blink-settings=defaultFontSize=32']));
    const device = await Person.at(large, installation.server.origin, 'Mira Sand');
    const person = await (await device.addDevice()).comesIn();
    const faults: string[] = [];
    for (const path of screens()) {
      const found: Record<'one' | 'two', Awaited<ReturnType<typeof unscaledText>>> = { one: [], two: [] };
      for (const [size, { page }] of [
        ['one', mira],
        ['two', person],
      ] as const) {
        await page.setViewportSize(SIZES.phone);
        await visit(page, path);
        found[size] = await unscaledText(page);
        if (size === 'one') faults.push(...(await smallTargets(page)).map(fault => `${path}: ${fault}`));
      }
      const sizes = new Map(found.one.map(({ key, size }) => [key, size]));
      for (const { key, text, size, cut } of found.two) {
        const before = sizes.get(key);
        if (before !== undefined && size < before * 1.9) faults.push(`${path}: "${text}" stays at ${size} px`);
        if (cut) faults.push(`${path}: "${text}" does not fit in its line`);
      }
    }
    await large.close();
    await mira.page.setViewportSize(SIZES.desktop);
    expect(faults).toEqual([]);
  });

  it('keeps bubbles, badges, portraits, buttons and the current room where the system chooses the colours', async () => {
    const seen = async ({ page }: Person, path: string, parts: readonly string[]): Promise<string[]> => {
      await page.setViewportSize(SIZES.desktop);
      await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
      await visit(page, path);
      const faults: string[] = [];
      for (const part of parts) if ((await edgesOf(page, part)) < 0.5) faults.push(`${path}: ${part} has no edge`);
      return faults;
    };
    const faults = [
      ...(await seen(mira, conversation, [
        '.bubble',
        'parley-navigation .here .pill',
        '.letters',
        '.icon-button.primary',
      ])),
      ...(await seen(jonas, '/chats', ['parley-chat-row .badge', 'parley-navigation .badge'])),
      ...(await seen(mira, '/settings/profile', ['.button.small.tonal', '.field', '.row[aria-current]'])),
      ...(await seen(mira, '/settings/about', ['.note'])),
    ];
    for (const { page } of [mira, jonas]) await page.emulateMedia({ forcedColors: 'none', reducedMotion: null });
    expect(faults).toEqual([]);
  });

  it('uses the shape of its window: a rail and two panes on a tablet and on a phone on its side', async () => {
    const boxes = async (page: Page) => {
      const of = async (part: string) =>
        (await page.locator(part).first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      return { rail: await of('parley-navigation nav'), list: await of('.list'), detail: await of('.detail') };
    };
    for (const viewport of [
      { width: 820, height: 1180 },
      { width: 844, height: 390 },
      { width: 700, height: 1000 },
    ]) {
      await mira.page.setViewportSize(viewport);
      await visit(mira.page, conversation);
      await mira.composer.waitFor();
      const { rail, list, detail } = await boxes(mira.page);
      const said = `${viewport.width} × ${viewport.height}`;
      expect(rail.width).withContext(said).toBeLessThan(120);
      expect(rail.height).withContext(said).toBe(viewport.height);
      expect(list.width).withContext(said).toBeGreaterThanOrEqual(240);
      expect(detail.x)
        .withContext(said)
        .toBeGreaterThanOrEqual(list.x + list.width - 1);
      expect(detail.width).withContext(said).toBeGreaterThan(300);
    }
    // A small phone on its side has one pane, and still a rail.
    await mira.page.setViewportSize({ width: 640, height: 360 });
    await visit(mira.page, '/chats');
    expect((await boxes(mira.page)).rail.height).toBe(360);
    await mira.page.setViewportSize(SIZES.desktop);
  });

  it('at the doors has nothing smaller than 44 px to tap, and on a phone on its side shows a field of the form', async () => {
    const stranger = await installation.arrival('Somebody');
    // At another address the router would still be on its way to this one.
    await stranger.open('/sign-in');
    await stranger.page.setViewportSize(SIZES.phone);
    for (const path of ['/sign-in', '/sign-up', '/invite', '/reset']) {
      await visit(stranger.page, path);
      expect(await smallTargets(stranger.page))
        .withContext(path)
        .toEqual([]);
    }
    await stranger.page.setViewportSize({ width: 844, height: 390 });
    for (const path of ['/sign-in', '/sign-up']) {
      await stranger.open(path);
      await stranger.page.locator('input').nth(1).waitFor();
      const second = await stranger.page.locator('input').nth(1).boundingBox();
      expect(second && second.y + second.height)
        .withContext(path)
        .toBeLessThan(390);
    }
  });
});

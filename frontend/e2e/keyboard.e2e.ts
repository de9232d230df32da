import type { Locator, Page } from 'playwright-core';
import { Installation } from './installation.ts';
import { PASSWORD, type Person } from './person.ts';

/** So many stops no page has before the one a person wants. */
const MOST_STOPS = 40;

describe('By the keyboard alone', () => {
  it('somebody signs up, finds a person, asks them, and writes to them', async () => {
    const installation = await Installation.open();
    const jonas = await installation.member('Jonas Weber');
    const mira = await installation.arrival('Mira Sand');
    const { page } = mira;
    const { keyboard } = page;

    await mira.open('/');
    await arrive(mira, page.getByRole('link', { name: 'I am new here' }));
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Welcome to Parley' }).waitFor();
    for (const [label, text] of [
      ['Your name', mira.name],
      ['Username', mira.username],
      ['Password', PASSWORD],
    ] as const) {
      await arrive(mira, page.getByLabel(label, { exact: true }));
      await keyboard.type(text);
    }
    await keyboard.press('Enter');
    await mira.isIn();

    // Past the navigation at once.
    await arrive(mira, page.getByRole('button', { name: 'Skip to content' }));
    await keyboard.press('Enter');
    await page.locator('h1:focus').waitFor();

    await arrive(mira, page.getByRole('link', { name: 'Find people' }).first());
    await keyboard.press('Enter');
    // The field takes the focus by itself.
    await page.locator('input[type=search]:focus').waitFor();
    await keyboard.type('jonas');
    const ask = page.getByRole('button', { name: /Add.*Jonas Weber/ });
    await ask.waitFor();
    await arrive(mira, ask);
    await keyboard.press('Enter');
    await page.getByText('Request sent').waitFor();
    await jonas.accept(mira);

    const already = page.getByRole('link', { name: 'Contact Jonas Weber' });
    await already.waitFor();
    await arrive(mira, already);
    await keyboard.press('Enter');
    const message = page.getByRole('link', { name: 'Message', exact: true });
    await message.waitFor();
    await arrive(mira, message);
    await keyboard.press('Enter');
    await mira.composer.waitFor();
    await arrive(mira, mira.composer);
    await keyboard.type('Typed, not clicked');
    await keyboard.press('Enter');
    await jonas.openChat(mira);
    await jonas.reads('Typed, not clicked');
    expect(await installation.close()).toEqual([]);
  });
});

/**
 * Whether a person sees what has the focus: an outline on it, on what holds it, or on what stands for it; or an edge or ring
 * that it has only while it is focused.
 * @returns 'shown', else what does not show it
 */
const focusShows = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || focused === document.body) return 'nothing has the focus';
    const look = (element: Element, pseudo?: string): string => {
      const { outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow } = getComputedStyle(element, pseudo);
      const outline = outlineStyle === 'none' || outlineWidth === '0px' ? '' : `${outlineWidth} ${outlineColor}`;
      return [outline, borderColor, boxShadow].join(' | ');
    };
    const around = [
      focused,
      ...[focused.parentElement, focused.closest('.field, .search, .box, .row, label')].flatMap(one => one ?? []),
    ];
    const looks = (): string[] => around.flatMap(one => [look(one), look(one, '::after')]);
    // A colour that is still on its way looks as it did before.
    const settle = (): void => {
      for (const one of document.getAnimations())
        if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish();
    };
    settle();
    const withFocus = looks();
    focused.blur();
    settle();
    const without = looks();
    focused.focus({ preventScroll: true });
    const { width, height } = focused.getBoundingClientRect();
    const isThere = width > 2 && height > 2 && focused.checkVisibility();
    const name = focused.getAttribute('aria-label') ?? focused.textContent.trim().slice(0, 40);
    return isThere && withFocus.some((one, index) => one !== without[index])
      ? 'shown'
      : `no mark on ${focused.tagName} "${name}"`;
  });

/** Presses Tab until something has the focus, and sees at each stop that the focus shows. */
async function arrive(person: Person, target: Locator): Promise<void> {
  await target.waitFor();
  let hasWrapped = false;
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await target.evaluate(element => element === document.activeElement)) return;
    await person.page.keyboard.press('Tab');
    // Behind the last stop of a page the browser's own come, which a shell does not have.
    const isPastEnd = await person.page.evaluate(() => document.activeElement === document.body);
    if (isPastEnd && !hasWrapped) {
      hasWrapped = true;
      continue;
    }
    expect(await focusShows(person.page))
      .withContext(`stop ${stop + 1} before ${target.toString()}`)
      .toBe('shown');
  }
  throw new Error(`${target.toString()} is not reached by Tab`);
}

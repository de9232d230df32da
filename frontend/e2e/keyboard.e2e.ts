import type { Locator } from 'playwright-core';
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

/** Presses Tab until something has the focus, and sees that the focus shows. */
async function arrive(person: Person, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await target.evaluate(element => element === document.activeElement)) return;
    await person.page.keyboard.press('Tab');
  }
  throw new Error(`${target.toString()} is not reached by Tab`);
}

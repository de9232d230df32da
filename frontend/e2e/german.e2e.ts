import type { Page } from 'playwright-core';
import de from '../src/i18n/de.json' with { type: 'json' };
import en from '../src/i18n/en.json' with { type: 'json' };
import guestDe from '../src/i18n/guest.de.json' with { type: 'json' };
import guestEn from '../src/i18n/guest.en.json' with { type: 'json' };
import laterDe from '../src/i18n/later.de.json' with { type: 'json' };
import laterEn from '../src/i18n/later.en.json' with { type: 'json' };
import { Installation } from './installation.ts';
import { PAGES, visit } from './screens.ts';

const leaves = (words: unknown): string[] =>
  typeof words === 'string' ? [words] : Object.values(words as object).flatMap(leaves);

/** One page of each part of the app whose code and words come by themselves: it is opened cold, and the others are gone to. */
const COLD = ['/chats', '/calls', '/contacts', '/share', '/call-test', '/settings'];

/** What a translated page must not say: every English text that no German one equals. Gaps stand for anything. */
function englishTexts(): RegExp[] {
  const german = new Set([...leaves(de), ...leaves(laterDe), ...leaves(guestDe)]);
  const english = [...leaves(en), ...leaves(laterEn), ...leaves(guestEn)].filter(
    text => !german.has(text) && text.replace(/\{\{.*?\}\}/g, '').trim().length > 3,
  );
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return english.map(
    text =>
      new RegExp(
        `^${text
          .split(/\{\{.*?\}\}/)
          .map(escaped)
          .join('.+')}$`,
      ),
  );
}

/** A key that was shown in place of its text. */
const KEY = new RegExp(`^(${Object.keys({ ...en, ...laterEn }).join('|')})\\.[\\w.-]+$`);

/** Everything a page says, to those who see and those who hear. */
const said = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const texts = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
    for (const element of document.querySelectorAll('*'))
      for (const name of ['aria-label', 'placeholder', 'alt', 'title']) texts.push(element.getAttribute(name) ?? '');
    return texts.map(text => text.trim()).filter(text => text !== '');
  });

describe('In German', () => {
  it('no page shows a key or keeps an English text', async () => {
    const installation = await Installation.open();
    const [mira, jonas] = await installation.miraAndJonas();
    const setUp = /\/set-up#[\w-]{22}/.exec(installation.server.output)?.[0] ?? '';
    await mira.open(setUp);
    await mira.page.getByText('You are now the admin of this server.').waitFor();
    await mira.open();
    await mira.openChat(jonas);
    await mira.write('https://example.org');
    const conversation = new URL(mira.page.url()).pathname;
    await mira.page.getByRole('heading', { level: 1 }).getByRole('link', { name: 'Jonas Weber' }).click();
    await mira.page.getByRole('heading', { name: 'Jonas Weber', level: 2 }).waitFor();
    const person = new URL(mira.page.url()).pathname;
    await mira.open('/settings/appearance');
    await mira.page.getByRole('radio', { name: 'Deutsch' }).check();
    await mira.page
      .getByRole('heading', { name: 'Darstellung', level: 1 })
      .or(mira.page.getByText('Sprache'))
      .first()
      .waitFor();
    const english = englishTexts();
    expect(english.length).toBeGreaterThan(900);
    const foreign = async (page: Page, path: string): Promise<string[]> =>
      (await said(page))
        .filter(text => KEY.test(text) || english.some(pattern => pattern.test(text)))
        .map(text => `${path}: ${text}`);
    const found: string[] = [];
    for (const path of [...PAGES, conversation, person, `${person}/verify`]) {
      if (COLD.includes(path)) await mira.open(path);
      await visit(mira.page, path);
      found.push(...(await foreign(mira.page, path)));
    }
    // What an admin sees, with what can be done for somebody.
    await mira.open('/settings/accounts');
    await mira.page.locator('summary').filter({ hasText: 'Jonas Weber' }).click();
    await mira.page.locator('details[open] button').first().click();
    await mira.page.locator('details[open] parley-handed-link').waitFor();
    found.push(...(await foreign(mira.page, 'accounts')));
    // A call at both ends, afterwards, and in the list of calls.
    await jonas.open('/settings/appearance');
    await jonas.page.getByRole('radio', { name: 'Deutsch' }).check();
    await jonas.page.getByText('Sprache').first().waitFor();
    await mira.open(conversation);
    await mira.page.getByRole('button', { name: 'Videoanruf mit Jonas Weber' }).click();
    await jonas.page.getByRole('button', { name: 'Annehmen', exact: true }).waitFor();
    await mira.page.getByText('Klingelt auf').first().waitFor();
    found.push(...(await foreign(mira.page, 'calling')), ...(await foreign(jonas.page, 'called')));
    await jonas.page.getByRole('button', { name: 'Annehmen', exact: true }).click();
    await mira.page.getByRole('button', { name: 'Auflegen' }).waitFor();
    found.push(...(await foreign(mira.page, 'in a call')));
    await mira.page.mouse.move(220, 300);
    await mira.page.getByRole('button', { name: 'Auflegen' }).click();
    await jonas.page.getByText('Gespräch beendet').first().waitFor({ state: 'attached' });
    found.push(...(await foreign(jonas.page, 'after a call')));
    await mira.open('/calls');
    await mira.page.locator('parley-call-row').first().waitFor();
    found.push(...(await foreign(mira.page, 'list of calls')));
    const stranger = await installation.arrival('Somebody', { locale: 'de-DE' });
    await stranger.open('/sign-in');
    for (const path of ['/sign-in', '/sign-up', '/invite', '/set-up', '/reset']) {
      await visit(stranger.page, path);
      found.push(...(await foreign(stranger.page, path)));
    }
    expect(found).toEqual([]);
    expect(await mira.page.evaluate(() => document.documentElement.lang)).toBe('de');
    expect(await installation.close()).toEqual([]);
  });
});

import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { until } from './until.ts';

const DAY_MS = 86_400_000;

describe('A conversation', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = await installation.miraAndJonas();
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  const row = (person: Person, other: Person) => person.page.locator('parley-chat-row').filter({ hasText: other.name });
  const hasTitle = (person: Person, title: RegExp) =>
    until(
      `the title of ${person.name}'s window`,
      () => person.page.title(),
      seen => title.test(seen),
    );

  it('counts what is unread in the list, the navigation and the title, until it is read', async () => {
    await mira.openChat(jonas);
    await jonas.go('Contacts');
    for (const text of ['One', 'Two', 'Three']) await mira.write(text);
    const badge = jonas.page.getByRole('navigation', { name: 'Main' }).getByText('1 unread chat');
    await badge.waitFor({ state: 'attached' });
    await hasTitle(jonas, /^\(1\) Contacts · Parley$/);
    await mira.bubble('Three').getByText('Delivered').waitFor({ state: 'attached' });
    await jonas.go('Chats');
    await row(jonas, mira).getByText('3 unread').waitFor({ state: 'attached' });
    await jonas.openChat(mira);
    await hasTitle(jonas, /^Mira Sand · Parley$/);
    await badge.waitFor({ state: 'detached' });
    await mira.bubble('Three').getByText('Read').waitFor({ state: 'attached' });
    await row(mira, jonas).getByText('Read').waitFor({ state: 'attached' });
  });

  it('is searched alone from its header, and opens where something was found', async () => {
    await mira.openChat(jonas);
    await mira.page.getByRole('button', { name: 'Search this conversation' }).click();
    await mira.page.getByRole('textbox', { name: 'Search in Jonas Weber' }).and(mira.page.locator(':focus')).waitFor();
    await mira.page.keyboard.type('thr');
    const found = mira.page.locator('parley-found-list');
    await found.getByRole('heading', { name: 'Conversation with Jonas Weber' }).waitFor();
    await found.getByRole('link').filter({ hasText: 'You: Three' }).click();
    await mira.page.waitForURL(/seq=\d+/);
    await mira.bubble('Three').waitFor();
    await mira.page.getByRole('button', { name: 'Clear search' }).click();
    await mira.page.getByRole('textbox', { name: 'Search people and messages' }).waitFor();
  });

  it('keeps what was typed and not sent over a reload', async () => {
    await mira.openChat(jonas);
    await mira.composer.fill('Half a thought');
    await row(mira, jonas).getByText('Draft: Half a thought').waitFor();
    await until(
      'the draft is on the device',
      () => mira.page.evaluate(keptDrafts),
      drafts => drafts.includes('Half a thought'),
    );
    await mira.page.reload();
    await mira.hasDraft('Half a thought');
    await mira.composer.fill('');
  });

  it('says aloud what arrives in the conversation that is open, and not what was there before', async () => {
    await mira.write('Written before it was opened');
    await row(jonas, mira).getByText('Written before it was opened').waitFor();
    await jonas.openChat(mira);
    await jonas.reads('Written before it was opened');
    const aloud = jonas.page.locator('parley-conversation-page [role=status].unseen');
    expect((await aloud.allInnerTexts()).join('')).toBe('');
    await mira.write('Heard, not only seen');
    await aloud.getByText('Mira Sand: Heard, not only seen').waitFor({ state: 'attached' });
    await jonas.write('One’s own is not said');
    await mira.reads('One’s own is not said');
    expect((await aloud.allInnerTexts()).join('')).not.toContain('One’s own');
  });

  it('shows who is typing, in the list and among the messages', async () => {
    await jonas.openChat(mira);
    await mira.composer.pressSequentially('Let me think');
    await jonas.page.locator('parley-typing-bubble').getByText('Mira Sand is typing').waitFor({ state: 'attached' });
    await row(jonas, mira).getByText('typing…').waitFor();
    await mira.composer.fill('');
    await mira.write('Thought');
    await jonas.reads('Thought');
    await jonas.page.locator('parley-typing-bubble').waitFor({ state: 'detached' });
  });

  it('breaks a long text, and is never wider than the window', async () => {
    await mira.write(`${'long'.repeat(1500)} ${'and some words '.repeat(300)}`);
    await jonas.page.locator('parley-bubble').filter({ hasText: 'longlong' }).waitFor();
    for (const { page } of [mira, jonas]) {
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page
          .locator('parley-message-list .box')
          .evaluate(box => box.scrollWidth - box.clientWidth);
        expect(overflow).toBe(0);
        // A pane that slides in is beyond the edge for a moment.
        await until(
          'the page is as wide as its window',
          () => page.evaluate(() => document.documentElement.scrollWidth),
          wide => wide === width,
        );
      }
    }
  });

  it('opens http addresses and nothing else, and draws no markup', async () => {
    await mira.write(
      'See https://example.org/shed?b=1. Not javascript:alert(1) <img src=x onerror=alert(1)> data:text/html,x',
    );
    const bubble = jonas.page.locator('parley-bubble').filter({ hasText: 'onerror' });
    await bubble.waitFor();
    const links = await bubble.getByRole('link').evaluateAll(all => all.map(link => link.outerHTML));
    expect(links).toHaveSize(1);
    expect(links[0]).toContain('href="https://example.org/shed?b=1"');
    expect(links[0]).toContain('rel="noopener noreferrer nofollow"');
    expect(links[0]).toContain('target="_blank"');
    expect(await bubble.locator('img').count()).toBe(0);
  });

  it('takes an emoji from the board, and draws it large where it stands alone', async () => {
    const { page } = mira;
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('button', { name: '🙂' }).click();
    await page.keyboard.press('Escape');
    await mira.hasDraft('🙂');
    await page.getByRole('button', { name: 'Send' }).click();
    await jonas.page.locator('parley-bubble.large').filter({ hasText: '🙂' }).waitFor();
  });

  it('parts its days', async () => {
    await jonas.page.getByRole('heading', { name: 'Today' }).waitFor();
    const tomorrow = await installation.arrival('Jonas Weber');
    await tomorrow.page.clock.setFixedTime(Date.now() + DAY_MS);
    await (await tomorrow.addDevice()).comesIn();
    await tomorrow.openChat(mira);
    await tomorrow.page.getByRole('heading', { name: 'Yesterday' }).waitFor();
    expect(await tomorrow.page.getByRole('heading', { name: 'Today' }).count()).toBe(0);
  });
});

/** In the page: the texts of the drafts that its database keeps. */
async function keptDrafts(): Promise<string> {
  const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
  const opening = indexedDB.open(names.find(name => name.startsWith('parley-')) ?? '');
  await new Promise(resolve => (opening.onsuccess = resolve));
  const reading = opening.result.transaction('drafts').objectStore('drafts').getAll();
  await new Promise(resolve => (reading.onsuccess = resolve));
  opening.result.close();
  return JSON.stringify(reading.result);
}

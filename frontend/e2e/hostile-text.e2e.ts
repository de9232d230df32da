import { HOSTILE_TEXTS } from '../src/i18n/testing/hostile-texts.ts';
import { Caller } from './caller.ts';
import { acquainted, Installation } from './installation.ts';
import type { Person } from './person.ts';
import { until } from './until.ts';

/** A name of 64 characters at most, with a form of each kind in it. */
const NAME = "{{name}} {{ text }} $& $' %s <b>x</b> {n, plural, one {#}} &lt;";
const TEXT = HOSTILE_TEXTS.join(' ');

const plain = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim();

describe('Text that looks like a template or like HTML', () => {
  let installation: Installation;
  let mira: Person;
  let odd: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, odd] = await acquainted(await installation.arrival('Mira Sand'), await installation.arrival('Odd'));
    await odd.open('/settings/profile');
    await odd.page.getByLabel('Your name').fill(NAME);
    await odd.page.getByRole('button', { name: 'Save' }).click();
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  const hears = (person: Person, what: string, sentence: string) =>
    until(
      what,
      async () => (await person.page.locator('[role="status"], [aria-live]').allTextContents()).map(plain),
      said => said.includes(sentence),
    );
  const hasTitle = (title: string) =>
    until(
      `the title ${title}`,
      () => mira.page.title(),
      seen => seen === title,
    );
  const row = () => mira.page.locator('parley-chat-row');

  it('is shown as it was written, as a name', async () => {
    await mira.open('/contacts');
    await mira.page.locator('.row-name', { hasText: NAME }).click();
    await mira.page.getByRole('heading', { name: NAME }).waitFor();
    await hasTitle(`${NAME} · Parley`);
    await mira.page.getByRole('button', { name: 'Block', exact: true }).click();
    const question = mira.page.getByRole('dialog', { name: `Block ${NAME}?` });
    expect(plain(await question.textContent())).toContain(`${NAME} can no longer`);
    await question.getByRole('button', { name: 'Cancel' }).click();
  });

  it('is shown as it was written, as a message: in the chat, the list, aloud and in a search', async () => {
    await mira.open('/chats');
    await row().getByRole('link').click();
    await mira.page.getByRole('log', { name: `Conversation with ${NAME}` }).waitFor();
    await odd.openChat(mira);
    await odd.composer.pressSequentially('{{');
    await mira.page.getByText(`${NAME} is typing`).waitFor({ state: 'attached' });
    await odd.write(TEXT);
    await hears(mira, 'the announcement', plain(`${NAME}: ${TEXT}`));
    expect(plain(await mira.page.locator('parley-bubble .words').textContent())).toBe(plain(TEXT));
    await until(
      'the line in the list',
      async () => plain(await row().locator('.row-line').textContent()),
      line => line === plain(TEXT),
    );
    await mira.composer.fill(TEXT);
    await until(
      'the draft in the list',
      async () => plain(await row().locator('.row-line').textContent()),
      line => line === plain(`Draft: ${TEXT}`),
    );
    await mira.page.getByRole('button', { name: 'Send' }).click();
    const search = mira.page.getByRole('textbox', { name: 'Search people and messages' });
    await search.fill('{{ user.name }}');
    const found = mira.page.locator('parley-found-list .row-line');
    await until(
      'both are found',
      () => found.count(),
      count => count === 2,
    );
    for (const line of await found.allTextContents()) expect(line).toContain('{{ user.name }}');
    await search.fill('{{words}} $&');
    await hears(mira, 'that nothing is found', 'Nothing found for “{{words}} $&”');
    await search.fill('');
  });

  it('is shown as it was written while it rings, in a call and after it', async () => {
    await odd.page.getByRole('button', { name: /^Call/ }).click();
    const ring = mira.page.getByRole('dialog').filter({ hasText: NAME });
    await ring.getByRole('heading', { name: NAME }).waitFor();
    await hasTitle(`${NAME} is calling`);
    await ring.getByRole('button', { name: 'Accept' }).click();
    await mira.page.getByRole('group', { name: `Call with ${NAME}` }).waitFor();
    await hears(mira, 'what is heard of them', `${NAME} can be heard. ${NAME}’s camera is off`);
    await odd.page.getByRole('button', { name: 'Hang up' }).click();
    await new Caller(odd).closesOutcome();
    await mira.page.getByRole('dialog', { name: /ended/i }).waitFor();
    await new Caller(mira).closesOutcome();
    await mira.open('/calls');
    await mira.page.getByRole('button', { name: `Call ${NAME}` }).waitFor();
  });

  it('is shown as it was written in a notification', async () => {
    await mira.open('/chats');
    await row().waitFor();
    await mira.page.evaluate(hideAndRemember);
    await odd.write(TEXT);
    const told = () => mira.page.evaluate(() => (window as unknown as { told: [string, string][] }).told);
    await until('the notification', told, all => all.length === 1);
    const [[title, body] = ['', '']] = await told();
    expect(title).toBe(NAME);
    expect(plain(body)).toMatch(/…$/);
    expect(TEXT.startsWith(body.slice(0, -1))).toBeTrue();
  });

  it('is shown as it was written in German', async () => {
    await mira.open('/settings/appearance');
    await mira.page.getByRole('radio', { name: 'Deutsch' }).check();
    await mira.open('/chats');
    await row().getByRole('link').click();
    await mira.page.getByRole('log', { name: `Unterhaltung mit ${NAME}` }).waitFor();
    await odd.openChat(mira);
    await odd.write('{{text}}');
    await hears(mira, 'the announcement', `${NAME}: {{text}}`);
    await mira.page.getByRole('textbox', { name: 'Nachricht', exact: true }).fill('{{text}}');
    await until(
      'the draft in the list',
      async () => plain(await row().locator('.row-line').textContent()),
      line => line === 'Entwurf: {{text}}',
    );
  });
});

/** In the page: it is out of sight, and what it would show as notifications is kept. */
function hideAndRemember(): void {
  const told: [string, string][] = [];
  class Remembered {
    static readonly permission = 'granted';
    constructor(title: string, { body = '' }: NotificationOptions) {
      told.push([title, body]);
    }
    readonly close = (): void => undefined;
  }
  Object.assign(window, { told, Notification: Remembered });
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
}

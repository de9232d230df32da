import type { Browser, BrowserContext, BrowserContextOptions, Page, Response } from 'playwright-core';
import { probe } from './call-probe.ts';
import { PERSON } from './chromium.ts';
import { showsOnFailure } from './on-screen.ts';
import { PATIENCE_MS, until } from './until.ts';
import { watchPage, type Complaints } from './complaints.ts';
import { keepSession, makeContacts, openSession, type Session } from './session.ts';

/** Long, unlike any name here, and the same for everybody: what is tested is not how well it is chosen. */
export const PASSWORD = 'seven lanterns on the quay';

/** What is known of somebody wherever they are, whatever browser they use. */
export type Somebody = Pick<Person, 'name' | 'username'>;

/** The list of devices is what a device publishes last of its first keys. */
const isPublished = (answer: Response): boolean =>
  answer.ok() && answer.request().method() === 'PUT' && answer.url().endsWith('/api/keys/device-list');

/** Somebody at a device: a browser profile, its page, and what a person does there, by what a person can see. */
export class Person {
  readonly name: string;
  readonly username: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page should never have said. */
  readonly complaints: Complaints;
  private readonly origin: string;
  private session: Session | undefined;
  private readonly published: Promise<boolean>;

  constructor(name: string, context: BrowserContext, page: Page, origin: string) {
    this.name = name;
    this.username = name.toLowerCase().replace(/[^a-z]/g, '_');
    this.context = context;
    this.page = page;
    this.origin = origin;
    this.complaints = watchPage(page);
    this.published = page.waitForResponse(isPublished, { timeout: 0 }).then(
      () => true,
      () => false,
    );
    page.setDefaultTimeout(PATIENCE_MS);
    showsOnFailure({ name, page });
  }

  /** A device on which nobody has signed in. */
  static async at(browser: Browser, origin: string, name: string, more: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({ ...PERSON, ...more });
    const page = await context.newPage();
    await probe(page);
    return new Person(name, context, page, origin);
  }

  get browser(): Browser {
    const browser = this.context.browser();
    if (!browser) throw new Error(`the browser of ${this.name} is closed`);
    return browser;
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(this.origin + path);
  }

  /**
   * Makes the account by REST, and lets this device in; no page is opened. For all specs that are not about the form: with
   * `comesIn` it costs half of `signUp`.
   */
  register(): Promise<this> {
    return this.openSession({ displayName: this.name });
  }

  /** Lets this device in by REST, as another one of its person; no page is opened. */
  addDevice(): Promise<this> {
    return this.openSession({});
  }

  /** Opens the app on a device that was let in. */
  async comesIn(): Promise<this> {
    await this.open('/chats');
    await this.isIn();
    return this;
  }

  /** Makes the two contacts by REST. Both have come by `register`. */
  async befriend(other: Person): Promise<void> {
    await makeContacts(this.context, this.origin, { one: this.itsSession, other: other.itsSession });
  }

  /** By the form. */
  async signUp(): Promise<this> {
    await this.open('/sign-up');
    return this.signsUpHere();
  }

  /** At the page that is open already. */
  async signsUpHere(): Promise<this> {
    await this.page.getByLabel('Your name').fill(this.name);
    await this.page.getByLabel('Username').fill(this.username);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.isIn();
    return this;
  }

  /** By the form. */
  async signIn(): Promise<this> {
    await this.open('/sign-in');
    await this.page.getByLabel('Username').fill(this.username);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.isIn();
    return this;
  }

  /** The chats are shown and the page can hear. */
  async isIn(): Promise<void> {
    const chats = this.page.getByRole('heading', { name: 'Chats', exact: true });
    await chats.waitFor().catch(async (cause: unknown) => {
      const instead = await this.page.locator('body').innerText();
      throw new Error(`${this.name} is not in; the page says instead:\n${instead}`, { cause });
    });
    await this.isLive();
  }

  /** The server has the keys of this new device: others can write to it and call it, also once its page is left. */
  async hasKeys(): Promise<void> {
    if (!(await this.published)) throw new Error(`${this.name} has left before the keys were published`);
  }

  /** Loads the page again. The server knows that it is there, which no line on a page says that has only just begun. */
  async reload(): Promise<void> {
    const welcomed = this.page
      .waitForEvent('websocket')
      .then(socket =>
        socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"type":"welcome"')),
      );
    await this.page.reload();
    await welcomed;
    await this.isLive();
  }

  /** The line that says there is no connection is gone. */
  async isLive(): Promise<void> {
    const banners = this.page.locator('parley-connection-banner .banner');
    await until(
      `${this.name} is connected`,
      () => banners.count(),
      shown => shown === 0,
    );
  }

  /** Finds somebody by name and asks them, in the app. */
  async ask(other: Somebody): Promise<void> {
    await this.go('Contacts');
    await this.page.getByRole('link', { name: 'Find people' }).first().click();
    await this.page.getByRole('searchbox', { name: 'Name or username' }).fill(other.username);
    await this.page.getByRole('button', { name: new RegExp(`Add.*${other.name}`) }).click();
    await this.page.getByText('Request sent').waitFor();
  }

  /** In the app. */
  async accept(other: Somebody): Promise<void> {
    await this.go('Contacts');
    await this.page.getByRole('button', { name: new RegExp(`Accept.*${other.name}`) }).click();
    await this.page
      .getByRole('link', { name: new RegExp(other.name) })
      .first()
      .waitFor();
  }

  /** To one of the four rooms. */
  async go(room: 'Chats' | 'Calls' | 'Contacts' | 'Settings'): Promise<void> {
    const link = this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: room });
    const back = this.page.getByRole('link', { name: 'Back' });
    // A phone shows one of the two; a page that is being loaded shows neither yet.
    await link.or(back).first().waitFor();
    if (!(await link.isVisible())) await back.first().click();
    await link.click();
    await this.page.getByRole('heading', { name: room, exact: true, level: 1 }).waitFor();
  }

  async openChat(other: Somebody): Promise<void> {
    await this.go('Chats');
    await this.page.locator('parley-chat-row').filter({ hasText: other.name }).getByRole('link').click();
    await this.composer.waitFor();
  }

  get composer() {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  /** Until exactly this stands in the composer, which it is put into once it was read from the device. */
  async hasDraft(text: string): Promise<void> {
    await until(
      `${this.name} has the draft ${JSON.stringify(text)}`,
      () => this.composer.inputValue(),
      draft => draft === text,
    );
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole('button', { name: 'Send' }).click();
  }

  /** A bubble with exactly this text. */
  bubble(text: string) {
    return this.page
      .locator('parley-bubble')
      .filter({ has: this.page.locator('.words', { hasText: new RegExp(`^\\s*${text}\\s*$`) }) });
  }

  async reads(text: string): Promise<void> {
    await this.bubble(text).waitFor();
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  private async openSession(more: { displayName?: string }): Promise<this> {
    const account = { username: this.username, password: PASSWORD, ...more };
    this.session = await openSession(this.context, this.origin, account);
    await keepSession(this.page, this.origin, this.session);
    return this;
  }

  private get itsSession(): Session {
    if (this.session === undefined) throw new Error(`${this.name} has not come by register()`);
    return this.session;
  }
}

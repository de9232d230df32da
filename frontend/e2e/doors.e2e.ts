import { Installation } from './installation.ts';
import { PASSWORD, type Person } from './person.ts';

describe('The doors', () => {
  let installation: Installation;
  let mira: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    mira = await installation.member('Mira Sand');
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  it('say that a username is taken, and keep what was typed', async () => {
    const { page, open } = field(await installation.arrival('Another Mira'));
    await open('/sign-up');
    await page.getByLabel('Your name').fill('Mira Sand');
    await page.getByLabel('Username').fill('Mira_Sand');
    await page.getByText('This username is taken.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('alert').getByText('Please check: Username.').waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Mira Sand');
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe(PASSWORD);
  });

  it('say what is weak about a password, and take none that is', async () => {
    const { page, open } = field(await installation.arrival('Noor Haddad'));
    await open('/sign-up');
    await page.getByLabel('Your name').fill('Noor Haddad');
    await page.getByLabel('Username').fill('noor');
    const password = page.getByLabel('Password', { exact: true });
    const words = {
      seven: 'Too short: at least ten characters.',
      Passwort1234: 'Too common: attackers try this first.',
      noorhaddad99: 'Too similar to your name.',
    };
    for (const [weak, said] of Object.entries(words)) {
      await password.fill(weak);
      await page.getByText(said).waitFor();
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByRole('alert').getByText('Please check: Password.').waitFor();
    }
    expect(new URL(page.url()).pathname).toBe('/sign-up');
    await password.fill('');
    await page.getByRole('button', { name: 'Suggest a password' }).click();
    await page.getByText('The server never sees it').waitFor();
    expect((await password.inputValue()).length).toBeGreaterThanOrEqual(10);
  });

  it('say that a password is wrong as they say that a name is unknown, and keep what was typed', async () => {
    const { page, open } = field(await installation.arrival('Somebody'));
    await open('/sign-in');
    for (const username of ['mira_sand', 'nobody_here']) {
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Password', { exact: true }).fill('not the right one');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').getByText('Username and password do not match.').waitFor();
      expect(await page.getByLabel('Username').inputValue()).toBe(username);
      expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('not the right one');
    }
  });

  it('stand before every room for somebody who is not signed in', async () => {
    const { page, open } = field(await installation.arrival('Somebody else'));
    for (const path of ['/', '/chats', '/settings/devices']) {
      await open(path);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    }
  });

  it('are open to somebody who is: a deep link draws its page cold', async () => {
    const jonas = await installation.member('Jonas Weber');
    await mira.befriend(jonas);
    await mira.openChat(jonas);
    const conversation = new URL(mira.page.url()).pathname;
    expect(conversation).toMatch(/^\/chats\/.+/);
    for (const [path, heading] of [
      [conversation, 'Jonas Weber'],
      ['/settings/devices', 'Devices'],
    ] as const) {
      await mira.open(path);
      await mira.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      expect(new URL(mira.page.url()).pathname).toBe(path);
    }
  });
});

const field = (person: Person) => ({ page: person.page, open: (path: string) => person.open(path) });

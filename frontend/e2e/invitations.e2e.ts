import { faultsOf } from './accessibility.ts';
import { Caller } from './caller.ts';
import { Installation } from './installation.ts';
import { PASSWORD, type Person } from './person.ts';
import { until } from './until.ts';

describe('a new installation', () => {
  let place: Installation;
  beforeAll(async () => {
    place = await Installation.open({ SIGN_UP: 'invitation' });
  });
  afterAll(async () => {
    expect(await place.close()).toEqual([]);
  });

  /** Fills the form of somebody new, who has a right to be here. */
  async function fill(person: Person): Promise<void> {
    await person.page.getByLabel('Your name').fill(person.name);
    await person.page.getByLabel('Username').fill(person.username);
    await person.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await person.page.getByRole('button', { name: 'Create account' }).click();
    await person.isIn();
  }
  /** Makes an invitation in the app. */
  async function invite(person: Person): Promise<{ code: string; link: string }> {
    await person.go('Contacts');
    await person.page.getByRole('link', { name: 'Find people' }).first().click();
    await person.page.getByRole('link', { name: 'Invite somebody who is not here yet' }).click();
    await person.page.getByRole('button', { name: 'Create invitation' }).click();
    const code = (await person.page.locator('strong.letters').innerText()).replace(' ', '');
    const link = await person.page.locator('parley-handed-link .link').first().innerText();
    return { code, link };
  }

  it('I3a, I6b, I8a, I9b begins with the set-up link, grows by invitations, and is looked after by its admin', async () => {
    const { server } = place;
    const faults: string[] = [];
    const setUp = await until(
      'the set-up link is printed',
      async () => /http:\/\/localhost:\d+(\/set-up#[\w-]{22})/.exec(server.output)?.[1] ?? '',
      path => path !== '',
    );

    const stranger = await place.arrival('A Stranger');
    await stranger.open('/');
    await stranger.page.getByText('This server has no admin yet').waitFor();
    await stranger.page.getByRole('link', { name: 'I am new here' }).click();
    await stranger.page.getByLabel('Invitation').waitFor();
    faults.push(...(await faultsOf(stranger.page, 'the code entry')));

    const mira = await place.arrival('Mira Sand');
    await mira.open(setUp);
    await mira.page.getByText('You are creating the admin’s account').waitFor();
    await fill(mira);

    const first = await invite(mira);
    // A guest whose device does not trust the server yet begins on plain http, and the code is not there.
    await mira.page.getByText('Does their device warn about this server?').click();
    const begin = await mira.page.locator('details .link').innerText();
    expect(begin).toMatch(new RegExp(`^http://(?!localhost).+:${server.httpPort}$`));
    faults.push(...(await faultsOf(mira.page, 'the page of an invitation')));
    expect(first.link).toMatch(/\/invite#[A-Z]{10}$/);

    // By the link, and by the letters.
    const jonas = await place.arrival('Jonas Weber');
    await jonas.open(`/invite#${first.code}`);
    await jonas.page.locator('parley-invitation-card').getByText('Mira Sand').waitFor();
    faults.push(...(await faultsOf(jonas.page, 'signing up by invitation')));
    await fill(jonas);
    await jonas.openChat(mira);
    await jonas.write('I am here');
    await mira.openChat(jonas);
    await mira.reads('I am here');

    await stranger.page.getByLabel('Invitation').fill(first.code);
    await stranger.page.getByRole('button', { name: 'Continue' }).click();
    await stranger.page.getByText('wrong or no longer valid').waitFor();
    const second = await invite(mira);
    await stranger.page
      .getByLabel('Invitation')
      .fill(`${second.code.slice(0, 5)} ${second.code.slice(5)}`.toLowerCase());
    await stranger.page.getByRole('button', { name: 'Continue' }).click();
    await stranger.page.getByText('invited you').waitFor();
    await fill(stranger);

    // They can call at once.
    const [caller, called] = [new Caller(stranger), new Caller(mira)];
    await caller.calls(mira, 'audio');
    await called.isRung(stranger);
    await called.declines();
    await caller.reads(/declined/i);
    await caller.closesOutcome();
    await caller.isFree();

    // Somebody who is in becomes a contact by an invitation, also by its letters.
    const third = await invite(stranger);
    await jonas.open('/contacts/add');
    await jonas.page.getByRole('link', { name: 'I have an invitation' }).click();
    await jonas.page.getByLabel('Invitation').fill(third.code);
    faults.push(...(await faultsOf(jonas.page, 'typing an invitation')));
    await jonas.page.getByRole('button', { name: 'Continue' }).click();
    await jonas.page.getByText('You and A Stranger are contacts now.').waitFor();
    await jonas.page.getByRole('link', { name: 'To your chats' }).click();

    await mira.go('Settings');
    await mira.page.getByRole('link', { name: 'Accounts' }).click();
    await mira.page.getByText('@jonas_weber').click();
    await mira.page.getByRole('button', { name: 'Reset link Jonas Weber' }).click();
    const reset = await mira.page.locator('parley-handed-link .link').innerText();
    faults.push(...(await faultsOf(mira.page, 'the accounts')));
    await mira.page.getByText('@a_stranger').click();
    await mira.page.getByRole('button', { name: 'Disable A Stranger' }).click();
    await mira.page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await stranger.page.getByText('This device was signed out').waitFor();

    const phone = await place.arrival('Jonas Weber');
    await phone.open(reset.slice(reset.indexOf('/reset')));
    await phone.page.getByText('Choose a new password for Jonas Weber').waitFor();
    faults.push(...(await faultsOf(phone.page, 'a reset')));
    await phone.page.getByLabel('New password', { exact: true }).fill(`${PASSWORD} again`);
    await phone.page.getByRole('button', { name: 'Change the password' }).click();
    await phone.page.getByText('Your password is changed').waitFor();
    await jonas.page.getByText('This device was signed out').waitFor();
    await phone.page.getByRole('link', { name: 'Sign in' }).click();
    await phone.page.getByLabel('Username').fill(phone.username);
    await phone.page.getByLabel('Password', { exact: true }).fill(`${PASSWORD} again`);
    await phone.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await phone.isIn();
    await until(
      'no code is in what the server logged',
      async () =>
        server.output
          .split('\n')
          .filter(line => line.startsWith('{'))
          .join(),
      lines => ![first, second, third].some(({ code }) => lines.includes(code)),
    );
    expect(faults).toEqual([]);
  });
});

import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { until } from './until.ts';

describe('Contacts', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;
  let ada: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    mira = await installation.member('Mira Sand');
    jonas = await installation.member('Jonas Weber');
    ada = await installation.member('Ada Okafor');
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  const navigation = ({ page }: Person) => page.getByRole('navigation', { name: 'Main' });
  const line = ({ page }: Person) => page.locator('parley-conversation-header .line');

  async function find(person: Person, other: Person): Promise<void> {
    await person.open(`/add/${other.username}`);
    await person.page.getByText(`@${other.username}`, { exact: true }).waitFor();
  }

  async function openPerson(person: Person, other: Person): Promise<void> {
    await person.go('Contacts');
    await person.page
      .locator('parley-contacts-page')
      .getByRole('link', { name: new RegExp(`^${other.name}`) })
      .first()
      .click();
    await person.page.getByRole('heading', { name: other.name, level: 2 }).waitFor();
  }

  /** Something said and heard after everything that went before. */
  async function exchange(one: Person, other: Person, text: string): Promise<void> {
    await one.openChat(other);
    await other.openChat(one);
    await other.write(text);
    await one.reads(text);
  }

  it('are asked, and may say no', async () => {
    await mira.ask(jonas);
    await navigation(jonas).getByText('1 request').waitFor({ state: 'attached' });
    await jonas.go('Contacts');
    await jonas.page.getByRole('button', { name: `Decline ${mira.name}` }).click();
    await jonas.page.getByRole('heading', { name: 'It is quiet here' }).first().waitFor();
    await mira.page.getByRole('button', { name: new RegExp(`Add.*${jonas.name}`) }).waitFor();
    await navigation(jonas).getByText('1 request').waitFor({ state: 'detached' });
  });

  it('who ask each other at once have said yes', async () => {
    await Promise.all([find(mira, jonas), find(jonas, mira)]);
    const ask = (person: Person, other: Person) =>
      person.page.getByRole('button', { name: new RegExp(`(Add|Accept).*${other.name}`) }).click();
    await Promise.all([ask(mira, jonas), ask(jonas, mira)]);
    for (const [person, other] of [
      [mira, jonas],
      [jonas, mira],
    ] as const)
      await person.page.getByRole('link', { name: `Contact ${other.name}` }).waitFor();
    await exchange(mira, jonas, 'At the same moment');
  });

  it('are found by the link they hand on', async () => {
    await find(ada, jonas);
    await ada.page.getByRole('button', { name: new RegExp(`Add.*${jonas.name}`) }).click();
    await jonas.accept(ada);
    await exchange(jonas, ada, 'Found by the link');
  });

  it('who block somebody are never there for them, and tell them nothing', async () => {
    await mira.openChat(jonas);
    await until(
      'Jonas is there',
      () => line(mira).innerText(),
      text => text === 'online',
    );
    await openPerson(jonas, mira);
    await jonas.page.getByRole('button', { name: 'Block' }).click();
    await jonas.page.getByRole('dialog', { name: 'Block Mira Sand?' }).getByRole('button', { name: 'Block' }).click();
    await jonas.page.getByText('Mira Sand cannot message or call you, and is not told.').waitFor();

    await until(
      'Jonas is gone',
      async () => (await line(mira).count()) === 0 || (await line(mira).innerText()),
      text => text === true || /^last seen/.test(String(text)),
    );
    await mira.write('Are you there?');
    await mira.bubble('Are you there\\?').getByText('Sent').waitFor({ state: 'attached' });
    await exchange(jonas, ada, 'After what nobody heard');
    await mira.bubble('Are you there\\?').getByText('Sent').waitFor({ state: 'attached' });
    expect(await jonas.page.getByText('Are you there?').count()).toBe(0);
    // What was in view long enough is read; nothing else is counted.
    await until(
      'Jonas has nothing unread',
      () => jonas.page.title(),
      title => !title.startsWith('('),
    );
  });

  it('who are unblocked are heard from then on', async () => {
    await openPerson(jonas, mira);
    await jonas.page.getByRole('button', { name: 'Unblock' }).click();
    await jonas.page.getByRole('button', { name: 'Remove contact' }).waitFor();
    await jonas.openChat(mira);
    await mira.write('And now?');
    await jonas.reads('And now\\?');
    expect(await jonas.page.getByText('Are you there?').count()).toBe(0);
  });

  it('who part can no longer write, and both are told', async () => {
    await openPerson(jonas, mira);
    await jonas.page.getByRole('button', { name: 'Remove contact' }).click();
    const dialog = jonas.page.getByRole('dialog', { name: 'Remove Mira Sand?' });
    await dialog.getByRole('button', { name: 'Remove contact' }).click();
    await mira.page.getByText('You are not contacts. Nothing can be sent here.').waitFor();
    expect(await mira.composer.count()).toBe(0);
    await mira.reads('And now\\?');
    // The conversation is there again when they find each other again.
    await mira.ask(jonas);
    await jonas.accept(mira);
    await mira.openChat(jonas);
    await mira.reads('And now\\?');
    await mira.composer.waitFor();
  });
});

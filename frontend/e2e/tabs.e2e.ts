import type { Page } from 'playwright-core';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';

/** One profile is one device with one live session: the tab that is Parley. */
describe('A second tab', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;
  let second: Page;
  const refreshes = new Map<Page, number>();

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = await installation.miraAndJonas();
    second = await mira.context.newPage();
    for (const page of [mira.page, second])
      page.on('request', request => {
        if (request.url().endsWith('/api/auth/refresh')) refreshes.set(page, (refreshes.get(page) ?? 0) + 1);
      });
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  const saysElsewhere = (page: Page): Promise<void> =>
    page.getByRole('heading', { name: 'Parley is open in another tab' }).waitFor();
  const showsChats = (page: Page): Promise<void> => page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();

  it('says that Parley is open in another one, and asks the server for nothing', async () => {
    await second.goto(`${installation.server.origin}/chats`);
    await saysElsewhere(second);
    expect(refreshes.get(second)).toBeUndefined();
  });

  it('takes over when asked to, and the first one says so', async () => {
    await second.getByRole('button', { name: 'Use it here' }).click();
    await showsChats(second);
    await saysElsewhere(mira.page);
    expect(refreshes.get(second)).toBe(1);
    expect(refreshes.get(mira.page)).toBeUndefined();
    await jonas.openChat(mira);
    await jonas.write('Which tab reads this?');
    await second.locator('parley-chat-row').getByText('Which tab reads this?').waitFor();
  });

  it('gives Parley back to the first one when it is closed', async () => {
    await second.close();
    await mira.page.getByRole('navigation', { name: 'Main' }).waitFor();
    await mira.go('Chats');
    await mira.page.locator('parley-chat-row').getByText('Which tab reads this?').waitFor();
  });
});

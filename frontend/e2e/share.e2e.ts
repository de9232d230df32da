import type { Page } from 'playwright-core';
import { faultsOf } from './accessibility.ts';
import { WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import { PASSWORD, type Person } from './person.ts';
import { until } from './until.ts';

describe('What is shared from another app', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = await installation.miraAndJonas(WITH_WORKER);
    await mira.go('Chats');
    await until(
      'the worker controls the page',
      () => mira.page.evaluate(() => navigator.serviceWorker.controller !== null),
      controls => controls,
    );
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  /** Posts as the system does, by the manifest's fields. */
  const share = (page: Page, fields: Record<string, string>, files: readonly string[] = []): Promise<void> =>
    page.evaluate(
      ([said, names]) => {
        const form = document.createElement('form');
        form.method = 'POST';
        form.action = '/share';
        form.enctype = 'multipart/form-data';
        for (const [name, value] of Object.entries(said)) {
          const field = Object.assign(document.createElement('textarea'), { name, value });
          form.append(field);
        }
        const chosen = new DataTransfer();
        for (const name of names) chosen.items.add(new File(['picture'], name, { type: 'image/jpeg' }));
        form.append(Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true }));
        form.querySelector('input')!.files = chosen.files;
        document.body.append(form);
        form.submit();
      },
      [fields, files] as const,
    );

  it('is offered to everybody one can write to, becomes a draft, and is sent by a person', async () => {
    await share(mira.page, { title: 'A boat', text: 'Shall we?', url: 'https://example.org/boat' }, ['boat.jpg']);
    await mira.page.getByRole('heading', { name: 'Send to' }).waitFor();
    expect(new URL(mira.page.url()).pathname).toBe('/share');
    await mira.page.getByText('A file cannot be sent yet.').waitFor();
    await mira.page.getByText('boat.jpg').waitFor();
    await mira.page.locator('.people').getByText('Jonas Weber').waitFor();
    expect(await faultsOf(mira.page, 'share')).toEqual([]);
    await mira.page.getByRole('button', { name: 'Jonas Weber' }).click();
    await mira.hasDraft('A boat\nShall we?\nhttps://example.org/boat');
    await mira.page.getByRole('button', { name: 'Send' }).click();
    await jonas.openChat(mira);
    await jonas.page.locator('parley-bubble').filter({ hasText: 'Shall we?' }).waitFor();
  });

  it('is added to what was being written there', async () => {
    await mira.composer.fill('Look:');
    await share(mira.page, { text: 'https://example.org/boat' });
    await mira.page.getByRole('button', { name: 'Jonas Weber' }).click();
    await mira.hasDraft('Look:\nhttps://example.org/boat');
  });

  it('says so where only files came, and where nothing did', async () => {
    await share(mira.page, {}, ['a.jpg', 'b.jpg']);
    await mira.page.getByText('2 files cannot be sent yet.').waitFor();
    await mira.page.getByRole('heading', { name: 'No files yet' }).waitFor();
    expect(await faultsOf(mira.page, 'share, files only')).toEqual([]);
    await mira.page.reload();
    await mira.page.getByText('2 files cannot be sent yet.').waitFor();
    await mira.page.getByRole('link', { name: 'To the chats' }).click();
    await mira.page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();
    await mira.open('/share');
    await mira.page.getByRole('heading', { name: 'Nothing was shared' }).waitFor();
  });

  it('waits at the door for who is signed out, and is offered once they are in', async () => {
    await mira.open('/settings');
    await mira.page.getByRole('button', { name: 'Sign out' }).click();
    await mira.page.getByRole('dialog', { name: 'Sign out?' }).getByRole('button', { name: 'Sign out' }).click();
    await mira.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await share(mira.page, { text: 'Kept for later' });
    await mira.page.waitForURL('**/sign-in?to=%2Fshare');
    await mira.page.getByLabel('Username').fill(mira.username);
    await mira.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await mira.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await mira.page.getByText('Kept for later').waitFor();
    await mira.page.getByRole('button', { name: 'Jonas Weber' }).click();
    await mira.hasDraft('Kept for later');
  });
});

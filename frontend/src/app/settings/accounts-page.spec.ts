import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { withWords } from '../../i18n/testing/with-words';
import { identityOf, json, problemOf, serverOf } from '../account/testing/server';
import { below, personCalled } from '../contacts/testing/below';
import { Screen } from '../look/testing/screen';
import { Toast } from '../look/toast';
import { AccountsPage } from './accounts-page';

const LIST = 'GET /api/admin/accounts?limit=50';

describe('the accounts', () => {
  let room: ReturnType<typeof below>;
  let screen: Screen;
  let fixture: ComponentFixture<AccountsPage>;
  const own = { ...identityOf().me, role: 'admin', disabled: false, createdAt: 0, lastSeen: 1 };
  const account = (name: string, more: object = {}) => ({
    ...personCalled(name),
    role: 'user',
    disabled: false,
    createdAt: 0,
    lastSeen: 1,
    ...more,
  });
  const jonas = account('Jonas Weber');
  const path = `/api/admin/accounts/${jonas.id}`;

  beforeEach(async () => {
    room = below();
    await withWords([...room.providers, provideRouter([])]);
  });
  afterEach(async () => {
    document.querySelectorAll('dialog').forEach(dialog => dialog.remove());
    await room.end();
  });

  function open(items: object[], answers: Parameters<typeof serverOf>[0] = {}) {
    const asked = serverOf({ [LIST]: () => json({ items }), ...answers });
    fixture = TestBed.createComponent(AccountsPage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    return asked;
  }
  const done = () => new Response(null, { status: 204 });
  const row = (name: string) =>
    [...screen.page.querySelectorAll('li')]
      .find(one => one.textContent.includes(name))!
      .textContent.replace(/\s+/g, ' ');
  const said = () => TestBed.inject(Toast).sentence();

  it('are listed with who is admin, who is shut out, and who was never here', async () => {
    open([own, account('Ada Okafor', { disabled: true }), account('Opa', { lastSeen: undefined })]);
    await screen.shows('Ada Okafor');
    expect(row('Noor Haddad')).toMatch(/@noor · You ?Admin/);
    expect(row('Ada Okafor')).toContain('Disabled');
    expect(row('Opa')).toContain('@opa · Never seen');
  });

  it('leave one’s own alone', async () => {
    open([own]);
    await screen.shows('Noor Haddad');
    expect(screen.page.querySelector('li button, li details')).toBeNull();
  });

  it('are disabled only after a clear question, and enabled at once', async () => {
    const asked = open([jonas], { [`POST ${path}/disable`]: done, [`POST ${path}/enable`]: done });
    await screen.press('Disable Jonas Weber');
    await screen.until(() => document.querySelector('dialog[open]') !== null);
    expect(document.querySelector('dialog')?.textContent).toContain('Disable Jonas Weber?');
    await screen.press('Cancel');
    await screen.until(() => document.querySelector('dialog[open]') === null);
    expect(asked.some(({ what }) => what.startsWith('POST'))).toBeFalse();
    await screen.press('Disable Jonas Weber');
    await screen.until(() => document.querySelector('dialog[open]') !== null);
    await screen.press('Disable');
    await screen.until(() => row('Jonas').includes('Disabled'));
    expect(screen.button('Reset link Jonas Weber')).toBeUndefined();
    await screen.press('Enable Jonas Weber');
    await screen.until(() => !row('Jonas').includes('Disabled'));
  });

  it('are gone once they are deleted, and stay where the server says no', async () => {
    const answers = [problemOf('internal', 500), done()];
    open([own, jonas], { [`DELETE ${path}`]: () => answers.shift()! });
    for (const outcome of ['Something went wrong on the server. Try again in a moment.', 'Done.']) {
      await screen.press('Delete Jonas Weber');
      await screen.until(() => document.querySelector('dialog[open]') !== null);
      await screen.press('Delete');
      await screen.until(() => said() === outcome);
      expect(screen.text.includes('Jonas Weber')).toBe(outcome !== 'Done.');
    }
    expect(screen.text).toContain('Noor Haddad');
  });

  it('are given a link for a new password, at the account it is for', async () => {
    const reset = {
      code: 'abcdefghijklmnopqrstuv',
      expiresAt: Date.now() + 1,
      origins: ['https://parley-abcd.local:8443'],
    };
    open([account('Ada Okafor'), jonas], { [`POST ${path}/reset`]: () => json(reset) });
    await screen.press('Reset link Jonas Weber');
    await screen.shows('https://parley-abcd.local:8443/reset#abcdefghijklmnopqrstuv');
    expect(row('Jonas Weber')).toContain('With this link Jonas Weber can choose a new password, once, until');
    expect(row('Ada Okafor')).not.toContain('reset#');
  });

  it('say why they cannot be shown, and come when asked again; more of them when asked for', async () => {
    const answers = [problemOf('forbidden', 403), json({ items: [own], next: 'a b' })];
    const asked = open([], {
      [LIST]: () => answers.shift()!,
      [`${LIST}&cursor=a%20b`]: () => json({ items: [jonas] }),
    });
    await screen.shows('The accounts could not be loaded. This is not allowed.');
    await screen.press('Try again');
    await screen.shows('Noor Haddad');
    expect(screen.text).not.toContain('could not be loaded');
    await screen.press('More');
    await screen.shows('Jonas Weber');
    expect(screen.button('More')).toBeUndefined();
    expect(asked.filter(({ what }) => what.startsWith(LIST)).length).toBe(3);
  });
});

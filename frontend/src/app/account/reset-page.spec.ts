import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { withWords } from '../../i18n/testing/with-words';
import { Screen } from '../look/testing/screen';
import { ResetPage } from './reset-page';
import { json, problemOf, serverOf } from './testing/server';

const CODE = 'abcdefghijklmnopqrstuv';
const OPEN = 'POST /api/auth/reset/open';
const RESET = 'POST /api/auth/reset';
const NEW = 'seven lanterns on the quay';

describe('the page of a reset link', () => {
  let screen: Screen;
  const whose = () => json({ username: 'noor', displayName: 'Noor Haddad' });
  const about = () =>
    json({
      id: '22222222-2222-4222-8222-222222222222',
      name: 'Home',
      epoch: 'e',
      signUp: 'open',
      protocol: 'p',
      version: '1',
    });

  async function open(answers: Parameters<typeof serverOf>[0], fragment = CODE) {
    await withWords([provideRouter([{ path: 'reset', component: ResetPage }])]);
    const asked = serverOf({ 'GET /api/installation': about, ...answers });
    const harness = await RouterTestingHarness.create(`/reset#${fragment}`);
    screen = new Screen(harness.fixture, harness.routeNativeElement!);
    return asked;
  }

  it('says whose password it changes, and sends what the password becomes, with the code in the body alone', async () => {
    const asked = await open({ [OPEN]: whose, [RESET]: () => new Response(null, { status: 204 }) });
    await screen.shows('Choose a new password for Noor Haddad (@noor).');
    expect(screen.page.querySelector<HTMLInputElement>('[autocomplete="username"]')?.value).toBe('noor');
    await screen.type('New password', NEW);
    expect(screen.text).toContain('Strong.');
    await screen.press('Change the password');
    await screen.shows('Your password is changed.');
    const body = JSON.stringify(asked.at(-1)?.body);
    expect(body).toContain(CODE);
    expect(body).toMatch(/"loginSecret":"[\w-]{43}"/);
    expect(body).not.toContain('lanterns');
    expect(asked.some(({ what }) => what.includes(CODE))).toBeFalse();
    expect(screen.page.querySelector('form')).toBeNull();
  });

  it('sends nothing that is too weak, and says why', async () => {
    const asked = await open({ [OPEN]: whose });
    await screen.shows('Noor Haddad');
    for (const [typed, why] of [
      ['', 'Too short'],
      ['short', 'Too short'],
      ['noor haddad', 'Too similar to your name.'],
    ] as const) {
      await screen.type('New password', typed);
      await screen.press('Change the password');
      await screen.shows(why);
      expect(screen.field('New password').getAttribute('aria-invalid')).toBe('true');
    }
    expect(asked.map(({ what }) => what)).toEqual([OPEN]);
  });

  it('says that a link was used, at once or meanwhile', async () => {
    await open({ [OPEN]: whose, [RESET]: () => problemOf('invalid-code', 403) });
    await screen.shows('Noor Haddad');
    await screen.type('New password', NEW);
    await screen.press('Change the password');
    await screen.shows('This link was used or is no longer valid. Ask the admin for a new one.');
  });

  it('says so of one that is over, and asks nobody about one that is none', async () => {
    const asked = await open({}, 'not-a-link');
    await screen.shows('This link was used or is no longer valid.');
    expect(asked).toEqual([]);
    expect(screen.button('Sign in')).toBeDefined();
  });

  it('keeps what was typed while the server cannot be reached', async () => {
    await open({ [OPEN]: whose });
    await screen.shows('Noor Haddad');
    await screen.type('New password', NEW);
    await screen.press('Change the password');
    await screen.shows('The server cannot be reached');
    expect(screen.field('New password').value).toBe(NEW);
  });
});

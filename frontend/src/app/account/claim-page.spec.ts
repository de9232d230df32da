import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Me } from '#protocol/api/account';
import { withWords } from '../../i18n/testing/with-words';
import { Screen } from '../look/testing/screen';
import { Access } from './access';
import { Account } from './account';
import { ClaimPage } from './claim-page';
import { json, problemOf, serverOf, someone } from './testing/server';

const CODE = 'abcdefghijklmnopqrstuv';
const CLAIM = 'POST /api/set-up/claim';

describe('the set-up link, opened by somebody who has an account', () => {
  let screen: Screen;
  let changed: Me[];

  async function open(answers: Parameters<typeof serverOf>[0], fragment = CODE) {
    changed = [];
    await withWords([
      provideRouter([{ path: 'set-up', component: ClaimPage }]),
      { provide: Access, useValue: { token: async () => 'token' } },
      { provide: Account, useValue: { changed: async (me: Me) => changed.push(me) } },
    ]);
    const asked = serverOf(answers);
    const harness = await RouterTestingHarness.create(`/set-up#${fragment}`);
    screen = new Screen(harness.fixture, harness.routeNativeElement!);
    return asked;
  }

  it('makes them the admin, and leads to what an admin does', async () => {
    const asked = await open({ [CLAIM]: () => json(someone({ role: 'admin' })) });
    await screen.shows('You are now the admin of this server.');
    expect(asked.map(({ what, body }) => [what, body])).toEqual([[CLAIM, { code: CODE }]]);
    expect(changed.map(({ role }) => role)).toEqual(['admin']);
    expect(screen.button('Manage accounts')?.getAttribute('href')).toBe('/settings/accounts');
  });

  it('says that it was used, or is none', async () => {
    await open({ [CLAIM]: () => problemOf('invalid-code', 403) });
    await screen.shows('This set-up link was already used');
    expect(screen.button('Manage accounts')).toBeUndefined();
    expect(changed).toEqual([]);
  });

  it('says what else went wrong', async () => {
    await open({});
    await screen.shows('The server cannot be reached.');
  });
});

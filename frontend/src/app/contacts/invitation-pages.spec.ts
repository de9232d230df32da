import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { withWords } from '../../i18n/testing/with-words';
import { rememberArrival } from '../account/came-by';
import { type Asked, json, problemOf, serverOf } from '../account/testing/server';
import { Screen } from '../look/testing/screen';
import { AcceptInvitationPage } from './accept-invitation-page';
import { InvitePage } from './invite-page';
import { below, contactCalled, personCalled } from './testing/below';

const CODE = 'ABCDEFGHJK';
const LIST = 'GET /api/invitations?limit=100';
const MAKE = 'POST /api/invitations';
const ACCEPT = 'POST /api/invitations/accept';
const HERE = 'https://parley-abcd.local:8443';

describe('The pages of invitations', () => {
  let room: ReturnType<typeof below>;
  let screen: Screen;
  const expiresAt = new Date(2040, 4, 17, 18, 5).getTime();
  const made = { id: personCalled('one').id, uses: 5, used: 0, createdAt: 0, expiresAt };

  beforeEach(async () => {
    room = below();
    localStorage.removeItem('parley-came-by');
    await withWords([
      ...room.providers,
      provideRouter([
        { path: 'contacts/invite', component: InvitePage },
        { path: 'invite', component: AcceptInvitationPage },
        { path: 'set-up', children: [] },
        { path: 'chats', children: [] },
      ]),
    ]);
  });
  afterEach(() => room.end());

  async function open(path: string, answers: Parameters<typeof serverOf>[0]): Promise<Asked[]> {
    const asked = serverOf({ 'GET /api/contacts?limit=500': () => json({ items: [] }), ...answers });
    const harness = await RouterTestingHarness.create(path);
    // An invitation that is opened for the second time leads on at once.
    screen = new Screen(harness.fixture, harness.fixture.nativeElement as HTMLElement);
    return asked;
  }
  const links = () => [...screen.page.querySelectorAll('parley-handed-link .link')].map(one => one.textContent.trim());

  describe('that makes them', () => {
    const linked = {
      ...made,
      code: CODE,
      origins: [HERE, 'https://192.168.1.20:8443'],
      welcome: 'http://192.168.1.20:8080',
      fingerprint: 'CA:6E:74',
    };

    it('W4a, W4b, W4c shows a fresh one to scan, to hand on and to type, and where a new device begins', async () => {
      const asked = await open('/contacts/invite', {
        [LIST]: () => json({ items: asked.some(({ what }) => what === MAKE) ? [made] : [] }),
        [MAKE]: () => json(linked, 201),
      });
      const [uses] = screen.page.querySelectorAll('select');
      uses!.value = '5';
      uses!.dispatchEvent(new Event('change'));
      await screen.press('Create invitation');
      await screen.shows('ABCDE FGHJK');
      expect(asked.find(({ what }) => what === MAKE)?.body).toEqual({ uses: 5, days: 7 });
      expect(links()).toEqual([`${HERE}/invite#${CODE}`, 'http://192.168.1.20:8080']);
      expect(screen.text).toContain('must have this SHA-256 fingerprint: CA:6E:74');
      expect(screen.text).toContain(`https://192.168.1.20:8443/invite#${CODE}`);
      expect(screen.text).toMatch(/For 5 people, until .*May.* 2040/);
      await screen.until(() => screen.page.querySelectorAll('.code svg').length === 2);
      expect(document.activeElement?.textContent).toContain('ABCDE FGHJK');
      await screen.shows('5 places left');
      await screen.press('Create another one');
      expect(screen.text).not.toContain('ABCDE');
    });

    it('takes back one that is open, and with it the code that is shown', async () => {
      let open_ = [made];
      const asked = await open('/contacts/invite', {
        [LIST]: () => json({ items: open_ }),
        [MAKE]: () => json(linked, 201),
        [`DELETE /api/invitations/${made.id}`]: () => {
          open_ = [];
          return new Response(null, { status: 204 });
        },
      });
      await screen.press('Create invitation');
      await screen.shows('ABCDE FGHJK');
      await screen.press('Revoke');
      await screen.until(() => !screen.text.includes('ABCDE') && !screen.text.includes('Open invitations'));
      expect(asked.at(-1)?.what).toBe(LIST);
    });

    it('says why there is none', async () => {
      const nothing = { [LIST]: () => json({ items: [] }) };
      await open('/contacts/invite', { ...nothing, [MAKE]: () => problemOf('sign-up-closed', 403) });
      await screen.press('Create invitation');
      await screen.shows('This server accepts no new accounts.');
      expect(screen.page.querySelector('[role="alert"]')?.textContent).toContain('no new accounts');
    });
  });

  describe('that opens them', () => {
    const mira = contactCalled('Mira Sand');
    const outcomes = {
      accepted: 'You and Mira Sand are contacts now.',
      already: 'You and Mira Sand are contacts already.',
    };
    for (const [outcome, sentence] of Object.entries(outcomes)) {
      it(`says: ${sentence}`, async () => {
        const asked = await open(`/invite#${CODE}`, { [ACCEPT]: () => json({ outcome, contact: mira }) });
        await screen.shows(sentence);
        expect(asked[0]).toEqual(jasmine.objectContaining({ what: ACCEPT, body: { code: CODE } }));
        expect(screen.button('Write a message')?.getAttribute('href')).toBe(`/chats/${mira.conversationId}`);
      });
    }

    it('says that it is one’s own', async () => {
      await open(`/invite#${CODE}`, { [ACCEPT]: () => json({ outcome: 'own' }) });
      await screen.shows('This is your own invitation.');
      expect(screen.button('Write a message')).toBeUndefined();
    });

    it('takes the letters where there is no link, keeps wrong ones, and takes others', async () => {
      await open('/invite', {
        [ACCEPT]: ({ body }) =>
          JSON.stringify(body).includes(CODE)
            ? json({ outcome: 'accepted', contact: mira })
            : problemOf('invalid-code', 403),
      });
      await screen.type('Invitation', 'abcde');
      await screen.press('Continue');
      await screen.shows('This invitation is wrong or no longer valid.');
      await screen.type('Invitation', 'kkkkk kkkkk');
      expect(screen.text).not.toContain('wrong or no longer valid');
      await screen.press('Continue');
      await screen.shows('This invitation is wrong or no longer valid.');
      expect(screen.field('Invitation').value).toBe('kkkkk kkkkk');
      await screen.type('Invitation', 'abcde fghjk');
      await screen.press('Continue');
      await screen.shows('are contacts now');
    });

    it('says that a link was used, and asks for another', async () => {
      await open(`/invite#${CODE}`, { [ACCEPT]: () => problemOf('invalid-code', 403) });
      await screen.shows('This invitation is wrong or no longer valid.');
      expect(screen.field('Invitation').getAttribute('aria-invalid')).toBe('true');
    });

    it('says that the server cannot be reached, and does not call the code wrong', async () => {
      await open(`/invite#${CODE}`, {});
      await screen.shows('The server cannot be reached.');
      expect(screen.text).not.toContain('wrong or no longer valid');
    });

    it('leads on where an installed app starts with the one that brought somebody in', async () => {
      rememberArrival(CODE);
      const asked = await open(`/invite#${CODE}`, {});
      await screen.until(() => TestBed.inject(Router).url === '/chats');
      expect(asked).toEqual([]);
    });

    it('hands the set-up link on to its own page', async () => {
      await open('/invite', {});
      await screen.type('Invitation', `${HERE}/set-up#abcdefghijklmnopqrstuv`);
      await screen.press('Continue');
      await screen.until(() => TestBed.inject(Router).url === '/set-up#abcdefghijklmnopqrstuv');
    });
  });
});

import { signal, type Type } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import type { Device, Me } from '#protocol/api/account';
import { deviceId } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { Contacts } from '../contacts/contacts';
import { LOCAL_TABLES } from '../device/local-tables';
import { json, problemOf, serverOf, someone } from '../account/testing/server';
import { below } from '../contacts/testing/below';
import { Screen } from '../look/testing/screen';
import { Toast } from '../look/toast';
import { Push } from '../push/push';
import type { PushState } from '../push/push-state';
import { STORAGE } from '../worker/kept-storage';
import { OfflineStart, type OfflineStartState } from '../worker/offline-start';
import { AboutPage } from './about-page';
import { AppearancePage } from './appearance-page';
import { deviceTables } from './device-tables';
import { DeletionPage } from './deletion-page';
import { DevicesPage } from './devices-page';
import { NotificationsPage } from './notifications-page';
import { PasswordPage } from './password-page';
import { ProfilePage } from './profile-page';
import { StoragePage } from './storage-page';

const OLD = 'seven lanterns on the quay';
const NEW = 'eight lanterns on the quay';

describe('The settings', () => {
  let room: ReturnType<typeof below>;
  let screen: Screen;
  let fixture: ComponentFixture<unknown>;
  let left: boolean;
  const me = signal<Me>(someone());
  const account = {
    me,
    changed: async (now: Me) => me.set(now),
    keysOf: async (password: string) => ({ loginSecret: `secret of ${password}` }),
    leaveBy: async (ask: () => Promise<{ ok: boolean }>) => {
      const done = await ask();
      return ((left = done.ok), done);
    },
    address: () => ({ userId: me().id, deviceId: deviceId.parse(crypto.randomUUID()) }),
    prove: jasmine.createSpy('prove'),
    databaseName: () => 'unused',
    beforeLeaving: () => undefined,
  };
  const push = {
    state: signal<PushState>('off'),
    turnOn: () => undefined,
    turnOff: () => undefined,
    test: async () => ok(undefined),
  };

  const storage = {
    estimate: async () => ({ usage: 4_180_000 }),
    persisted: async () => false,
    persist: jasmine.createSpy(),
  };
  const offline = signal<OfflineStartState>('unknown');

  beforeEach(async () => {
    room = below();
    left = false;
    me.set(someone());
    await withWords([
      ...room.providers,
      provideRouter([
        { path: 'settings/profile', children: [] },
        { path: 'settings/devices/lost', children: [] },
      ]),
      { provide: Account, useValue: account },
      { provide: Push, useValue: push },
      { provide: STORAGE, useValue: storage },
      { provide: OfflineStart, useValue: { state: offline } },
      { provide: Contacts, useValue: { list: signal({ accepted: [] }) } },
      { provide: LOCAL_TABLES, useValue: deviceTables, multi: true },
    ]);
  });
  afterEach(async () => {
    document.querySelectorAll('dialog').forEach(dialog => dialog.remove());
    await room.end();
  });

  async function open(page: Type<unknown>, answers: Parameters<typeof serverOf>[0] = {}) {
    const asked = serverOf(answers);
    fixture = TestBed.createComponent(page);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
    return asked;
  }
  const done = () => new Response(null, { status: 204 });
  const said = (sentence: string) => screen.until(() => TestBed.inject(Toast).sentence() === sentence);
  const dialog = () => screen.until(() => document.querySelector('dialog[open]') !== null);

  describe('for a new password', () => {
    const CHANGE = 'POST /api/auth/password';
    async function change(current: string, next: string): Promise<void> {
      await screen.type('Current password', current);
      await screen.type('New password', next);
      await screen.press('Change password');
    }

    it('send what both passwords become, and say that other devices are out', async () => {
      const asked = await open(PasswordPage, { [CHANGE]: done });
      await change(OLD, NEW);
      await said('Your password is changed. Your other devices were signed out.');
      expect(asked[0]?.body).toEqual({ currentSecret: `secret of ${OLD}`, newSecret: `secret of ${NEW}` });
    });

    it('lead on where somebody may know the old one', async () => {
      await open(PasswordPage);
      const link = [...screen.page.querySelectorAll('a')].find(one =>
        one.textContent.includes('Somebody may know it?'),
      );
      expect(link?.getAttribute('href')).toBe('/settings/devices/lost');
    });

    it('are changed where what opens by them cannot be locked with the new one yet: the device has what it needs for that', async () => {
      room.keys.passwordChanged = async () => Promise.reject(new Error('no network'));
      await open(PasswordPage, { [CHANGE]: done });
      await change(OLD, NEW);
      await said('Your password is changed. Your other devices were signed out.');
      expect(account.prove).toHaveBeenCalledOnceWith(NEW);
    });

    it('say what is missing, weak or the same before anybody is asked', async () => {
      const asked = await open(PasswordPage);
      await screen.press('Change password');
      expect(screen.text).toContain('Enter your current password.');
      expect(screen.text).toContain('Too short: at least ten characters.');
      await change(OLD, 'noor haddad');
      expect(screen.text).toContain('Too similar to your name.');
      await change(OLD, OLD);
      expect(screen.text).toContain('The new password is the same as the old one.');
      expect(asked).toEqual([]);
    });

    it('say that the current one is wrong, and keep both', async () => {
      await open(PasswordPage, { [CHANGE]: () => problemOf('wrong-credentials', 403) });
      await change('wrong', NEW);
      await screen.shows('The current password is wrong.');
      expect(screen.field('Current password').getAttribute('aria-invalid')).toBe('true');
      expect(screen.field('New password').value).toBe(NEW);
    });
  });

  describe('for deleting the account', () => {
    const DELETE = 'DELETE /api/me';

    it('ask for the password and once more, and then nothing of it stays here', async () => {
      const asked = await open(DeletionPage, { [DELETE]: done });
      await screen.type('Confirm with your password', OLD);
      await screen.press('Delete my account');
      await dialog();
      await screen.press('Cancel');
      await screen.until(() => document.querySelector('dialog[open]') === null);
      expect(asked).toEqual([]);
      await screen.press('Delete my account');
      await dialog();
      await screen.press('Delete my account');
      await screen.until(() => left);
      expect(asked[0]?.body).toEqual({ loginSecret: `secret of ${OLD}` });
    });

    it('keep everything where the password is wrong', async () => {
      await open(DeletionPage, { [DELETE]: () => problemOf('wrong-credentials', 403) });
      await screen.type('Confirm with your password', 'wrong');
      await screen.press('Delete my account');
      await dialog();
      await screen.press('Delete my account');
      await screen.shows('Username and password do not match.');
      expect(left).toBeFalse();
    });
  });

  describe('of the profile', () => {
    it('change the name, and offer it only where it is another one', async () => {
      const asked = await open(ProfilePage, {
        'PATCH /api/me': () => json(someone({ displayName: 'Noor' })),
      });
      const save = () => screen.button('Save') as HTMLButtonElement;
      expect(save().disabled).toBeTrue();
      await screen.type('Your name', '  Noor  ');
      await screen.press('Save');
      await said('Saved.');
      expect(asked[0]?.body).toEqual({ displayName: 'Noor' });
      expect(save().disabled).toBeTrue();
    });

    it('count what is too much of a name, and say what cannot be seen in it, instead of cutting it', async () => {
      await open(ProfilePage);
      const save = () => screen.button('Save') as HTMLButtonElement;
      await screen.type('Your name', 'x'.repeat(67));
      expect(screen.field('Your name').maxLength).toBe(-1);
      expect(screen.text).toContain('3 characters too many. A name has at most 64.');
      expect(save().disabled).toBeTrue();
      await screen.type('Your name', 'Mira\u00adSand');
      expect(screen.text).toContain('This name contains invisible characters.');
      await screen.type('Your name', '\u3164');
      expect(screen.text).toContain('Enter the name that others will see.');
      await screen.type('Your name', 'x'.repeat(64));
      expect(screen.field('Your name').getAttribute('aria-invalid')).toBe('false');
      expect(save().disabled).toBeFalse();
    });

    it('send a picture as the middle of what was chosen, small, and show it at once', async () => {
      let sent: Blob | undefined;
      await open(ProfilePage);
      (window.fetch as jasmine.Spy).and.callFake(async (path: string, init: RequestInit) => {
        // The new picture is asked for where it is shown.
        if (init.method !== 'PUT') return new Response(sent);
        expect(path).toBe('/api/me/avatar');
        sent = init.body as Blob;
        return json(someone({ avatar: 'a2' }));
      });
      const canvas = new OffscreenCanvas(1200, 800);
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#cc2020';
      context.fillRect(0, 0, 1200, 800);
      context.fillStyle = '#2020cc';
      context.fillRect(200, 0, 800, 800);
      const chosen = new DataTransfer();
      chosen.items.add(new File([await canvas.convertToBlob()], 'wide.png', { type: 'image/png' }));
      const input = screen.page.querySelector<HTMLInputElement>('input[type="file"]')!;
      input.files = chosen.files;
      input.dispatchEvent(new Event('change'));
      await screen.until(() => sent !== undefined && me().avatar === 'a2');
      const drawn = await createImageBitmap(sent!);
      expect([sent!.type, drawn.width, drawn.height]).toEqual(['image/webp', 512, 512]);
      const look = new OffscreenCanvas(512, 512).getContext('2d')!;
      look.drawImage(drawn, 0, 0);
      const [red = 0, , blue = 0] = look.getImageData(3, 256, 1, 1).data;
      expect(blue)
        .withContext('its edge is of the middle')
        .toBeGreaterThan(red + 60);
    });

    it('say that a file is no picture', async () => {
      const asked = await open(ProfilePage);
      const input = screen.page.querySelector<HTMLInputElement>('input[type="file"]')!;
      const chosen = new DataTransfer();
      chosen.items.add(new File(['no picture'], 'x.png', { type: 'image/png' }));
      input.files = chosen.files;
      input.dispatchEvent(new Event('change'));
      await said('This picture could not be used. Try another, as JPEG, PNG or WebP.');
      expect(asked).toEqual([]);
    });
  });

  describe('of the devices', () => {
    const LIST = 'GET /api/devices?limit=100';
    const device = (name: string, more: Partial<Device> = {}): Device => ({
      id: deviceId.parse(crypto.randomUUID()),
      name,
      createdAt: 0,
      lastSeen: 1,
      current: false,
      ...more,
    });
    const here = device('Laptop, Firefox', { current: true });
    const phone = device('Phone, Chrome');

    it('sign one out that somebody has, after asking where it is', async () => {
      let devices = [here, phone];
      await open(DevicesPage, {
        [LIST]: () => json({ items: devices }),
        [`DELETE /api/devices/${phone.id}`]: () => {
          devices = [here];
          return done();
        },
      });
      await screen.until(() => screen.page.querySelector('li button') !== null);
      expect(screen.page.querySelector('li button')?.textContent).toContain('Phone, Chrome');
      screen.page.querySelector<HTMLElement>('li button')!.click();
      await dialog();
      const asks = document.querySelector('dialog')!;
      expect(asks.textContent).toContain('Remove “Phone, Chrome”?');
      expect(asks.textContent).toContain('What it has already received stays on it.');
      expect(document.activeElement?.textContent).toBe('Keep it');
      await screen.press('Keep it');
      await screen.until(() => document.querySelector('dialog') === null);
      expect(screen.text).toContain('Phone, Chrome');
      screen.page.querySelector<HTMLElement>('li button')!.click();
      await dialog();
      [...document.querySelectorAll<HTMLElement>('dialog .row')]
        .find(one => one.textContent.includes('I have it'))!
        .click();
      await screen.shows('No other devices.');
      expect(screen.text).toContain('Laptop, Firefox');
    });

    it('lead on with one that is lost, and sign nothing out before', async () => {
      const asked = await open(DevicesPage, { [LIST]: () => json({ items: [here, phone] }) });
      await screen.until(() => screen.page.querySelector('li button') !== null);
      screen.page.querySelector<HTMLElement>('li button')!.click();
      await dialog();
      [...document.querySelectorAll<HTMLElement>('dialog .row')]
        .find(one => one.textContent.includes('stolen'))!
        .click();
      await screen.until(() => TestBed.inject(Router).url === `/settings/devices/lost?device=${phone.id}`);
      expect(asked.some(({ what }) => what.startsWith('DELETE'))).toBeFalse();
    });

    it('say that a lost one is not shut out yet, until it is', async () => {
      room.keys.verbs['identities'] = () => ({ own: 'before', theirs: 'before' });
      localStorage.setItem('parley.shut-out', 'before');
      await open(DevicesPage, { [LIST]: () => json({ items: [here] }) });
      await screen.until(() => screen.button('Go on')?.getAttribute('href') === '/settings/devices/lost');
      room.keys.state.set('locked');
      room.keys.verbs['identities'] = () => ({ own: 'after', theirs: 'after' });
      await fixture.whenStable();
      room.keys.state.set('own');
      await screen.until(() => screen.button('Go on') === undefined);
      expect(localStorage.getItem('parley.shut-out')).toBeNull();
    });

    it('sign all the others out, and only after a clear question', async () => {
      let devices = [here, phone];
      const asked = await open(DevicesPage, {
        [LIST]: () => json({ items: devices }),
        'POST /api/devices/sign-out-others': () => {
          devices = [here];
          return done();
        },
      });
      await screen.press('Sign out everywhere else');
      await dialog();
      expect(asked.some(({ what }) => what.startsWith('POST'))).toBeFalse();
      await screen.press('Sign out everywhere else');
      await screen.shows('No other devices.');
      expect(asked.filter(({ what }) => what === 'POST /api/devices/sign-out-others').length).toBe(1);
    });

    it('lead to the recovery code, and to the key where this device does not have it', async () => {
      await open(DevicesPage, { [LIST]: () => json({ items: [here] }) });
      const words = 'Recovery codeBrings your messages back if every device is lost';
      await screen.until(() => screen.button(words)?.getAttribute('href') === '/settings/recovery-code');
      room.keys.state.set('locked');
      await screen.until(() => screen.button(words)?.getAttribute('href') === '/settings/keys');
    });

    it('follow what happens elsewhere, and say where they cannot be read', async () => {
      const answers = [problemOf('internal', 500), json({ items: [here, phone] }), json({ items: [here] })];
      await open(DevicesPage, { [LIST]: () => answers.shift()! });
      await screen.shows('Your devices could not be loaded.');
      await screen.press('Try again');
      await screen.shows('Phone, Chrome');
      room.frames.next({ type: 'devices.changed', n: 1 });
      await screen.shows('No other devices.');
    });
  });

  it('of notifications say for every state what it is, what it means, and what can be done', async () => {
    await open(NotificationsPage);
    const ways: Record<PushState, string | undefined> = {
      on: 'Turn off',
      off: 'Turn on',
      silent: 'Try again',
      failed: 'Try again',
      'turning-on': undefined,
      denied: undefined,
      unsupported: undefined,
      'needs-install': undefined,
      untrusted: undefined,
      refused: undefined,
    };
    for (const [state, way] of Object.entries(ways)) {
      push.state.set(state as PushState);
      await fixture.whenStable();
      const status = screen.page.querySelector('.card [role="status"]');
      expect(status?.textContent).withContext(state).not.toContain('push.');
      expect(status?.closest('.card')?.querySelector('.acting .button')?.textContent.trim())
        .withContext(state)
        .toBe(way);
    }
    push.state.set('on');
    spyOn(push, 'test').and.returnValues(Promise.resolve(err('unreachable') as never), Promise.resolve(ok(undefined)));
    await screen.press('Send');
    await said('That did not work. Try again in a minute.');
    await screen.press('Send');
    await screen.shows('Sent. It arrives within seconds');
  });

  it('of the appearance change colours and language at once, and keep both on the device', async () => {
    const root = document.documentElement;
    await open(AppearancePage);
    const choose = (words: string) => {
      const radios = [...screen.page.querySelectorAll('mat-radio-button')];
      radios
        .find(one => one.textContent.trim() === words)!
        .querySelector('input')!
        .click();
      return fixture.whenStable();
    };
    await choose('Dark');
    expect([root.dataset['scheme'], localStorage.getItem('parley.scheme')]).toEqual(['dark', 'dark']);
    await choose('Same as device');
    expect(root.dataset['scheme']).toBeUndefined();
    await choose('Deutsch');
    await screen.shows('Wie das Gerät');
    expect([root.lang, localStorage.getItem('parley.language')]).toEqual(['de', 'de']);
    await choose('English');
    await screen.shows('Same as device');
  });

  it('of the storage say how much is kept, whether for good, and what starts without a connection', async () => {
    storage.persist.and.returnValues(Promise.resolve(false), Promise.resolve(true));
    await open(StoragePage);
    await screen.shows('4.2 MB');
    expect(screen.text).toContain('The browser may delete it');
    await screen.press('Keep');
    await screen.shows('The browser did not agree.');
    await screen.press('Keep');
    await screen.shows('Kept permanently');
    expect(screen.button('Keep')).toBeUndefined();
    for (const [state, words] of [
      ['unknown', 'Not prepared yet.'],
      ['ready', 'Parley opens without a connection.'],
      ['refused', 'The browser does not allow it here'],
      ['untrusted', 'the browser does not trust this server'],
    ] as const) {
      offline.set(state);
      await screen.shows(words);
    }
    expect(screen.button('Show me the steps')?.getAttribute('href')).toBe('/trust/steps');
  });

  describe('about Parley', () => {
    const about = {
      id: crypto.randomUUID(),
      name: 'Home',
      epoch: 'e',
      signUp: 'open',
      protocol: 'p',
      version: '1.2.3',
    };
    const openAbout = (ice: object) =>
      open(AboutPage, {
        'GET /api/installation': () => json(about),
        'POST /api/ice-servers': () => json(ice),
      });

    it('say who can read messages and listen to calls, and which version this is', async () => {
      await openAbout({ iceServers: [], relayOnly: false });
      await screen.shows('Version 1.2.3');
      expect(screen.text).toContain('Messages are encrypted end to end: whoever runs this server cannot read them.');
      expect(screen.text).toContain('cannot listen to your calls, as long as');
      expect(screen.text).toContain('the push service of the browser’s maker learns');
      await screen.shows('go directly from device to device');
    });

    it('do not say that calls are direct where a relay is set up', async () => {
      const relay = { urls: ['turn:turn.example:3478'], username: 'u', credential: 'c' };
      await openAbout({ iceServers: [relay], relayOnly: false, expiresInMs: 1000 });
      await screen.shows('they pass through turn.example');
      expect(screen.text).not.toContain('directly');
    });
  });
});

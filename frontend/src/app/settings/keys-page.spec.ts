import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { SCANNED_TYPE } from '#protocol/crypto/comparing';
import { APPROVED_TYPE } from '#protocol/crypto/approving';
import { type UserId } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { identityOf } from '../account/testing/server';
import { type KeyState } from '../crypto/own-keys';
import { type UnlockFault } from '../crypto/unlock-fault';
import { A_CODE, ScriptedKeys } from '../crypto/testing/keys';
import { Screen } from '../look/testing/screen';
import { KeysPage } from './keys-page';
import { Leaving } from './leaving';

describe('The page of keys', () => {
  let keys: ScriptedKeys;
  let fixture: ComponentFixture<KeysPage>;
  let screen: Screen;
  let left: number;

  beforeEach(async () => {
    keys = new ScriptedKeys();
    left = 0;
    await withWords([
      provideRouter([
        { path: 'chats', children: [] },
        { path: 'settings/recovery-code', children: [] },
      ]),
      keys.provider,
      { provide: Account, useValue: { me: signal(identityOf().me) } },
      { provide: Leaving, useValue: { signOut: () => left++ } },
    ]);
  });
  afterEach(() => {
    fixture.destroy();
    document.querySelectorAll('dialog').forEach(dialog => dialog.remove());
  });

  async function open(state: KeyState): Promise<void> {
    keys.state.set(state);
    fixture = TestBed.createComponent(KeysPage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    document.body.append(screen.page);
    await fixture.whenStable();
  }
  const isAt = (path: string) => screen.until(() => TestBed.inject(Router).url === path);
  const fails = (fault: UnlockFault) => (keys.answer = err(fault));

  it('locks once with the password, says what waits until then, and leads on to the chats', async () => {
    await open('none');
    expect(screen.text).toContain('What you write waits here.');
    expect(screen.text).toContain('until they have opened the new Parley');
    await screen.press('Lock');
    expect(screen.text).toContain('Enter your password.');
    expect(keys.asked).toEqual([]);
    await screen.type('Password', 'seven lanterns');
    await screen.press('Lock');
    expect(keys.asked).toEqual(['unlock by seven lanterns']);
    await isAt('/chats');
  });

  it('leads to the recovery code where one is owed then', async () => {
    await open('none');
    keys.owedCode.set({ code: A_CODE });
    await screen.type('Password', 'seven lanterns');
    await screen.press('Lock');
    await isAt('/settings/recovery-code');
  });

  it('lets somebody only read', async () => {
    await open('none');
    await screen.press('Later, I only read');
    await isAt('/chats');
    expect(keys.asked).toEqual([]);
  });

  it('says why a password does not open, and takes another', async () => {
    await open('locked');
    await screen.type('Password', 'six lanterns');
    for (const [fault, words] of [
      ['wrong-password', 'This password does not open your key.'],
      ['other-password', 'still locked with the one before'],
      ['no-answer', 'The server cannot be reached.'],
      ['unreadable', 'is damaged'],
      ['no-secrets', 'Start new.'],
    ] as const) {
      fails(fault);
      await screen.press('Open');
      await screen.shows(words);
    }
  });

  it('opens by the recovery code as it is typed, and names what is mistyped before anybody is asked', async () => {
    await open('locked');
    await screen.press('Recovery codeFrom your paper');
    const wrong = A_CODE.replace(/^./, first => (first === '7' ? '8' : '7'));
    for (const [typed, words] of [
      [A_CODE.slice(0, 20), 'Some are missing'],
      [A_CODE.replace(/^./, 'U'), 'no recovery code has'],
      [wrong, 'Its check letters do not fit'],
    ] as const) {
      await screen.type('Recovery code', typed);
      await screen.press('Open');
      await screen.shows(words);
    }
    expect(keys.asked).toEqual([]);
    fails('wrong-code');
    const small = A_CODE.toLowerCase().replaceAll(' ', '-');
    await screen.type('Recovery code', small);
    await screen.press('Open');
    await screen.shows('Only the newest one does.');
    expect(keys.asked).toEqual([`recover by ${small}`]);
  });

  it('EE16b opens by what another device sends to the code that is shown, and by nothing else', async () => {
    const made = { code: 'PARLEY-DEVICE1:AAAA', secret: 'the secret' };
    keys.verbs['deviceCode'] = () => made;
    await open('locked');
    await screen.press('Another deviceScan a code with it');
    await screen.until(() => screen.page.querySelector('[role="img"] svg') !== null);
    await screen.shows('Waiting for your other device…');
    const { id } = identityOf().me;
    const hears = (userId: UserId, type: string, box: string) =>
      keys.events.next([{ number: 1, from: { userId, deviceId: anId('phone') }, type, content: { version: 1, box } }]);
    hears(anId('somebody'), APPROVED_TYPE, 'boxOfSomebodyElse');
    hears(id, SCANNED_TYPE, 'boxOfAnotherKind');
    hears(id, APPROVED_TYPE, 'no box');
    await screen.fixture.whenStable();
    expect(keys.asked).toEqual([]);
    fails('wrong-code');
    hears(id, APPROVED_TYPE, 'boxOfAnotherCode');
    await screen.shows('This code does not open your key.');
    keys.answer = ok(null);
    hears(id, APPROVED_TYPE, 'boxForThisDevice');
    await isAt('/chats');
    expect(keys.asked).toEqual([
      'approved by the secret with boxOfAnotherCode',
      'approved by the secret with boxForThisDevice',
    ]);
  });

  it('says where no code can be made for another device', async () => {
    keys.verbs['deviceCode'] = () => Promise.reject(new Error('the machine is not open'));
    await open('locked');
    await screen.press('Another deviceScan a code with it');
    await screen.shows('The code could not be made.');
  });

  it('starts new only after saying what is lost, and after asking once more', async () => {
    await open('locked');
    await screen.press('Start new, and see what is lost');
    expect(screen.text).toContain('older messages that are not on this device');
    expect(screen.text).toContain('Others are told');
    await screen.type('Password', 'seven lanterns');
    await screen.press('Start new');
    await screen.until(() => document.querySelector('dialog[open]') !== null);
    await screen.press('Cancel');
    await screen.until(() => document.querySelector('dialog[open]') === null);
    expect(keys.asked).toEqual([]);
    await screen.press('Start new');
    await screen.until(() => document.querySelector('dialog[open]') !== null);
    await screen.press('Start new');
    await isAt('/chats');
    expect(keys.asked).toEqual(['start new by seven lanterns']);
  });

  it('leads a device that is out to signing out', async () => {
    for (const [state, title] of [
      ['replaced', 'Your key was replaced'],
      ['removed', 'This device was removed'],
    ] as const) {
      await open(state);
      expect(screen.text).toContain(title);
      await screen.press('Sign out');
      fixture.destroy();
    }
    expect(left).toBe(2);
  });

  it('gives up keys that the browser does not open only after asking once more', async () => {
    await open('closed');
    expect(screen.text).toContain('Parley goes on trying');
    await screen.press('Become a new device');
    await screen.until(() => document.querySelector('dialog[open]') !== null);
    await screen.press('Cancel');
    await screen.until(() => document.querySelector('dialog[open]') === null);
    expect(keys.asked).toEqual([]);
    await screen.press('Become a new device');
    await screen.until(() => document.querySelector('dialog[open]') !== null);
    await screen.press('Become a new device');
    await screen.until(() => keys.asked.length > 0);
    expect(keys.asked).toEqual(['begin again']);
  });

  it('says that a device has the key, or that nobody was asked yet', async () => {
    await open('unknown');
    expect(screen.text).toContain('was not asked');
    keys.state.set('own');
    await screen.shows('This device has your key');
    expect(screen.button('Recovery code')?.getAttribute('href')).toBe('/settings/recovery-code');
  });
});

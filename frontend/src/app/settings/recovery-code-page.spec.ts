import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { someone } from '../account/testing/server';
import { type KeyState } from '../crypto/own-keys';
import { A_CODE, ScriptedKeys } from '../crypto/testing/keys';
import { Screen } from '../look/testing/screen';
import { Toast } from '../look/toast';
import { RecoveryCodePage } from './recovery-code-page';

describe('The page of the recovery code', () => {
  let keys: ScriptedKeys;
  let fixture: ComponentFixture<RecoveryCodePage>;
  let screen: Screen;

  beforeEach(async () => {
    keys = new ScriptedKeys();
    await withWords([
      provideRouter([{ path: 'chats', children: [] }]),
      keys.provider,
      { provide: Account, useValue: { me: signal(someone()) } },
    ]);
  });
  afterEach(() => fixture.destroy());

  async function open(state: KeyState = 'own'): Promise<void> {
    keys.state.set(state);
    fixture = TestBed.createComponent(RecoveryCodePage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  }
  const groups = () => [...screen.page.querySelectorAll('.code li')].map(({ textContent }) => textContent.trim());

  it('shows a code that is owed in eight groups of four and as a drawing, until it is written down', async () => {
    keys.owedCode.set({ code: A_CODE });
    await open();
    expect(groups().length).toBe(8);
    expect(groups().join(' ')).toBe(A_CODE);
    await screen.until(() => screen.page.querySelector('.drawing svg') !== null);
    const go = screen.button('Continue') as HTMLButtonElement;
    expect(go.disabled).toBe(true);
    screen.page.querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
    await fixture.whenStable();
    await screen.press('Continue');
    expect(keys.asked).toEqual(['written']);
    await screen.until(() => TestBed.inject(Router).url === '/chats');
  });

  it('makes another one where the page that had made it is gone', async () => {
    keys.owedCode.set({ code: null });
    await open();
    await screen.until(() => groups().join(' ') === A_CODE);
    expect(keys.asked).toEqual(['new code']);
  });

  it('makes another one when it is asked for, and not before', async () => {
    await open();
    expect(screen.text).toContain('the old one stops working');
    expect(keys.asked).toEqual([]);
    await screen.press('Make a new code');
    await screen.until(() => groups().join(' ') === A_CODE);
    expect(keys.asked).toEqual(['new code']);
  });

  it('says that none could be made, and tries again', async () => {
    keys.makesCodes = false;
    await open();
    await screen.press('Make a new code');
    await screen.shows('the server does not answer');
    keys.makesCodes = true;
    await screen.press('Make a new code');
    await screen.until(() => groups().length === 8);
  });

  it('makes none on a device without the key', async () => {
    keys.owedCode.set({ code: null });
    await open('locked');
    expect(screen.text).toContain('cannot make a code');
    expect(keys.asked).toEqual([]);
  });

  it('copies the code, and says so', async () => {
    const copied = spyOn(navigator.clipboard, 'writeText').and.resolveTo();
    keys.owedCode.set({ code: A_CODE });
    await open();
    await screen.press('Copy');
    expect(copied).toHaveBeenCalledOnceWith(A_CODE);
    await screen.until(() => TestBed.inject(Toast).sentence().startsWith('Copied.'));
  });

  it('prints', async () => {
    const printed = spyOn(window, 'print');
    keys.owedCode.set({ code: A_CODE });
    await open();
    await screen.press('Print');
    expect(printed).toHaveBeenCalledTimes(1);
  });
});

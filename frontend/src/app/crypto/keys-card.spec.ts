import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { Screen } from '../look/testing/screen';
import { KeysCard } from './keys-card';
import { ShuttingOut } from './shutting-out';
import { ScriptedKeys } from './testing/keys';

describe('The card of keys', () => {
  let keys: ScriptedKeys;
  let fixture: ComponentFixture<KeysCard>;
  let screen: Screen;

  beforeEach(async () => {
    keys = new ScriptedKeys();
    const address = () => ({ userId: anId('me'), deviceId: anId('here') });
    await withWords([provideRouter([]), keys.provider, { provide: Account, useValue: { address } }]);
    fixture = TestBed.createComponent(KeysCard);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  });

  const link = (words: string) => screen.button(words)?.getAttribute('href');
  const isLoud = () => screen.page.querySelector('.attention') !== null;

  it('says nothing while there is nothing to do', async () => {
    expect(screen.text).toBe('');
    keys.state.set('own');
    await fixture.whenStable();
    expect(screen.text).toBe('');
  });

  it('leads to the password where there is no key yet, or none on this device', async () => {
    keys.state.set('none');
    await screen.shows('Lock your messages with your password');
    expect(link('Lock now')).toBe('/settings/keys');
    keys.state.set('locked');
    await screen.shows('does not have your key yet');
    expect([link('Open'), isLoud()]).toEqual(['/settings/keys', false]);
  });

  it('is loud where another key or another device has put this one out', async () => {
    for (const state of ['replaced', 'removed'] as const) {
      keys.state.set(state);
      await screen.shows('Nothing is sent from here.');
      expect([link('What to do'), isLoud()]).toEqual(['/settings/keys', true]);
    }
  });

  it('is loud where the browser does not open the keys', async () => {
    keys.state.set('closed');
    await screen.shows('This browser does not open the keys of this device.');
    expect([link('What to do'), isLoud()]).toEqual(['/settings/keys', true]);
  });

  it('is loud where a lost device is not shut out yet, before the code', async () => {
    keys.verbs['identities'] = () => ({ own: 'before', theirs: 'before' });
    keys.owedCode.set({ code: null });
    keys.state.set('own');
    await TestBed.inject(ShuttingOut).begin();
    await screen.shows('is not shut out yet');
    expect([link('Go on'), isLoud()]).toEqual(['/settings/devices/lost', true]);
    TestBed.inject(ShuttingOut).over();
    await screen.shows('Write down your recovery code.');
  });

  it('leads to the recovery code that is owed, after what comes before it', async () => {
    keys.owedCode.set({ code: null });
    keys.state.set('locked');
    await screen.shows('does not have your key yet');
    expect(link('Show it')).toBeUndefined();
    keys.state.set('own');
    await screen.shows('Write down your recovery code.');
    expect(link('Show it')).toBe('/settings/recovery-code');
  });

  it('says that the backup was refused, after what is to be done first', async () => {
    keys.restoring.set('refused');
    keys.owedCode.set({ code: null });
    keys.state.set('own');
    await screen.shows('Write down your recovery code.');
    keys.owedCode.set(null);
    await screen.shows('The backup of your messages on the server is damaged');
    expect([isLoud(), screen.page.querySelectorAll('a').length]).toEqual([true, 0]);
  });

  it('shows how far the history has come', async () => {
    keys.state.set('own');
    keys.restoring.set({ done: 2, left: 3 });
    await screen.shows('Your history is coming');
    expect(screen.text).toContain('40%');
    expect(screen.page.querySelector('progress')?.value).toBeCloseTo(0.4);
    keys.restoring.set(null);
    await screen.until(() => screen.text === '');
  });
});

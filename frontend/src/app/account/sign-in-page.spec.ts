import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { ActivatedRoute, provideRouter, Router } from '@angular/router';
import { err, ok } from '#protocol/result';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from './account';
import { FailureWords } from './failure-words';
import type { Failure } from './fetch-json';
import { SignInPage } from './sign-in-page';

const problem = (type: 'wrong-credentials' | 'too-many-attempts' | 'internal', retryMs?: number): Failure => ({
  kind: 'problem',
  problem: { type, title: '', status: 400, retryMs },
});

describe('the sign-in page', () => {
  let fixture: ComponentFixture<SignInPage>;
  let page: HTMLElement;

  beforeEach(async () => {
    await withWords([provideRouter([])]);
    open();
    await fixture.whenStable();
  });

  const open = () => {
    fixture = TestBed.createComponent(SignInPage);
    page = fixture.nativeElement as HTMLElement;
  };

  const submit = async (username: string, password: string) => {
    const [name, word] = page.querySelectorAll('input');
    name!.value = username;
    word!.value = password;
    for (const input of [name!, word!]) input.dispatchEvent(new Event('input'));
    page.querySelector('form')!.requestSubmit();
    await fixture.whenStable();
  };
  const alert = () => page.querySelector('[role="alert"]')!.textContent?.trim();

  it('asks for both before it asks the server', async () => {
    const signIn = spyOn(TestBed.inject(Account), 'signIn');
    await submit('noor', '');
    expect(signIn).not.toHaveBeenCalled();
    expect(alert()).toBe('Enter your username and your password.');
  });

  it('says that they do not match, and keeps them', async () => {
    spyOn(TestBed.inject(Account), 'signIn').and.resolveTo(err(problem('wrong-credentials')));
    await submit('noor', 'wrong password');
    expect(alert()).toBe('Username and password do not match.');
    expect([...page.querySelectorAll('input')].map(input => input.value)).toEqual(['noor', 'wrong password']);
  });

  it('opens the invitation or set-up link by which somebody came who has an account', async () => {
    spyOn(TestBed.inject(Account), 'signIn').and.resolveTo(ok(undefined));
    const navigate = spyOn(TestBed.inject(Router), 'navigate');
    for (const [fragment, path] of [
      ['ABCDEFGHJK', '/invite'],
      ['abcdefghijklmnopqrstuv', '/set-up'],
    ] as const) {
      TestBed.inject(ActivatedRoute).snapshot.fragment = fragment;
      open();
      await fixture.whenStable();
      expect(page.textContent.includes('Sign in to use your invitation.')).toBe(path === '/invite');
      await submit('noor', 'seven lanterns');
      expect(navigate).toHaveBeenCalledWith([path], { fragment, replaceUrl: true });
    }
  });

  it('leads to where somebody wanted to go, and nowhere but into the app', async () => {
    spyOn(TestBed.inject(Account), 'signIn').and.resolveTo(ok(undefined));
    const went = spyOn(TestBed.inject(Router), 'navigateByUrl').and.resolveTo(true);
    for (const to of [undefined, '/share', 'https://example.org/']) {
      fixture.componentRef.setInput('to', to);
      await submit('noor', 'right password');
    }
    expect(went.calls.allArgs()).toEqual(['/', '/share', '/'].map(path => [path, { replaceUrl: true }]));
  });

  it('says why somebody stands at the door again', async () => {
    fixture.componentRef.setInput('why', 'ended');
    await fixture.whenStable();
    expect(page.textContent).toContain('This device was signed out.');
  });

  it('shows the password only as long as it is wanted', async () => {
    const eye = page.querySelector<HTMLButtonElement>('button[aria-pressed]')!;
    const word = page.querySelectorAll('input')[1]!;
    expect(word.type).toBe('password');
    eye.click();
    await fixture.whenStable();
    expect(word.type).toBe('text');
    expect(eye.getAttribute('aria-pressed')).toBe('true');
  });

  it('says in words how long to wait', () => {
    const words = TestBed.inject(FailureWords);
    expect(words.say(problem('too-many-attempts', 900))).toBe('Too many attempts. Try again in a second.');
    expect(words.say(problem('too-many-attempts', 30_000))).toBe('Too many attempts. Try again in 30 seconds.');
    expect(words.say(problem('too-many-attempts', 600_000))).toBe('Too many attempts. Try again in 10 minutes.');
    expect(words.say(problem('internal'))).toBe('Something went wrong on the server. Try again in a moment.');
  });
});

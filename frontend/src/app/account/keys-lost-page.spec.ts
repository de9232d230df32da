import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { err, ok } from '#protocol/result';
import { withWords } from '../../i18n/testing/with-words';
import { KeptStorage } from '../worker/kept-storage';
import { Account } from './account';
import { KeysLostPage } from './keys-lost-page';

describe('the door after the keys of a device were lost', () => {
  let fixture: ComponentFixture<KeysLostPage>;
  let page: HTMLElement;
  const alert = () => page.querySelector('[role="alert"]')!.textContent?.trim();

  beforeEach(async () => {
    const account: Pick<Account, 'lostBy' | 'signIn'> = {
      lostBy: signal('noor'),
      signIn: () => Promise.reject(new Error('a spec says what comes of it')),
    };
    await withWords([provideRouter([]), { provide: Account, useValue: account }]);
    fixture = TestBed.createComponent(KeysLostPage);
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
  });

  const submit = async (password: string) => {
    const field = page.querySelector<HTMLInputElement>('input[type="password"]')!;
    field.value = password;
    field.dispatchEvent(new Event('input'));
    page.querySelector('form')!.requestSubmit();
    await fixture.whenStable();
  };

  it('says what comes back, what is gone and who is told, and asks for the password before the server', async () => {
    const signIn = spyOn(TestBed.inject(Account), 'signIn');
    expect([...page.querySelectorAll('.row-name')].map(name => name.textContent)).toEqual([
      'Comes back',
      'Is gone',
      'Others are told',
    ]);
    await submit('');
    expect(signIn).not.toHaveBeenCalled();
    expect(alert()).toBe('Enter your password.');
  });

  it('signs in whoever it was, asks the browser to keep the storage, and leads to where they wanted to go', async () => {
    const signIn = spyOn(TestBed.inject(Account), 'signIn').and.resolveTo(
      err({ kind: 'problem', problem: { type: 'wrong-credentials', title: '', status: 401 } }),
    );
    const ask = spyOn(TestBed.inject(KeptStorage), 'ask');
    const went = spyOn(TestBed.inject(Router), 'navigateByUrl').and.resolveTo(true);
    fixture.componentRef.setInput('to', '/contacts');
    await submit('wrong');
    expect(alert()).toBe('This is not the password of @noor.');
    expect(ask).not.toHaveBeenCalled();
    signIn.and.resolveTo(ok(undefined));
    await submit('right');
    expect(signIn).toHaveBeenCalledWith({ username: 'noor', password: 'right' });
    expect(ask).toHaveBeenCalled();
    expect(went).toHaveBeenCalledWith('/contacts', { replaceUrl: true });
  });

  it('has a way for somebody else', () => {
    const link = page.querySelector<HTMLAnchorElement>('a[href]')!;
    expect([link.textContent?.trim(), link.getAttribute('href')]).toEqual(['I am not @noor', '/sign-in?who=other']);
  });
});

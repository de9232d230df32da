import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { err } from '#protocol/result';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from './account';
import { ASK_DOOR } from './newcomer';
import { SignUpPage } from './sign-up-page';
import { IS_FREE, shapeOf } from './username-check';

describe('a username while it is typed', () => {
  it('is judged by its shape before anybody is asked', () => {
    expect(shapeOf('')).toBe('empty');
    expect(shapeOf('ab')).toBe('short');
    expect(shapeOf('No Or')).toBe('letters');
    expect(shapeOf('nöör')).toBe('letters');
    expect(shapeOf('a'.repeat(33))).toBe('letters');
    expect(shapeOf(' Noor.H-1_ ')).toBe('fine');
  });
});

describe('the sign-up page', () => {
  let fixture: ComponentFixture<SignUpPage>;
  let page: HTMLElement;
  let account: Account;
  let free: (name: string) => Promise<boolean | undefined>;

  beforeEach(async () => {
    free = async () => true;
    await withWords([
      provideRouter([]),
      { provide: ASK_DOOR, useValue: async () => err({ kind: 'unreachable' }) },
      { provide: IS_FREE, useValue: (name: string) => free(name) },
    ]);
    account = TestBed.inject(Account);
    fixture = TestBed.createComponent(SignUpPage);
    page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
    await shows('Create account');
  });

  const field = (label: string) => {
    const found = [...page.querySelectorAll('label')].find(one => one.textContent?.trim() === label);
    return page.querySelector<HTMLInputElement>(`#${found!.htmlFor}`)!;
  };
  const type = async (label: string, text: string) => {
    const input = field(label);
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await fixture.whenStable();
  };
  const shows = async (text: string) => {
    while (!page.textContent?.includes(text)) {
      await new Promise(resolve => requestAnimationFrame(resolve));
      await fixture.whenStable();
    }
    return true;
  };
  const submit = async () => {
    page.querySelector('form')!.requestSubmit();
    await fixture.whenStable();
  };

  it('says honestly who can read messages', () => {
    expect(page.textContent).toContain(
      'Messages and calls are encrypted end to end. Whoever runs this server sees who writes to whom',
    );
  });

  it('says that a name is taken while it is typed', async () => {
    free = async () => false;
    await type('Username', 'noor');
    expect(await shows('This username is taken.')).toBeTrue();
    expect(field('Username').getAttribute('aria-invalid')).toBe('true');
  });

  it('says how much of a name is too much while it is typed, and cuts neither name', async () => {
    await type('Your name', 'x'.repeat(66));
    expect(await shows('2 characters too many. A name has at most 64.')).toBeTrue();
    await type('Username', 'x'.repeat(33));
    expect(await shows('Use 3 to 32 of a–z, 0–9 and _ . -')).toBeTrue();
    expect([field('Your name').maxLength, field('Username').maxLength]).toEqual([-1, -1]);
  });

  it('says that a name is free', async () => {
    await type('Username', 'noor');
    expect(await shows('This username is free.')).toBeTrue();
  });

  it('says how strong a password is, and who never sees it', async () => {
    await type('Password', 'correct horse battery staple');
    expect(page.textContent).toContain('Strong. The server never sees it.');
  });

  it('makes a password and shows it', async () => {
    [...page.querySelectorAll('button')].find(one => one.textContent?.includes('Suggest a password'))!.click();
    await fixture.whenStable();
    expect(field('Password').value.length).toBe(24);
    expect(field('Password').type).toBe('text');
  });

  it('sends nothing while something is missing, and marks it until it is mended', async () => {
    const register = spyOn(account, 'register');
    await submit();
    expect(register).not.toHaveBeenCalled();
    expect(page.querySelectorAll('[aria-invalid="true"]').length).toBe(3);
    expect(page.querySelector('[role="alert"]')!.textContent).toContain(
      'Please check: Your name, Username, and Password.',
    );
    await type('Your name', 'Noor Haddad');
    expect(page.querySelector('[role="alert"]')!.textContent).toContain('Please check: Username and Password.');
    await type('Username', 'noor');
    await type('Password', 'correct horse battery staple');
    expect(page.querySelectorAll('[aria-invalid="true"]').length).toBe(0);
    expect(page.querySelector('[role="alert"]')!.textContent.trim()).toBe('');
  });

  it('keeps what was typed when the server cannot be reached, and says so', async () => {
    spyOn(account, 'register').and.resolveTo(err({ kind: 'unreachable' }));
    await type('Your name', 'Noor Haddad');
    await type('Username', 'noor');
    await type('Password', 'correct horse battery staple');
    await submit();
    expect(await shows('The server cannot be reached.')).toBeTrue();
    expect(field('Your name').value).toBe('Noor Haddad');
    expect(field('Username').value).toBe('noor');
    expect(field('Password').value).toBe('correct horse battery staple');
  });
});

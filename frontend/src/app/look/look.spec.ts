import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router, TitleStrategy } from '@angular/router';
import { withWords } from '../../i18n/testing/with-words';
import type { Key } from '../../i18n/words';
import { Badges } from './badges';
import { Confirm } from './confirm';
import { Icon } from './icon';
import mark from './mark.svg';
import { PageTitle } from './page-title';
import { moveFocus } from './route-focus';
import { ColorScheme } from './scheme';
import { TextField } from './text-field';
import { Toast, Toasts } from './toast';

@Component({ selector: 'parley-blank', template: '' })
class Blank {}

describe('an icon', () => {
  it('draws the SVG that the build brought, hidden from assistive technology', () => {
    const fixture = TestBed.createComponent(Icon);
    fixture.componentRef.setInput('svg', mark);
    fixture.detectChanges();
    const host = fixture.nativeElement as HTMLElement;
    expect(host.querySelectorAll('svg circle').length).toBe(2);
    expect(host.getAttribute('aria-hidden')).toBe('true');
  });
});

describe('a text field', () => {
  it('ties label, hint and what is wrong to the input', async () => {
    const fixture = TestBed.createComponent(TextField);
    fixture.componentRef.setInput('label', 'Name');
    fixture.componentRef.setInput('hint', 'Type it.');
    fixture.componentRef.setInput('wrong', true);
    await fixture.whenStable();
    const host = fixture.nativeElement as HTMLElement;
    const input = host.querySelector('input')!;
    expect(input.labels![0]!.textContent).toBe('Name');
    expect(host.querySelector(`#${input.getAttribute('aria-describedby')}`)!.textContent).toBe('Type it.');
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });
});

describe('a question', () => {
  for (const [button, answer] of [
    [0, false],
    [1, true],
  ] as const) {
    it(`is answered by a button: ${answer}`, async () => {
      await withWords();
      const asked = TestBed.inject(Confirm).ask({ title: 'Sure?', sentence: 'Really.', action: 'Yes' });
      while (!document.querySelector('dialog[open]')) await new Promise(resolve => requestAnimationFrame(resolve));
      document.querySelectorAll<HTMLButtonElement>('dialog button')[button]!.click();
      expect(await asked).toBe(answer);
      expect(document.querySelector('dialog')).toBeNull();
    });
  }
});

describe('the window’s title', () => {
  it('names what waits, the page and the app, a person in the page’s place, and a ring over all', async () => {
    const routes = [
      { path: 'chats', title: 'app.chats' satisfies Key, component: Blank },
      { path: 'calls', title: 'app.calls' satisfies Key, component: Blank },
    ];
    await withWords([provideRouter(routes), { provide: TitleStrategy, useExisting: PageTitle }]);
    const title = TestBed.inject(PageTitle);
    await TestBed.inject(Router).navigateByUrl('/chats');
    expect(title.text()).toBe('Chats · Parley');
    TestBed.inject(Badges).chats.set(3);
    expect(title.text()).toBe('(3) Chats · Parley');
    title.showName('Mira Sand');
    title.flash.set('Jonas is calling');
    expect(title.text()).toBe('Jonas is calling');
    title.flash.set('');
    expect(title.text()).toBe('(3) Mira Sand · Parley');
    await TestBed.inject(Router).navigateByUrl('/calls');
    TestBed.tick();
    expect(document.title).toBe('(3) Calls · Parley');
  });
});

describe('the focus after a change of page', () => {
  let page: HTMLElement;

  beforeEach(() => document.body.append((page = document.createElement('section'))));
  afterEach(() => page.remove());

  it('goes to the title of the innermost page that is shown', () => {
    page.innerHTML = '<h1 tabindex="-1">list</h1><h1 tabindex="-1">detail</h1><h1 tabindex="-1" hidden>gone</h1>';
    moveFocus(document);
    expect(document.activeElement?.textContent).toBe('detail');
  });

  it('goes where the page wants it', () => {
    page.innerHTML = '<h1 tabindex="-1">title</h1><input data-focus /><h1 tabindex="-1">other</h1>';
    moveFocus(document);
    expect(document.activeElement).toBe(page.querySelector('input'));
  });

  it('stays in a field that has it', () => {
    page.innerHTML = '<h1 tabindex="-1">title</h1><textarea></textarea>';
    page.querySelector('textarea')!.focus();
    moveFocus(document);
    expect(document.activeElement?.tagName).toBe('TEXTAREA');
  });
});

describe('the colours', () => {
  afterEach(() => {
    localStorage.removeItem('parley.scheme');
    delete document.documentElement.dataset['scheme'];
  });

  it('are the chosen ones, over the whole page and at the next start', () => {
    const scheme = TestBed.inject(ColorScheme);
    scheme.choose('dark');
    TestBed.tick();
    expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark');
    expect(getComputedStyle(document.documentElement).backgroundColor).toBe('rgb(20, 19, 16)');
    TestBed.resetTestingModule();
    expect(TestBed.inject(ColorScheme).chosen()).toBe('dark');
  });

  it('follow the system where nothing is chosen', () => {
    const scheme = TestBed.inject(ColorScheme);
    scheme.choose('light');
    scheme.choose('system');
    TestBed.tick();
    expect(getComputedStyle(document.documentElement).colorScheme).toBe('light dark');
  });
});

describe('a toast', () => {
  beforeEach(() => jasmine.clock().install());
  afterEach(() => jasmine.clock().uninstall());

  it('stays a while, and a later one takes its place', () => {
    const toast = TestBed.inject(Toast);
    toast.say('first');
    jasmine.clock().tick(4_000);
    toast.say('second');
    jasmine.clock().tick(4_000);
    expect(toast.sentence()).toBe('second');
    jasmine.clock().tick(2_000);
    expect(toast.sentence()).toBe('');
  });

  it('is said in a live region that was there before', () => {
    const fixture = TestBed.createComponent(Toasts);
    fixture.detectChanges();
    const region = (fixture.nativeElement as HTMLElement).querySelector('[role="status"]')!;
    TestBed.inject(Toast).say('Copied.');
    fixture.detectChanges();
    expect(region.textContent?.trim()).toBe('Copied.');
  });
});

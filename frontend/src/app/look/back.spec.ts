import { Location } from '@angular/common';
import { provideLocationMocks } from '@angular/common/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { Back, BackLink } from './back';

@Component({ selector: 'parley-blank', template: '' })
class Blank {}

@Component({ selector: 'parley-arrow', imports: [BackLink], template: '<a parleyBack="/chats">Back</a>' })
class Arrow {}

describe('the way back', () => {
  let router: Router;
  let location: Location;
  let back: Back;
  const pages = ['chats', 'chats/:id', 'contacts', 'contacts/:id'];
  const at = () => location.path();
  /** Goes, and waits until the router is there. */
  const arrives = async (path: string, go: () => unknown): Promise<void> => {
    go();
    while (at() !== path) await new Promise(resolve => setTimeout(resolve));
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideRouter(pages.map(path => ({ path, component: Blank }))), provideLocationMocks()],
    });
    [router, location, back] = [TestBed.inject(Router), TestBed.inject(Location), TestBed.inject(Back)];
    router.initialNavigation();
  });

  it('leads from a person to the chat they were opened from, and adds no entry', async () => {
    for (const page of ['/chats', '/chats/1', '/contacts/2']) await router.navigateByUrl(page);
    await arrives('/chats/1', () => back.go('/contacts'));
    await arrives('/chats', () => back.go('/chats'));
    // What lies ahead is what was left: nothing was added behind it.
    await arrives('/chats/1', () => location.forward());
  });

  it('puts the page above in the place of one that the app was opened at', async () => {
    await router.navigateByUrl('/contacts/2', { replaceUrl: true });
    const entries = (location as unknown as { urlChanges: string[] }).urlChanges.filter(
      url => !url.startsWith('replace'),
    );
    await arrives('/contacts', () => back.go('/contacts'));
    const after = (location as unknown as { urlChanges: string[] }).urlChanges.filter(
      url => !url.startsWith('replace'),
    );
    expect(after).toEqual(entries);
  });

  it('counts a page that took the place of another once', async () => {
    await router.navigateByUrl('/chats', { replaceUrl: true });
    await router.navigateByUrl('/chats/1', { replaceUrl: true });
    await arrives('/chats', () => back.go('/chats'));
    await router.navigateByUrl('/contacts');
    await arrives('/chats', () => back.go('/contacts'));
  });

  it('is a link that another tab can open', async () => {
    await router.navigateByUrl('/contacts/2', { replaceUrl: true });
    const fixture = TestBed.createComponent(Arrow);
    await fixture.whenStable();
    const link = (fixture.nativeElement as HTMLElement).querySelector('a')!;
    expect(link.getAttribute('href')).toBe('/chats');
    const aside = new MouseEvent('click', { ctrlKey: true, cancelable: true });
    link.addEventListener('click', event => event.preventDefault(), { once: true });
    link.dispatchEvent(aside);
    expect(at()).toBe('/contacts/2');
    await arrives('/chats', () => link.click());
  });
});

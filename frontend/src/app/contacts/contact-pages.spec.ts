import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { withWords } from '../../i18n/testing/with-words';
import { type Asked, json, serverOf } from '../account/testing/server';
import type { Contact } from '#protocol/api/contacts';
import { type Trust, TrustOf } from '../crypto/trust-of';
import { CALL_STARTER } from './call-starter';
import { contactRoutes } from './contacts.routes';
import { Contacts } from './contacts';
import { below, contactCalled, personCalled } from './testing/below';

describe('the pages of contacts', () => {
  let room: ReturnType<typeof below>;
  let harness: RouterTestingHarness;
  let places: unknown[];
  const current = signal<string | undefined>(undefined);
  const trust = signal<Trust | undefined>(undefined);
  let asked: Asked[];
  const mira = contactCalled('Mira Sand');
  const noor = contactCalled('Noor Haddad', 'incoming');

  beforeEach(async () => {
    room = below();
    places = [];
    current.set(undefined);
    trust.set(undefined);
    const starter = {
      current,
      place: (...call: unknown[]) => places.push(call),
      returnToCall: () => places.push('return'),
    };
    await withWords([
      ...room.providers,
      provideRouter([{ path: 'contacts', children: contactRoutes }], withComponentInputBinding()),
      { provide: CALL_STARTER, useValue: starter },
      { provide: TrustOf, useValue: { of: () => trust() } },
    ]);
  });
  afterEach(async () => {
    document.querySelectorAll('dialog').forEach(dialog => dialog.remove());
    await room.end();
  });

  async function open(path: string, items: Contact[], answers: Parameters<typeof serverOf>[0] = {}) {
    asked = serverOf({ 'GET /api/contacts?limit=500': () => json({ items }), ...answers });
    await TestBed.inject(Contacts).refresh();
    harness = await RouterTestingHarness.create(path);
    await harness.fixture.whenStable();
    return harness.routeNativeElement!;
  }

  const button = (page: Element, words: string) =>
    [...page.querySelectorAll<HTMLElement>('button, a')].find(
      one => (one.getAttribute('aria-label') ?? one.textContent).replace(/\s+/g, ' ').trim() === words,
    );
  const until = async (true_: () => boolean) => {
    while (!true_()) {
      await new Promise(resolve => requestAnimationFrame(resolve));
      await harness.fixture.whenStable();
    }
  };

  it('invite to find people while there is nobody', async () => {
    const page = await open('/contacts', []);
    expect(page.textContent).toContain('It is quiet here');
    expect(button(page, 'Find people on this server')?.getAttribute('href')).toBe('/contacts/add');
  });

  it('offer to write, to call and to call with a picture', async () => {
    const page = await open('/contacts', [mira]);
    expect(button(page, 'Message Mira Sand')?.getAttribute('href')).toBe(`/chats/${mira.conversationId}`);
    button(page, 'Call Mira Sand')!.click();
    button(page, 'Video call with Mira Sand')!.click();
    expect(places).toEqual([
      [mira.person.id, 'audio'],
      [mira.person.id, 'video'],
    ]);
  });

  it('say of somebody who was never compared that they are known, and no more than that', async () => {
    const page = await open(`/contacts/${mira.person.id}`, [mira]);
    expect(page.textContent).not.toContain('at first contact');
    trust.set('pinned');
    await until(() => page.textContent.includes('The same person as at first contact, not compared'));
    trust.set('changed');
    await until(() => !page.textContent.includes('at first contact'));
    expect(button(page, 'Verify Mira Sand')?.getAttribute('href')).toBe(`/contacts/${mira.person.id}/verify`);
    expect(page.textContent).not.toContain('Verified');
    trust.set('verified');
    await until(() => page.textContent.includes('Verified: you have compared'));
    expect(button(page, 'Compare again')).toBeDefined();
  });

  it('lead back to the call one is in, and say why nobody else can be called meanwhile', async () => {
    const jonas = contactCalled('Jonas Weber');
    current.set(jonas.person.id);
    const page = await open('/contacts', [mira, jonas]);
    button(page, 'Return to call')!.click();
    expect(places).toEqual(['return']);
    expect(button(page, 'Call Jonas Weber')).toBeUndefined();
    const call = button(page, 'Call Mira Sand')!;
    expect([call.getAttribute('aria-disabled'), call.title]).toEqual(['true', 'You are already in a call.']);
    current.set(undefined);
    await until(() => button(page, 'Call Jonas Weber') !== undefined);
    expect(button(page, 'Call Mira Sand')!.getAttribute('aria-disabled')).toBeNull();
  });

  it('answer a request', async () => {
    const page = await open('/contacts', [noor], {
      [`POST /api/contacts/${noor.person.id}/accept`]: () => json({ contact: { ...noor, state: 'accepted' } }),
    });
    expect(page.textContent).toContain('Contact requests');
    button(page, 'Accept Noor Haddad')!.click();
    await until(() => TestBed.inject(Contacts).stateOf(noor.person.id) === 'accepted');
    await harness.fixture.whenStable();
    expect(page.textContent).not.toContain('Contact requests');
  });

  it('search among contacts', async () => {
    const page = await open('/contacts', [mira, contactCalled('Jonas Weber')]);
    const input = page.querySelector('input')!;
    input.value = 'web';
    input.dispatchEvent(new Event('input'));
    await harness.fixture.whenStable();
    expect(page.textContent).toContain('Jonas Weber');
    expect(page.textContent).not.toContain('Mira Sand');
  });

  it('find people on this server by a link, and ask them', async () => {
    const ada = personCalled('Ada Okafor');
    const page = await open('/contacts/add?name=ada.okafor', [], {
      'GET /api/users?search=ada.okafor': () => json({ items: [ada] }),
      'POST /api/contacts': () => json({ contact: { person: ada, state: 'requested', since: 1 } }),
    });
    await until(() => button(page, 'Add Ada Okafor') !== undefined);
    button(page, 'Add Ada Okafor')!.click();
    await until(() => page.textContent.includes('Request sent'));
    expect(asked.at(-1)!.body).toEqual({ userId: ada.id });
    await until(() => page.querySelector('[role="img"] svg') !== null);
    expect(page.textContent).toContain('/add/noor');
  });

  it('block somebody only after a clear question', async () => {
    const block = `POST /api/contacts/${mira.person.id}/block`;
    const page = await open(`/contacts/${mira.person.id}`, [mira], {
      [block]: () => json({ contact: { ...mira, state: 'blocked' } }),
    });
    await until(() => button(page, 'Block') !== undefined);
    button(page, 'Block')!.click();
    await until(() => document.querySelector('dialog[open]') !== null);
    const dialog = document.querySelector('dialog')!;
    expect(dialog.textContent).toContain('Block Mira Sand?');
    button(dialog, 'Cancel')!.click();
    await until(() => document.querySelector('dialog') === null);
    expect(asked.some(one => one.what === block)).toBeFalse();
    button(page, 'Block')!.click();
    await until(() => document.querySelector('dialog[open]') !== null);
    button(document.querySelector('dialog')!, 'Block')!.click();
    await until(() => page.textContent.includes('Mira Sand cannot message or call you'));
    expect(button(page, 'Unblock')).toBeDefined();
  });

  it('say that somebody is no contact any more', async () => {
    const page = await open(`/contacts/${personCalled('Nobody').id}`, [mira]);
    await until(() => page.textContent.includes('Not in your contacts'));
    expect(button(page, 'Block')).toBeUndefined();
  });
});

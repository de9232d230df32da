import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { withWords } from '../../i18n/testing/with-words';
import { CALL_STARTER } from '../contacts/call-starter';
import { Presence } from '../contacts/presence';
import { PresenceWords } from '../contacts/presence-words';
import { below, personCalled } from '../contacts/testing/below';
import { TrustOf } from '../crypto/trust-of';
import { Screen } from '../look/testing/screen';
import { ConversationHeader } from './conversation-header';
import { IdentityQuestion } from './identity-question';
import { ListDoubtLine } from './list-doubt-line';

describe('Somebody with another identity than before', () => {
  const mira = personCalled('Mira Sand');
  let accepted: string[];
  let places: unknown[];
  let room: ReturnType<typeof below>;
  let screen: Screen;

  beforeEach(async () => {
    accepted = [];
    places = [];
    room = below();
    await withWords([
      ...room.providers,
      provideRouter([]),
      { provide: TrustOf, useValue: { accept: async (id: string) => void accepted.push(id) } },
      { provide: Presence, useValue: { of: () => ({ state: 'online' }) } },
      { provide: PresenceWords, useValue: { of: () => 'online' } },
      {
        provide: CALL_STARTER,
        useValue: { current: signal(undefined), place: (...call: unknown[]) => places.push(call) },
      },
    ]);
  });

  afterEach(() => room.end());

  async function drawn<T>(fixture: ComponentFixture<T>, inputs: object): Promise<void> {
    for (const [name, value] of Object.entries({ person: mira, ...inputs })) fixture.componentRef.setInput(name, value);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  }

  it('who was compared is asked about, loudly, and goes on when this person says so', async () => {
    await drawn(TestBed.createComponent(IdentityQuestion), { compared: true });
    expect(screen.text).toContain('Is this still Mira Sand?');
    expect(screen.text).toContain('No message and no call goes out until you decide.');
    expect(screen.page.querySelector('[role=alert]')).not.toBeNull();
    expect(accepted).toEqual([]);
    expect(screen.button('Compare in person')?.getAttribute('href')).toBe(`/contacts/${mira.id}/verify`);
    await screen.press('I asked, it is Mira Sand');
    expect(accepted).toEqual([mira.id]);
  });

  it('has a line about a list of devices that was refused, and nothing to decide', async () => {
    const fixture = TestBed.createComponent(ListDoubtLine);
    fixture.componentRef.setInput('name', 'Mira Sand');
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
    expect(screen.text).toContain('The server has shown a list of Mira Sand’s devices that they have not signed');
    fixture.componentRef.setInput('name', null);
    await fixture.whenStable();
    expect(screen.text).toContain('a list of your devices that none of them has signed');
    expect(screen.page.querySelector('button')).toBeNull();
  });

  it('who was not compared is asked about in a line, and nothing says that they were', async () => {
    await drawn(TestBed.createComponent(IdentityQuestion), { compared: false });
    expect(screen.text).toContain('has a new identity');
    expect(screen.text).not.toMatch(/compared|still/);
    expect(screen.button('Compare in person')).toBeDefined();
    expect(screen.page.querySelector('[role=alert]')).toBeNull();
    await screen.press('It is Mira Sand');
    expect(accepted).toEqual([mira.id]);
  });

  it('is named in the header, and no call is placed', async () => {
    await drawn(TestBed.createComponent(ConversationHeader), { changed: true, canCall: true });
    await screen.shows('New identity, not compared');
    expect(screen.text).not.toContain('online');
    await screen.press('Call Mira Sand');
    expect(places).toEqual([]);
    expect(screen.button('Call Mira Sand')?.getAttribute('aria-disabled')).toBe('true');
  });

  it('is marked in the header where this person has compared with them, and only there', async () => {
    const header = TestBed.createComponent(ConversationHeader);
    await drawn(header, { canCall: true });
    expect(screen.text).not.toContain('Verified');
    header.componentRef.setInput('verified', true);
    await screen.shows('Verified');
    header.componentRef.setInput('verified', false);
    await screen.until(() => !screen.text.includes('Verified'));
  });

  it('is called and shown as ever where nothing has changed', async () => {
    await drawn(TestBed.createComponent(ConversationHeader), { canCall: true });
    expect(screen.text).toContain('online');
    await screen.press('Call Mira Sand');
    expect(places).toEqual([[mira.id, 'audio']]);
  });
});

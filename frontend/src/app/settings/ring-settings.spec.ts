import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { type Contact } from '#protocol/api/contacts';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { listen } from '../call/testing/audio-graph';
import { rememberedSettings } from '../call/call-settings';
import { RINGTONES } from '../call/tones';
import { Contacts } from '../contacts/contacts';
import { Screen } from '../look/testing/screen';
import { isSilencedNow } from '../push/quiet-now';
import { QuietSettings } from './quiet-settings';
import { RingSettings } from './ring-settings';

const KEYS = ['parley.call', 'parley.quiet'];
const forget = () => KEYS.forEach(key => localStorage.removeItem(key));

describe('the choice of a ringtone', () => {
  let screen: Screen;
  beforeEach(async () => {
    forget();
    await withWords();
    const fixture = TestBed.createComponent(RingSettings);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  });
  afterEach(forget);

  const choose = (words: string) => {
    const option = [...screen.page.querySelectorAll('mat-radio-button')].find(one => one.textContent.trim() === words);
    option?.querySelector('input')?.click();
  };

  it('is heard before it is chosen, changes what is heard, and is kept on this device', async () => {
    const graph = listen();
    await screen.press('Play');
    await screen.until(() => graph.peak() > RINGTONES.voices.level / 4);
    choose('Bell');
    await screen.until(() => graph.contexts.length === 2 && graph.contexts[0]?.state === 'closed');
    await screen.until(() => [1046.5, 1318.5].some(hertz => Math.abs(graph.pitch() - hertz) < 12));
    await screen.press('Stop');
    await screen.until(() => graph.contexts.every(({ state }) => state === 'closed'));
    expect(rememberedSettings().ringtone).toBe('bell');
  });

  it('has vibration beside it, which can be off', async () => {
    screen.page.querySelector<HTMLButtonElement>('mat-slide-toggle button')?.click();
    await screen.until(() => !rememberedSettings().vibrates);
  });
});

describe('do not disturb', () => {
  const contact = (name: string): Contact => ({
    person: { id: anId(name), username: name, displayName: name },
    state: 'accepted',
    since: 1,
    conversationId: anId(`with ${name}`),
  });
  const [MIRA, JONAS] = [contact('Mira'), contact('Jonas')];
  let screen: Screen;
  beforeEach(async () => {
    forget();
    const contacts = { list: signal({ accepted: [MIRA, JONAS] }) };
    await withWords([{ provide: Contacts, useValue: contacts }]);
    const fixture = TestBed.createComponent(QuietSettings);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  });
  afterEach(async () => {
    forget();
    await caches.delete('parley-quiet');
  });

  const told = async () => (await (await caches.open('parley-quiet')).match('/quiet'))?.text();

  it('is turned on for an hour, an evening or until it is turned off, in one tap, and told to the worker', async () => {
    expect(screen.text).toContain('Off. Calls ring');
    await screen.press('1 hour');
    await screen.shows('On until');
    expect(isSilencedNow()).toBeTrue();
    expect(screen.button('1 hour')?.getAttribute('aria-pressed')).toBe('true');
    await screen.press('Until I turn it off');
    await screen.shows('On. Calls and messages are shown without a sound.');
    expect(screen.button('Until I turn it off')?.getAttribute('aria-pressed')).toBe('true');
    while ((await told())?.includes('until-off') !== true) await new Promise(requestAnimationFrame);
    await screen.press('Turn off');
    await screen.shows('Off. Calls ring');
    expect(isSilencedNow()).toBeFalse();
  });

  const toggle = (name: string) =>
    screen.page.querySelector<HTMLButtonElement>(`mat-slide-toggle button[aria-label="${name}"]`);
  const caller = (callerId: string, callsAgain = false) => isSilencedNow({ callerId, callsAgain });

  it('lets close people through, who are picked from the contacts, and says who they are', async () => {
    await screen.press('Until I turn it off');
    await screen.shows('Nobody yet.');
    expect(caller('Mira')).toBeTrue();
    await screen.press('Choose');
    await screen.until(() => screen.button('Done')?.getAttribute('aria-expanded') === 'true');
    toggle('Mira')?.click();
    await screen.until(() => screen.page.querySelector('.through .row-line')?.textContent === 'Mira');
    expect([caller('Mira'), caller('Jonas'), isSilencedNow({ conversationId: 'with Mira' })]).toEqual([
      false,
      true,
      false,
    ]);
    while ((await told())?.includes('with Mira') !== true) await new Promise(requestAnimationFrame);
    toggle('Mira')?.click();
    await screen.shows('Nobody yet.');
    expect(caller('Mira')).toBeTrue();
  });

  it('lets through who calls again soon, unless that is switched off', async () => {
    await screen.press('Until I turn it off');
    await screen.until(() => isSilencedNow());
    expect(caller('Jonas', true)).toBeFalse();
    toggle('Who calls twice in 3 minutes')?.click();
    await screen.until(() => caller('Jonas', true));
  });

  it('has quiet hours every day, whose times can be changed', async () => {
    screen.page.querySelector<HTMLButtonElement>('mat-slide-toggle button')?.click();
    await screen.until(() => screen.page.querySelectorAll('input[type=time]').length === 2);
    const [from] = screen.page.querySelectorAll<HTMLInputElement>('input[type=time]');
    expect(from?.value).toBe('22:00');
    if (from) from.value = '21:15';
    from?.dispatchEvent(new Event('change'));
    await screen.until(() => localStorage.getItem('parley.quiet')?.includes('"from":1275') === true);
  });
});

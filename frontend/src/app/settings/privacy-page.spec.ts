import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Me } from '#protocol/api/account';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { json, problemOf, serverOf, someone } from '../account/testing/server';
import { below } from '../contacts/testing/below';
import { Screen } from '../look/testing/screen';
import { Toast } from '../look/toast';
import { PrivacyPage } from './privacy-page';

describe('The preferences of privacy', () => {
  const me = signal<Me>(someone());
  let room: ReturnType<typeof below>;
  let screen: Screen;

  beforeEach(async () => {
    room = below();
    me.set(someone());
    const account = { me, changed: async (now: Me) => me.set(now), beforeLeaving: () => undefined };
    await withWords([...room.providers, provideRouter([]), { provide: Account, useValue: account }]);
  });
  afterEach(() => room.end());

  async function open(answers: Parameters<typeof serverOf>[0]) {
    const asked = serverOf(answers);
    const fixture = TestBed.createComponent(PrivacyPage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
    return asked;
  }
  const switches = () => [...screen.page.querySelectorAll<HTMLButtonElement>('[role="switch"]')];
  const isOn = () => switches().map(one => one.getAttribute('aria-checked'));

  it('go back to what they were where the server does not agree', async () => {
    let agrees = false;
    await open({
      'PUT /api/me/settings': () =>
        agrees ? json(someone({ settings: { readReceipts: false } })) : problemOf('internal', 500),
    });
    switches()[0]?.click();
    const sentence = 'Something went wrong on the server. Try again in a moment.';
    await screen.until(() => TestBed.inject(Toast).sentence() === sentence);
    expect(isOn()[0]).toBe('true');
    agrees = true;
    switches()[0]?.click();
    await screen.until(() => isOn()[0] === 'false' && !me().settings.readReceipts);
  });

  it('send calls through the relay, and leave the other as it is', async () => {
    const settings = { readReceipts: true, relayCalls: true };
    const iceServers = [{ urls: ['turns:attic.lan:8443?transport=tcp'] }];
    const asked = await open({
      'POST /api/ice-servers': () => json({ iceServers, relayOnly: false }),
      'PUT /api/me/settings': () => json(someone({ settings })),
    });
    await screen.shows('The other person does not learn your IP address.');
    switches()[1]?.click();
    await screen.until(() => me().settings.relayCalls === true);
    expect(isOn()).toEqual(['true', 'true']);
    expect(asked.at(-1)?.body).toEqual(settings);
  });

  it('say that a server without a relay cannot do so', async () => {
    await open({ 'POST /api/ice-servers': () => json({ iceServers: [], relayOnly: false }) });
    await screen.shows('This server has no relay, so this cannot be turned on.');
    expect(switches()[1]?.disabled).toBeTrue();
  });
});

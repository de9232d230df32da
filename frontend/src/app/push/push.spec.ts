import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { err, ok } from '#protocol/result';
import { inEnglish } from '../../i18n/testing/in-english';
import { Api } from '../account/api';
import { OfflineStart } from '../worker/offline-start';
import { BrowserPush } from './browser-push';
import { Push } from './push';
import type { Abilities } from './push-state';

const KEY = 'the key of this installation';
const keys = { p256dh: 'point', auth: 'secret' };
const subscription = (endpoint: string) =>
  ({ endpoint, toJSON: () => ({ endpoint, keys }) }) as unknown as PushSubscription;

/** A browser of whom a spec says what it holds and answers. */
class FakeBrowser {
  held: PushSubscription | null = null;
  permission: NotificationPermission = 'default';
  answers: NotificationPermission = 'granted';
  reachable = true;
  madeWith = KEY;
  abilities = (worker: boolean): Abilities => ({
    push: true,
    worker,
    permission: this.permission,
    userAgent: '',
    touchPoints: 0,
    installed: false,
  });
  ask = async () => (this.permission = this.answers);
  subscription = async () => this.held;
  isMadeWith = () => this.madeWith === KEY;
  subscribe = async () => (this.reachable ? (this.held = subscription('https://push.example/new')) : null);
  unsubscribe = async () => void (this.held = null);
  onReplaced = () => undefined;
}

describe('push in the app', () => {
  let browser: FakeBrowser;
  let asked: string[];
  let refuses: 'bad-request' | undefined;

  async function open(): Promise<Push> {
    TestBed.configureTestingModule({
      providers: [
        { provide: BrowserPush, useValue: browser },
        { provide: OfflineStart, useValue: { state: signal('ready') } },
        { provide: Api, useValue: { request: async (method: string, path: string) => answer(method, path) } },
      ],
    });
    await inEnglish();
    return TestBed.inject(Push);
  }
  function answer(method: string, path: string) {
    asked.push(`${method} ${path}`);
    if (method === 'GET') return ok({ publicKey: KEY });
    return method === 'PUT' && refuses ? err({ kind: 'problem', problem: { type: refuses } }) : ok(undefined);
  }
  beforeEach(() => {
    browser = new FakeBrowser();
    asked = [];
    refuses = undefined;
  });

  it('asks nobody for anything before somebody turns it on', async () => {
    const push = await open();
    const ask = spyOn(browser, 'ask');
    await push.refresh();
    expect([push.state(), push.canTurnOn(), asked]).toEqual(['off', true, []]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('is turned on by the person, the browser and the server, in this order', async () => {
    const push = await open();
    await push.turnOn();
    expect(push.state()).toBe('on');
    expect(asked).toEqual(['GET /api/push', 'PUT /api/push']);
    await push.refresh();
    expect(asked.length).withContext('nothing new to tell').toBe(2);
  });

  it('says why it is not on: refused, out of reach, not asked from here', async () => {
    const push = await open();
    browser.answers = 'denied';
    await push.turnOn();
    expect(push.state()).toBe('denied');
    browser.answers = 'granted';
    browser.reachable = false;
    await push.turnOn();
    expect(push.state()).toBe('silent');
    browser.reachable = true;
    refuses = 'bad-request';
    await push.turnOn();
    expect(push.state()).toBe('refused');
  });

  it('subscribes anew where the installation has another key', async () => {
    browser.permission = 'granted';
    browser.held = subscription('https://push.example/old');
    browser.madeWith = 'another key';
    const push = await open();
    await push.refresh();
    expect(browser.held?.endpoint).toBe('https://push.example/new');
    expect(push.state()).toBe('on');
  });

  it('is turned off at the server and in the browser', async () => {
    const push = await open();
    await push.turnOn();
    await push.turnOff();
    expect([push.state(), browser.held, asked.at(-1)]).toEqual(['off', null, 'DELETE /api/push']);
  });
});

import type { CDPSession } from 'playwright-core';
import { PushService, type Subscriber } from '../../backend/src/testing/push-receiver.ts';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { Caller } from './caller.ts';
import { launchChromium, WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { until } from './until.ts';

/*
 * Chromium asks Google for its subscriptions, which needs the internet. Here the page is given one at a push service on this
 * machine; what arrives there is decrypted and handed to the real worker, as the browser would.
 */
suiteNeeds(['chromium'], 'A Parley in Chromium that is closed', () => {
  let service: PushService;
  let installation: Installation;
  let mira: Person;
  let jonas: Person;
  let phone: Subscriber;
  let devtools: CDPSession;

  beforeAll(async () => {
    service = await PushService.start();
    const roots = { PUSH_HOSTS: service.hosts, NODE_EXTRA_CA_CERTS: service.rootFile };
    installation = await Installation.open(roots, launchChromium);
    [mira, jonas] = await installation.miraAndJonas({}, WITH_WORKER);
    // Nobody can call him before he has keys, and his page is left as soon as it has done its part.
    await jonas.hasKeys();
    phone = service.subscriber();
    devtools = await jonas.context.newCDPSession(jonas.page);
    let registrationId = '';
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      registrationId = registrations.at(-1)?.registrationId ?? registrationId;
    });
    await devtools.send('ServiceWorker.enable');
    const origin = installation.server.origin;
    service.onPost = posted => {
      const data = JSON.stringify(phone.read(posted));
      void devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
    };
  });
  afterAll(async () => {
    expect(await installation.close()).toEqual([]);
    await service.stop();
  });

  const shown = () =>
    jonas.page.evaluate(async () => {
      const worker = await navigator.serviceWorker.getRegistration();
      return ((await worker?.getNotifications()) ?? []).map(({ title, body }) => `${title}: ${body}`);
    });

  const worker = () => {
    const [first] = jonas.context.serviceWorkers();
    if (!first) throw new Error('no worker');
    return first;
  };

  /** What the worker shows next, once it has. */
  async function shownBy(act: () => Promise<void>): Promise<string> {
    await worker().evaluate(LISTENING);
    await act();
    return worker().evaluate<string>('self.nextShown');
  }

  /** Presses a button of the notification with these words, or the notification itself. */
  async function press(words: string, action = ''): Promise<void> {
    const missing = await worker().evaluate<boolean>(pressing(words, action));
    expect(missing).withContext(words).toBe(false);
  }

  /** The browser's own subscription, as the page sees it. */
  const subscribes = (endpoint: string, keys: { p256dh: string; auth: string }) =>
    jonas.page.addInitScript(
      given => {
        let held: unknown = null;
        const subscription = {
          endpoint: given.endpoint,
          options: {},
          toJSON: () => given,
          unsubscribe: () => Promise.resolve(((held = null), true)),
        };
        Object.assign(PushManager.prototype, {
          subscribe: () => Promise.resolve((held = subscription)),
          getSubscription: () => Promise.resolve(held),
        });
      },
      { endpoint, keys },
    );

  it('turns notifications on and shows the one that is sent to try it', async () => {
    const { endpoint, keys } = phone.subscription();
    await subscribes(endpoint, keys);
    await jonas.open('/settings/notifications');
    await jonas.page.getByRole('button', { name: 'Turn on' }).click();
    await jonas.page.getByText('Messages and calls reach this device').waitFor();
    const line = await shownBy(() => jonas.page.getByRole('button', { name: 'Send' }).click());
    expect(line).toBe('Parley: Notifications work on this device.');
  });

  it('declines a call from its notification, and stays closed', async () => {
    await jonas.open('/icons/mark-192.png');
    const caller = new Caller(mira);
    expect(await shownBy(() => caller.calls(jonas))).toBe('Mira Sand: Video call');
    await press('Video call', 'decline');
    await caller.reads('declined the call');
    await until('the ring is gone', shown, lines => !lines.some(line => line.startsWith('Mira Sand')));
    expect(jonas.page.url()).toContain('/icons/');
  });

  it('accepts a call from its notification while the app is closed: the page that is opened by it is in the call', async () => {
    await mira.open();
    await mira.isIn();
    await jonas.open('/icons/mark-192.png');
    await worker().evaluate(CLOSED);
    const [caller, called] = [new Caller(mira), new Caller(jonas)];
    expect(await shownBy(() => caller.calls(jonas))).toBe('Mira Sand: Video call');
    await press('Video call', 'accept');
    await jonas.open(await worker().evaluate<string>('self.opened'));
    await worker().evaluate(OPEN_AGAIN);
    await called.page.locator('parley-voice').waitFor({ state: 'attached' });
    await Promise.all([called.hangsUp(), caller.reads('Call ended')]);
    await caller.closesOutcome();
  });

  it('declines and accepts from the notification of a page that is out of sight, which has no token', async () => {
    await jonas.open();
    await jonas.isIn();
    await jonas.page.evaluate(outOfSight);
    const hasShown = (times: number) =>
      until(
        'the page has shown it',
        () => jonas.page.evaluate(() => document.documentElement.dataset['shown']),
        count => count === String(times),
      );
    const [caller, called] = [new Caller(mira), new Caller(jonas)];
    await mira.open();
    await mira.isIn();
    await caller.calls(jonas);
    await hasShown(1);
    await press('', 'decline');
    await caller.reads('declined the call');
    await caller.closesOutcome();
    await caller.calls(jonas);
    await hasShown(2);
    await press('', 'accept');
    await Promise.all([called.hangsUp(), caller.reads('Call ended')]);
    await until('the notification is gone', shown, lines => !lines.some(line => line.startsWith('Mira Sand')));
  });
});

// Chromium loses a notification that is being shown while somebody asks which there are, so nobody may look before.
const LISTENING = `
  self.nextShown = new Promise(shown => {
    const { registration } = self;
    const show = ServiceWorkerRegistration.prototype.showNotification;
    registration.showNotification = async (title, options) => {
      await show.call(registration, title, options);
      shown(title + ': ' + options.body);
    };
  });
  undefined`;

// What was put over the worker's own functions goes.
const OPEN_AGAIN = `
  delete self.clients.matchAll;
  delete self.clients.openWindow;
  undefined`;

// Chromium opens a window only at a real tap: here the address is kept, and the spec opens it.
const CLOSED = `
  self.clients.matchAll = async () => [];
  self.opened = new Promise(opened => {
    self.clients.openWindow = async path => opened(path);
  });
  undefined`;

/** Hides a page from itself, and counts what it has shown. */
const outOfSight = (): void => {
  Object.defineProperty(document, 'hidden', { get: () => true });
  const { prototype } = ServiceWorkerRegistration;
  const show = prototype.showNotification;
  let shown = 0;
  prototype.showNotification = async function (...what) {
    await show.apply(this, what);
    document.documentElement.dataset['shown'] = String(++shown);
  };
};

/**
 * What the worker does to itself. The event is ours and not the browser's, so it cannot be prolonged; what it sets off runs all
 * the same. Text, because what a worker knows is not what a page knows.
 */
const pressing = (words: string, action: string): string => `
  self.registration.getNotifications().then(all => {
    const notification = all.find(({ body }) => body === ${JSON.stringify(words)});
    if (!notification) return true;
    const event = new NotificationEvent('notificationclick', { notification, action: ${JSON.stringify(action)} });
    event.waitUntil = () => undefined;
    self.dispatchEvent(event);
    return false;
  })`;

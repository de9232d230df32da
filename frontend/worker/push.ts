import { parsePushPayload, type PushPayload } from '#protocol/push-payload';
import {
  type FullOptions,
  LOOKS,
  type NotificationFacts,
  notificationOf,
  pathOf,
  type Shown,
  somethingNew,
} from './notification.ts';
import { isSilenced, QUIET_CACHE, QUIET_PATH, readQuiet, type Sound } from './quiet.ts';
import { RINGS_PATH, withRing } from './rings.ts';

declare const self: ServiceWorkerGlobalScope & { Notification: { maxActions?: number } };

/** Where a tap on "Accept" waits for the page that is being opened (frontend/src/app/push/taps.ts). */
const TAPS = 'parley-taps';

/** Shows what a push message says (Push API, 9). Whatever it is, something is shown: the subscription promises that. */
export function handlePush(event: PushEvent): void {
  event.waitUntil(show(event.data?.text() ?? ''));
}

async function show(text: string): Promise<void> {
  const parsed = parsePushPayload(text);
  if (!parsed.ok) return appear(somethingNew(navigator.language.startsWith('de') ? 'de' : 'en'));
  const payload = parsed.value;
  const shown = notificationOf(payload, self.Notification.maxActions ?? 0);
  if (payload.type === 'read') return withdraw(shown);
  // Not every system honours tags: a ring and what became of it must not stand side by side.
  if (payload.type === 'call-over') await closeTagged(shown.options.tag);
  await appear(shown, await soundOf(payload));
  if (payload.type === 'message' || (payload.type === 'call-over' && payload.how === 'missed'))
    await navigator.setAppBadge?.().catch(() => undefined);
}

/** Something is shown at every push, also while nothing may be heard. */
async function appear({ title, options }: Shown, sound?: Sound): Promise<void> {
  const { vibrate: _vibrate, renotify: _renotify, ...silent } = options;
  const how = (await isSilencedHere(sound)) ? { ...silent, silent: true } : options;
  await self.registration.showNotification(title, how);
}

/** Whether the person wants this device to be silent now; the page has left it here. */
async function isSilencedHere(sound: Sound | undefined): Promise<boolean> {
  try {
    const kept = await (await caches.open(QUIET_CACHE)).match(QUIET_PATH);
    return kept !== undefined && isSilenced(readQuiet(await kept.json()), new Date(), sound);
  } catch {
    return false; // Where nothing can be kept nothing was chosen.
  }
}

async function soundOf(payload: PushPayload): Promise<Sound | undefined> {
  if (payload.type === 'message') return { conversationId: payload.conversationId };
  if (payload.type !== 'ring') return undefined;
  const { callerId, callId } = payload;
  return { callerId, callsAgain: callerId !== undefined && (await ringsAgain(callerId, callId)) };
}

async function ringsAgain(callerId: string, callId: string): Promise<boolean> {
  try {
    const cache = await caches.open(QUIET_CACHE);
    const kept: unknown = await (await cache.match(RINGS_PATH))?.json();
    const [rings, isAgain] = withRing(kept, callerId, callId, Date.now());
    await cache.put(RINGS_PATH, Response.json(rings));
    return isAgain;
  } catch {
    return false;
  }
}

async function closeTagged(tag: string): Promise<void> {
  for (const notification of await self.registration.getNotifications({ tag })) notification.close();
}

/**
 * What was read elsewhere goes. Where nothing else of ours is left a quiet line takes its place, which the page takes away:
 * a push that shows nothing would cost the subscription.
 */
async function withdraw(instead: Shown): Promise<void> {
  await closeTagged(instead.options.tag);
  const left = (await self.registration.getNotifications()).at(-1);
  if (left === undefined) return appear(instead);
  const { title, body, tag, requireInteraction } = left;
  const data = left.data as NotificationFacts;
  const options: FullOptions = { ...LOOKS, body, tag, data, silent: true, requireInteraction };
  await appear({ title, options });
}

/** Follows a tap on a notification, or on one of its buttons (Notifications API, 2.7). */
export function handleNotificationClick(event: NotificationEvent): void {
  const { action, notification } = event;
  // Only this worker and the app's page make notifications of this registration; a page's have no facts.
  const facts = (notification.data ?? { type: 'test' }) as NotificationFacts;
  notification.close();
  if (facts.type === 'ring' && action === 'decline') event.waitUntil(decline(facts));
  else event.waitUntil(open(pathOf(facts), facts.type === 'ring' && action === 'accept' ? facts.callId : undefined));
}

/** The app stays closed: the token alone says which call (PROTOCOL.md, Push). Where it fails the ring has its end anyway. */
async function decline({ callId, decline: token }: Extract<NotificationFacts, { type: 'ring' }>): Promise<void> {
  if (token === '') return tell(await pages(), { type: 'parley.tap', decline: callId });
  const headers = { 'Content-Type': 'application/json' };
  await fetch('/api/push/decline', { method: 'POST', headers, body: JSON.stringify({ token }) }).catch(() => undefined);
}

const pages = (): Promise<readonly WindowClient[]> =>
  self.clients.matchAll({ type: 'window', includeUncontrolled: true });

function tell(all: readonly WindowClient[], message: object): void {
  for (const page of all) page.postMessage(message);
}

/** Brings a page to the front, or opens one. Which call was accepted is told in ways that no link from outside can. */
async function open(path: string, accept: string | undefined): Promise<void> {
  const all = await pages();
  const page = all.find(({ visibilityState }) => visibilityState === 'visible') ?? all[0];
  if (page) {
    tell(all, { type: 'parley.tap', path, accept });
    await page.focus().catch(() => undefined);
    return;
  }
  if (accept !== undefined)
    await (await caches.open(TAPS)).put('/accept', Response.json({ callId: accept, at: Date.now() }));
  await self.clients.openWindow(path);
}

/** The browser has replaced a subscription, or wants it replaced (Push API, 9.2); the page tells the server when it is open. */
export function handleSubscriptionChange(event: ExtendableEvent): void {
  event.waitUntil(subscribeAgain(event));
}

async function subscribeAgain(event: ExtendableEvent & { oldSubscription?: PushSubscription | null }): Promise<void> {
  const key = event.oldSubscription?.options.applicationServerKey;
  if (key) await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  tell(await pages(), { type: 'parley.subscription' });
}

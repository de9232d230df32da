import type { NotificationFacts } from './notification.ts';
import { type CallId, type ConversationId, type UserId } from '#protocol/ids';
import { writePushPayload } from '#protocol/push-payload';
import { anId } from '#protocol/testing/ids';
import { handleNotificationClick, handlePush } from './push.ts';
import { NEVER_QUIET, type Quiet } from './quiet.ts';

/** A window of the app, as the worker sees it. */
const windowOf = (visibilityState: 'visible' | 'hidden') => ({
  visibilityState,
  postMessage: jasmine.createSpy('postMessage'),
  focus: jasmine.createSpy('focus').and.resolveTo(),
});

describe('a tap on a notification', () => {
  const ring: NotificationFacts = { type: 'ring', callId: 'the call', decline: 'token' };
  const message: NotificationFacts = { type: 'message', conversationId: 'the conversation' };
  let done: string[];
  let windows: ReturnType<typeof windowOf>[];
  let kept: Map<string, unknown>;

  beforeEach(() => {
    done = [];
    windows = [];
    kept = new Map();
    const clients = {
      matchAll: () => Promise.resolve(windows),
      openWindow: (path: string) => Promise.resolve(void done.push(`open ${path}`)),
    };
    const put = async (key: string, answer: Response) => {
      kept.set(key, await answer.json());
      done.push('keep');
    };
    const caches = { open: (name: string) => Promise.resolve(name === 'parley-taps' ? { put } : undefined) };
    Object.assign(globalThis, { self: { clients }, caches });
  });
  afterEach(() => {
    for (const name of ['self', 'caches']) Reflect.deleteProperty(globalThis, name);
  });

  async function tap(data: NotificationFacts, action = ''): Promise<void> {
    const waits: Promise<unknown>[] = [];
    const notification = { data, close: () => done.push('close') };
    const event = { action, notification, waitUntil: (promise: Promise<unknown>) => waits.push(promise) };
    handleNotificationClick(event as unknown as NotificationEvent);
    await Promise.all(waits);
  }

  it('opens the app at the conversation where it is closed', async () => {
    await tap(message);
    expect(done).toEqual(['close', 'open /chats/the conversation']);
  });

  it('opens the app at a ring where it is closed; the call is not accepted by that', async () => {
    await tap(ring);
    expect(done).toEqual(['close', 'open /chats']);
  });

  it('keeps which call was accepted before it opens the app, which must find it', async () => {
    const before = Date.now();
    await tap(ring, 'accept');
    expect(done).toEqual(['close', 'keep', 'open /chats']);
    const accepted = kept.get('/accept') as { callId: string; at: number };
    expect(accepted.callId).toBe('the call');
    expect(accepted.at).toBeGreaterThanOrEqual(before);
  });

  it('opens no second window: every page hears of it, and the visible one comes to the front', async () => {
    windows = [windowOf('hidden'), windowOf('visible')];
    await tap(ring, 'accept');
    expect(done).toEqual(['close']);
    const told = { type: 'parley.tap', path: '/chats', accept: 'the call' };
    for (const page of windows) expect(page.postMessage).toHaveBeenCalledOnceWith(told);
    expect(windows.map(({ focus }) => focus.calls.count())).toEqual([0, 1]);
  });
});

describe('a pushed ring', () => {
  const ADA = anId<UserId>(crypto.randomUUID());
  let shown: NotificationOptions[];
  let quiet: Quiet | undefined;

  beforeEach(() => {
    shown = [];
    quiet = undefined;
    const showNotification = (_: string, options: NotificationOptions) => Promise.resolve(void shown.push(options));
    const rings = new Map<string, Response>();
    const match = async (path: string) =>
      path === '/quiet' ? (quiet === undefined ? undefined : Response.json(quiet)) : rings.get(path)?.clone();
    const put = async (path: string, answer: Response) => void rings.set(path, answer);
    const caches = { open: (name: string) => Promise.resolve(name === 'parley-quiet' ? { match, put } : undefined) };
    Object.assign(globalThis, { self: { registration: { showNotification }, Notification: {} }, caches });
  });
  afterEach(() => {
    for (const name of ['self', 'caches']) Reflect.deleteProperty(globalThis, name);
  });

  async function push(): Promise<NotificationOptions | undefined> {
    const callId = anId<CallId>(crypto.randomUUID());
    const ring = { type: 'ring', language: 'en', callId, callerId: ADA, media: 'video' } as const;
    const text = writePushPayload({ ...ring, name: 'Ada', ringMs: 9, decline: 'token' });
    const waits: Promise<unknown>[] = [];
    const event = { data: { text: () => text }, waitUntil: (promise: Promise<unknown>) => waits.push(promise) };
    handlePush(event as unknown as PushEvent);
    await Promise.all(waits);
    return shown.at(-1);
  }

  it('is heard and felt', async () => {
    const options = await push();
    expect(options?.silent).toBeUndefined();
    expect(options).toEqual(jasmine.objectContaining({ renotify: true, vibrate: jasmine.any(Array) }));
  });

  it('is shown without a sound where the person is not to be disturbed', async () => {
    quiet = { ...NEVER_QUIET, now: 'until-off' };
    const options = await push();
    expect(options?.silent).toBeTrue();
    expect(Object.keys(options ?? {})).not.toContain('vibrate');
    expect(options?.requireInteraction).toBeTrue();
  });

  it('is heard of a close person, and of who calls again within three minutes', async () => {
    quiet = { ...NEVER_QUIET, now: 'until-off', again: false };
    expect([(await push())?.silent, (await push())?.silent]).toEqual([true, true]);
    quiet = { ...quiet, again: true };
    expect((await push())?.silent).toBeUndefined();
    quiet = { ...quiet, again: false, people: [{ id: ADA }] };
    expect((await push())?.silent).toBeUndefined();
  });

  it('is heard again once the time is over', async () => {
    quiet = { ...NEVER_QUIET, now: Date.now() - 1 };
    expect((await push())?.silent).toBeUndefined();
  });
});

describe('a push that withdraws what was read elsewhere', () => {
  type Kept = { title: string; tag: string; body: string; data: NotificationFacts; close(): void };
  let there: Kept[];
  const conversationId = anId<ConversationId>(crypto.randomUUID());
  const notify = (tag: string, body: string): void => {
    const one: Kept = {
      title: 'Ada',
      tag,
      body,
      data: { type: 'test' },
      close: () => there.splice(there.indexOf(one), 1),
    };
    there.push(one);
  };
  let shown: { title: string; options: NotificationOptions }[];

  beforeEach(() => {
    [there, shown] = [[], []];
    const showNotification = (title: string, options: NotificationOptions) =>
      Promise.resolve(void shown.push({ title, options }));
    const getNotifications = async ({ tag }: { tag?: string } = {}) =>
      there.filter(one => tag === undefined || one.tag === tag);
    const caches = { open: () => Promise.resolve({ match: () => Promise.resolve(undefined) }) };
    Object.assign(globalThis, {
      self: { registration: { showNotification, getNotifications }, Notification: {} },
      caches,
    });
  });
  afterEach(() => {
    for (const name of ['self', 'caches']) Reflect.deleteProperty(globalThis, name);
  });

  async function withdraws(): Promise<(string | boolean | null | undefined)[] | undefined> {
    const text = writePushPayload({ type: 'read', language: 'en', conversationId });
    const waits: Promise<unknown>[] = [];
    const event = { data: { text: () => text }, waitUntil: (promise: Promise<unknown>) => waits.push(promise) };
    handlePush(event as unknown as PushEvent);
    await Promise.all(waits);
    const last = shown.at(-1);
    return last && [last.title, last.options.tag, last.options.silent];
  }

  it('WP3b shows another notification in its place, or a quiet line where there is none', async () => {
    notify('another conversation', 'Wrote to you');
    notify(conversationId, 'Wrote to you');
    expect(await withdraws()).toEqual(['Ada', 'another conversation', true]);
    expect(there.map(({ tag }) => tag)).toEqual(['another conversation']);
    there = [];
    expect(await withdraws()).toEqual(['Parley', conversationId, true]);
  });
});

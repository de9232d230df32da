import type { NotificationFacts } from './notification.ts';
import { handleNotificationClick } from './push.ts';

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

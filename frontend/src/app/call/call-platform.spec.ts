import { TestBed } from '@angular/core/testing';
import { phaseOf } from '#protocol/call-client-state';
import { PageReload } from '../worker/page-reload';
import { Call } from './call';
import { CallMedia } from './call-media';
import { type DrawnOverlay, drawOverlay, shown } from './testing/overlay';
import { type CallPage } from './testing/switchboard';
import { until } from './testing/until';

describe('What a call asks of the system', () => {
  let page: DrawnOverlay;
  let mira: CallPage;
  let call: Call;
  let handlers: Map<string, (() => void) | null>;
  let lock: { release: jasmine.Spy };
  let asked: jasmine.Spy;

  beforeEach(async () => {
    handlers = new Map();
    lock = { release: jasmine.createSpy().and.resolveTo() };
    asked = spyOn(navigator.wakeLock, 'request').and.resolveTo(lock as unknown as WakeLockSentinel);
    spyOn(navigator.mediaSession, 'setActionHandler').and.callFake((action, handler) => {
      handlers.set(action, handler && (() => handler({ action })));
    });
    page = await drawOverlay();
    mira = page.board.open(page.parent, 2);
    call = TestBed.inject(Call);
    mira.call.place(page.me.seat.userId, 'audio');
    await until('it rings', () => document.querySelector('parley-incoming-call dialog[open]') !== null);
  });
  afterEach(() => {
    call.leave();
    page.board.close();
    page.fixture.destroy();
  });

  const talk = async () => {
    shown('button[aria-label="Accept"]').click();
    await until('connected', () => phaseOf(call.state()) === 'connected' && phaseOf(mira.call.state()) === 'connected');
    await page.fixture.whenStable();
  };

  it('is a page that is not reloaded, from the ring to the end', async () => {
    const { held } = TestBed.inject(PageReload);
    await until('held', () => held());
    await talk();
    expect(held()).toBeTrue();
    call.leave();
    await until('let go', () => !held());
  });

  it('is a page that asks before it is left, while one speaks', async () => {
    const listens = spyOn(window, 'addEventListener').and.callThrough();
    const leaves = spyOn(window, 'removeEventListener').and.callThrough();
    const ask = () => listens.calls.all().find(({ args: [type] }) => String(type) === 'beforeunload')?.args[1];
    await talk();
    await until('it listens', () => ask() !== undefined);
    // Called and not dispatched: the runner takes the event for a reload of its own page.
    const leaving = new Event('beforeunload', { cancelable: true });
    (ask() as EventListener)(leaving);
    expect(leaving.defaultPrevented).toBeTrue();
    call.leave();
    await until('not any more', () => leaves.calls.all().some(({ args: [, listener] }) => listener === ask()));
  });

  it('is a screen that stays on, also after it was hidden, until the end', async () => {
    expect(asked).not.toHaveBeenCalled();
    await talk();
    expect(asked).toHaveBeenCalledOnceWith('screen');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toHaveBeenCalledTimes(2);
    call.leave();
    await until('released', () => lock.release.calls.count() > 0);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is its own buttons on headsets and lock screens: mute, and hanging up', async () => {
    await talk();
    expect(navigator.mediaSession.metadata?.title).toBe('Mira Sand');
    const media = TestBed.inject(CallMedia);
    await until('the microphone is on', () => media.sent().microphone === 'on');
    handlers.get('togglemicrophone')?.();
    expect(media.sent().microphone).not.toBe('on');
    handlers.get('hangup')?.();
    await until('over at both', () => call.state().state === 'idle' && mira.call.state().state === 'idle');
    await until('taken back', () => handlers.get('hangup') === null);
    expect(navigator.mediaSession.metadata).toBeNull();
  });
});

import { TestBed } from '@angular/core/testing';
import { phaseOf } from '#protocol/call-client-state';
import { BrowserPush, type NotificationFacts } from '../push/browser-push';
import { Call } from './call';
import { NotificationTaps } from './notification-taps';
import { type DrawnOverlay, drawOverlay } from './testing/overlay';
import { type CallPage } from './testing/switchboard';
import { until } from './testing/until';

interface Shown extends NotificationOptions {
  title: string;
  data: NotificationFacts;
  actions: { action: string; title: string }[];
}

/** What a worker shows, and says of taps, as far as a page knows. */
class FakeBrowser {
  shown: Shown[] = [];
  worker = true;
  tap: (message: object) => void = () => undefined;
  show = async (title: string, options: Omit<Shown, 'title'>) => {
    if (this.worker) this.shown.push({ title, ...options });
    return this.worker;
  };
  closeWhere = async (isOver: (facts: NotificationFacts) => boolean) => {
    this.shown = this.shown.filter(({ data }) => !isOver(data));
  };
  onMessage = (type: string, told: (message: object) => void) => {
    if (type === 'parley.tap') this.tap = told;
  };
}

describe('the notification of a ring that a page out of sight shows', () => {
  let browser: FakeBrowser;
  let page: DrawnOverlay;
  let mira: CallPage;
  let call: Call;

  beforeEach(async () => {
    browser = new FakeBrowser();
    spyOnProperty(document, 'hidden').and.returnValue(true);
    spyOnProperty(Notification, 'permission').and.returnValue('granted');
    TestBed.overrideProvider(BrowserPush, { useValue: browser });
    page = await drawOverlay();
    mira = page.board.open(page.parent, 2);
    call = TestBed.inject(Call);
    TestBed.inject(NotificationTaps);
  });
  afterEach(() => {
    call.leave();
    page.board.close();
    page.fixture.destroy();
  });

  const rings = async () => {
    mira.call.place(page.me.seat.userId, 'audio');
    await until('it is shown', () => browser.shown.length === 1);
    const { title, tag, data, actions } = browser.shown[0]!;
    return { title, tag, callId: data.callId, actions: actions.map(({ action }) => action) };
  };
  const isTaken = () => until('it is gone', () => browser.shown.length === 0);

  it('is the worker’s, with both answers, in the place of a pushed one, and goes with the ring', async () => {
    const { title, tag, callId, actions } = await rings();
    expect([title, tag]).toEqual(['Mira Sand is calling', `call-${callId}`]);
    expect(actions).toEqual(['accept', 'decline']);
    mira.call.leave();
    await isTaken();
  });

  it('accepts', async () => {
    const { callId } = await rings();
    browser.tap({ type: 'parley.tap', path: `/chats/${callId}`, accept: callId });
    await until('both are in the call', () => phaseOf(call.state()) === 'connecting');
    await isTaken();
  });

  it('declines its own call and no other', async () => {
    const { callId } = await rings();
    browser.tap({ type: 'parley.tap', decline: crypto.randomUUID() });
    expect(call.state().state).toBe('incoming');
    browser.tap({ type: 'parley.tap', decline: callId });
    await until('mira reads why', () => {
      const state = mira.call.state();
      return state.state === 'idle' && state.last?.reason === 'declined';
    });
    await isTaken();
  });

  it('is the page’s own where there is no worker', async () => {
    browser.worker = false;
    const made = spyOn(window, 'Notification').and.callThrough();
    mira.call.place(page.me.seat.userId, 'audio');
    await until('it is made', () => made.calls.count() === 1);
    expect(made.calls.argsFor(0)[0]).toBe('Mira Sand is calling');
  });
});

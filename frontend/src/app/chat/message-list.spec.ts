import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { type CallEntry } from '#protocol/api/calls';
import { type Content } from '#protocol/content/kinds';
import { type CallId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { inEnglish } from '../../i18n/testing/in-english';
import { Contacts } from '../contacts/contacts';
import { SEEN_AFTER } from '../look/seen';
import { MessageList } from './message-list';
import { type Row } from './timeline';
import { until } from './testing/chat-room';

const SEEN_AFTER_MS = 30;
/** No higher than the window of the run: what is outside of it is not seen. */
const HEIGHT = Math.min(500, innerHeight);

const row = (seq: number, own = false, more: object = {}): Row => ({
  kind: 'message',
  key: `k${seq}`,
  id: anId(`m${seq}`),
  seq,
  from: seq,
  at: seq * 1000,
  content: { kind: 'text', body: `message ${seq}` },
  own,
  state: own ? 'sent' : null,
  first: true,
  last: true,
  ...more,
});
const rows = (from: number, to: number): Row[] => Array.from({ length: to - from + 1 }, (_, i) => row(from + i));

describe('message list', () => {
  let fixture: ComponentFixture<MessageList>;
  let seen: number[];
  const host = (): HTMLElement => fixture.nativeElement as HTMLElement;
  let shownAt: number;
  /** Everything in view has been there for many times as long as it takes. */
  const isSettled = (): boolean => performance.now() - shownAt > 10 * SEEN_AFTER_MS;
  const box = (): HTMLElement => host().querySelector('.box')!;
  const topOf = (seq: number): number => host().querySelector(`[data-seq="${seq}"]`)!.getBoundingClientRect().top;
  const fromEnd = (): number => box().scrollHeight - box().scrollTop - box().clientHeight;
  const show = async (list: Row[], inputs: Record<string, unknown> = {}): Promise<void> => {
    fixture.componentRef.setInput('rows', list);
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        { provide: SEEN_AFTER, useValue: SEEN_AFTER_MS },
        { provide: Contacts, useValue: { asKnown: <T>(person: T) => person } },
      ],
    });
    await inEnglish();
    fixture = TestBed.createComponent(MessageList);
    fixture.componentRef.setInput('name', 'Mira Sand');
    host().style.cssText = `position: fixed; inset: 0 auto auto 0; width: 390px; height: ${HEIGHT}px`;
    document.body.append(host());
    seen = [];
    fixture.componentInstance.seen.subscribe(seq => seen.push(seq));
    shownAt = performance.now();
  });
  afterEach(() => fixture.destroy());

  it('opens at the end, and says that the last message was seen', async () => {
    await show(rows(1, 40), { readUpTo: 39 });
    expect(fromEnd()).toBeLessThan(2);
    await until('the last was seen', () => seen.at(-1) === 40);
  });

  it('opens at the first unread message, and says only what was in sight', async () => {
    const list: Row[] = [...rows(1, 40), { kind: 'unread', key: 'unread' }, ...rows(41, 80)];
    await show(list, { openAt: 'unread', readUpTo: 40 });
    const line = host().querySelector('[data-key="unread"]')!.getBoundingClientRect();
    expect(line.top).toBeGreaterThanOrEqual(box().getBoundingClientRect().top);
    expect(line.bottom).toBeLessThan(box().getBoundingClientRect().bottom);
    await until('something was seen', () => seen.length > 0);
    expect(seen.at(-1)).toBeGreaterThan(40);
    expect(seen.at(-1)).toBeLessThan(80);
  });

  it('keeps what is in sight where it is when older messages come above it', async () => {
    await show(rows(61, 120), { atStart: false });
    box().scrollTop = 300;
    const before = topOf(70);
    await show(rows(1, 120));
    expect(Math.abs(topOf(70) - before)).toBeLessThan(2);
  });

  const day = (key: string): Row => ({ kind: 'day', key, at: 0 });

  it('holds on to a message, not to the day above it, which moves with each page', async () => {
    await show([day('day'), ...rows(61, 120)], { atStart: false, readUpTo: 120 });
    box().scrollTop = 0;
    const before = topOf(61);
    await show([day('day'), ...rows(1, 120)], { atStart: true });
    expect(Math.abs(topOf(61) - before)).toBeLessThan(2);
    expect(box().scrollTop).toBeGreaterThan(1000);
  });

  it('holds on to a message where the line of what is new moves', async () => {
    const line: Row = { kind: 'unread', key: 'unread' };
    await show([line, ...rows(21, 80)], { atStart: false, openAt: 'unread' });
    const before = topOf(21);
    await show([line, ...rows(1, 80)], { atStart: true });
    expect(Math.abs(topOf(21) - before)).toBeLessThan(2);
  });

  it('keeps what is in sight where it is when its width changes in the frame of a scroll', async () => {
    const long = 'many words that are broken into lines '.repeat(4);
    const content: Content = { kind: 'text', body: long };
    await show(Array.from({ length: 80 }, (_, i) => row(i + 1, false, { content })));
    box().scrollTop = 4_000;
    await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    const inView = [...host().querySelectorAll<HTMLElement>('parley-bubble')].find(
      one => one.getBoundingClientRect().top > box().getBoundingClientRect().top,
    );
    const seq = Number(inView?.dataset['seq']);
    const before = topOf(seq);
    box().scrollTop += 40;
    host().style.width = '780px';
    await until('it is drawn', async () => {
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
      return box().clientWidth > 700;
    });
    expect(Math.abs(topOf(seq) - before + 40)).toBeLessThan(2);
  });

  it('says nothing of messages before which others were never shown', async () => {
    const line: Row = { kind: 'unread', key: 'unread' };
    await show([line, ...rows(21, 80)], { atStart: false, openAt: 'unread' });
    await until('all in view was there long enough', isSettled);
    expect(seen).toEqual([]);
    await show([line, ...rows(1, 80)], { atStart: true });
    box().scrollTop = 0;
    await until('the first ones were seen', () => seen.length > 0);
    expect(seen.at(-1)).toBeLessThan(50);
  });

  it('comes to the end also where rows are drawn on the way', async () => {
    await show(rows(1, 120), { readUpTo: 120 });
    box().scrollTop = 0;
    await until('away from the end', () => host().querySelector('.jump') !== null);
    host().querySelector<HTMLButtonElement>('.jump')!.click();
    for (let frame = 0; frame < 6; frame++) {
      await new Promise(resolve => requestAnimationFrame(resolve));
      await show(rows(1, 120 + (frame % 3)), { typing: frame % 2 === 0 });
    }
    await until('the end', () => fromEnd() < 1);
  });

  it('goes to the end only as far as the first unseen message stays in view', async () => {
    await show(rows(1, 40), { readUpTo: 40 });
    await show(rows(1, 100));
    expect(topOf(41)).toBeGreaterThanOrEqual(box().getBoundingClientRect().top);
    expect(fromEnd()).toBeGreaterThan(500);
    await until('those in view are seen', () => seen.length > 0);
    expect(seen.at(-1)).toBeLessThan(100);
  });

  it('sees nothing that a dialog covers, until it is gone', async () => {
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.style.cssText = 'width: 100vw; height: 100vh; max-width: none; max-height: none';
    dialog.showModal();
    await show(rows(1, 8), { readUpTo: 7 });
    await until('a look or two', isSettled);
    expect(seen).toEqual([]);
    dialog.remove();
    await until('it is seen', () => seen.at(-1) === 8);
  });

  it('has seen a missed call once its line was in view', async () => {
    const peer = { id: anId<UserId>('peer'), username: 'mira', displayName: 'Mira Sand' };
    const missed = (callId: string): CallEntry => ({
      callId: anId<CallId>(callId),
      position: 1,
      others: [peer],
      direction: 'incoming',
      media: 'audio',
      at: 0,
      reason: 'missed',
    });
    const line = (isNew: boolean, ...ids: [string, ...string[]]): Row => {
      const [first, ...others] = ids;
      return { kind: 'call', key: first, entries: [missed(first), ...others.map(missed)], isNew };
    };
    const saw: string[] = [];
    fixture.componentInstance.sawCalls.subscribe(entries => saw.push(...entries.map(({ callId }) => callId)));
    const list = [line(true, 'above'), ...rows(1, 40), line(false, 'old'), line(true, 'one', 'two')];
    await show(list, { readUpTo: 40, canCall: true });
    await until('the line at the end was seen', () => saw.length > 0);
    expect(saw.slice(0, 2)).toEqual(['one', 'two']);
    expect(saw).not.toContain('above');
    const lines = [...host().querySelectorAll('parley-call-line')];
    const texts = lines.map(one => one.textContent.replace(/\s+/g, ' ').trim());
    expect(texts[1]).toMatch(/^Missed call \d.*Call back$/);
    expect(texts[2]).toMatch(/^2 missed calls · last \d.*Call back$/);
  });

  it('has seen a message from device to device once it was in view, and not while something covers it', async () => {
    const copy = (n: number) => row(n, false, { seq: null, from: null, direct: 'provisional', isNew: true });
    const saw: string[] = [];
    fixture.componentInstance.sawCopies.subscribe(ids => saw.push(...ids));
    const cover = document.createElement('div');
    cover.style.cssText = 'position: fixed; inset: 0; z-index: 9';
    document.body.append(cover);
    await show([copy(101), ...rows(1, 40), copy(102)], { readUpTo: 40 });
    await until('it has been there for long enough', isSettled);
    expect(saw).toEqual([]);
    cover.remove();
    await until('it is seen', () => saw.length > 0);
    expect(new Set(saw)).toEqual(new Set(['m102']));
  });

  it('is a list for those who listen: days, lines and messages are its items', async () => {
    await show([day('day'), ...rows(1, 3)]);
    const list = host().querySelector('[role="list"]')!;
    expect([...list.children].map(child => child.getAttribute('role'))).toEqual(Array(4).fill('listitem'));
    expect(list.querySelector('h2')).not.toBeNull();
  });

  it('follows new messages at the end, and stays where it is elsewhere', async () => {
    await show(rows(1, 40), { readUpTo: 40 });
    await show(rows(1, 41));
    expect(fromEnd()).toBeLessThan(2);
    box().scrollTop = 200;
    const before = topOf(10);
    await show(rows(1, 42));
    expect(Math.abs(topOf(10) - before)).toBeLessThan(2);
    expect(host().querySelector('.jump')).not.toBeNull();
  });

  it('asks for older messages near the top, for newer ones near the end of a window', async () => {
    const asked: string[] = [];
    fixture.componentInstance.wantsOlder.subscribe(() => asked.push('older'));
    fixture.componentInstance.wantsNewer.subscribe(() => asked.push('newer'));
    await show(rows(100, 200), { atStart: false, atEnd: false });
    await until('newer', () => asked.includes('newer'));
    expect(asked).not.toContain('older');
    box().scrollTop = 0;
    await until('older', () => asked.includes('older'));
  });

  it('offers retry and delete for a message that was refused, and says why', async () => {
    const done: string[] = [];
    fixture.componentInstance.retry.subscribe(id => done.push(`retry ${id}`));
    fixture.componentInstance.remove.subscribe(id => done.push(`delete ${id}`));
    // The second is what a restored server says of a conversation it does not know.
    for (const fault of ['not-contacts', 'not-a-member'] as const) {
      await show([row(1), row(2, true, { seq: null, state: 'failed', fault })]);
      expect(host().querySelector('.failed')?.textContent).toContain('not contacts any more');
    }
    host()
      .querySelectorAll<HTMLButtonElement>('.failed button')
      .forEach(button => button.click());
    expect(done).toEqual(['retry m2', 'delete m2']);
  });

  it('makes links of addresses only, and text of everything else', async () => {
    const body = '<img src=x onerror=alert(1)> https://parley.local/join javascript:alert(1)';
    await show([
      row(1, false, { content: { kind: 'text', body } }),
      row(2, false, { content: { kind: 'unknown', data: '{"kind":"hologram"}' } }),
    ]);
    const links = [...host().querySelectorAll('a')];
    expect(links.map(link => [link.href, link.rel])).toEqual([
      ['https://parley.local/join', 'noopener noreferrer nofollow'],
    ]);
    expect(host().querySelector('img')).toBeNull();
    expect(host().textContent).toContain('Sent with a newer version of Parley');
  });

  it('leads to the details of a message by its time, one stop for Tab and the others by the arrow keys', async () => {
    await show([...rows(1, 3), row(4, true, { seq: null, from: null, state: 'waiting' })]);
    const asked: unknown[] = [];
    fixture.componentInstance.about.subscribe(({ seq }) => asked.push(seq));
    const times = [...host().querySelectorAll<HTMLElement>('.about')];
    expect(times.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0]);
    times[2]!.focus();
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown']) {
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
    expect(document.activeElement).toBe(times[1]!);
    times[1]!.click();
    expect(asked).toEqual([2]);
  });
});

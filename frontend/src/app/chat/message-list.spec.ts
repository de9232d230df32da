import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { writeContent } from '#protocol/content';
import { inEnglish } from '../../i18n/testing/in-english';
import { MessageList } from './message-list';
import { type Row } from './timeline';
import { until } from './testing/chat-room';

const row = (seq: number, own = false, more: object = {}): Row => ({
  kind: 'message',
  key: `k${seq}`,
  seq,
  at: seq * 1000,
  data: writeContent({ kind: 'text', body: `message ${seq}` }),
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
  const box = (): HTMLElement => host().querySelector('.box')!;
  const topOf = (seq: number): number => host().querySelector(`[data-seq="${seq}"]`)!.getBoundingClientRect().top;
  const fromEnd = (): number => box().scrollHeight - box().scrollTop - box().clientHeight;
  const show = async (list: Row[], inputs: Record<string, unknown> = {}): Promise<void> => {
    fixture.componentRef.setInput('rows', list);
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    await fixture.whenStable();
  };

  beforeEach(async () => {
    await inEnglish();
    fixture = TestBed.createComponent(MessageList);
    fixture.componentRef.setInput('name', 'Mira Sand');
    host().style.cssText = 'display: block; width: 390px; height: 500px';
    document.body.append(host());
    seen = [];
    fixture.componentInstance.seen.subscribe(seq => seen.push(seq));
  });
  afterEach(() => fixture.destroy());

  it('opens at the end, and says that the last message was seen', async () => {
    await show(rows(1, 40));
    expect(fromEnd()).toBeLessThan(2);
    expect(seen.at(-1)).toBe(40);
  });

  it('opens at the first unread message, and says only what was in sight', async () => {
    await show([...rows(1, 40), { kind: 'unread', key: 'unread' }, ...rows(41, 80)], { openAt: 'unread' });
    const line = host().querySelector('[data-key="unread"]')!.getBoundingClientRect();
    expect(line.top).toBeGreaterThanOrEqual(box().getBoundingClientRect().top);
    expect(line.bottom).toBeLessThan(box().getBoundingClientRect().bottom);
    expect(seen.at(-1)).toBeLessThan(80);
  });

  it('keeps what is in sight where it is when older messages come above it', async () => {
    await show(rows(61, 120), { atStart: false });
    box().scrollTop = 300;
    const before = topOf(70);
    await show(rows(1, 120));
    expect(Math.abs(topOf(70) - before)).toBeLessThan(2);
  });

  it('follows new messages at the end, and stays where it is elsewhere', async () => {
    await show(rows(1, 40));
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
    fixture.componentInstance.retry.subscribe(key => done.push(`retry ${key}`));
    fixture.componentInstance.remove.subscribe(key => done.push(`delete ${key}`));
    // The second is what a restored server says of a conversation it does not know.
    for (const fault of ['not-contacts', 'not-a-member'] as const) {
      await show([row(1), row(2, true, { seq: null, state: 'failed', fault })]);
      expect(host().querySelector('.failed')?.textContent).toContain('not contacts any more');
    }
    host()
      .querySelectorAll<HTMLButtonElement>('.failed button')
      .forEach(button => button.click());
    expect(done).toEqual(['retry k2', 'delete k2']);
  });

  it('makes links of addresses only, and text of everything else', async () => {
    const body = '<img src=x onerror=alert(1)> https://parley.local/join javascript:alert(1)';
    await show([
      row(1, false, { data: writeContent({ kind: 'text', body }) }),
      row(2, false, { data: '{"kind":"hologram"}' }),
    ]);
    const links = [...host().querySelectorAll('a')];
    expect(links.map(link => [link.href, link.rel])).toEqual([
      ['https://parley.local/join', 'noopener noreferrer nofollow'],
    ]);
    expect(host().querySelector('img')).toBeNull();
    expect(host().textContent).toContain('Sent with a newer version of Parley');
  });
});

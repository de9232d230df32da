import { computed, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { CallEntry } from '#protocol/api/calls';
import { type CallId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { json, serverOf } from '../account/testing/server';
import { CALL_STARTER } from '../contacts/call-starter';
import { Contacts } from '../contacts/contacts';
import { below, contactCalled, personCalled } from '../contacts/testing/below';
import { Screen } from '../look/testing/screen';
import { isMissed } from './call-entries';
import { CallLog } from './call-log';
import { type CallReport } from './call-report';
import { CallReports } from './call-reports';
import { SEEN_AFTER } from '../look/seen';
import { CallLogPage } from './call-log-page';

const SEEN_AFTER_MS = 20;

describe('the page of calls', () => {
  let room: ReturnType<typeof below>;
  let screen: Screen;
  let placed: unknown[];
  const current = signal<string | undefined>(undefined);
  const mira = contactCalled('Mira Sand');
  const entries = signal<readonly CallEntry[]>([]);
  const reports = signal<ReadonlyMap<CallId, CallReport>>(new Map());
  const log = {
    entries,
    loaded: signal(true),
    hasMore: signal(false),
    missed: computed(() => entries().filter(isMissed).length),
    start: async () => undefined,
    see: jasmine.createSpy('see'),
    older: jasmine.createSpy('older'),
  };

  const call = (position: number, change: Partial<CallEntry> = {}): CallEntry => ({
    callId: anId(`call ${position}`),
    position,
    others: [mira.person],
    direction: 'incoming',
    media: 'audio',
    at: new Date(2025, 0, position).getTime(),
    reason: 'missed',
    conversationId: mira.conversationId!,
    ...change,
  });

  beforeEach(async () => {
    room = below();
    placed = [];
    reports.set(new Map());
    current.set(undefined);
    log.see.calls.reset();
    log.loaded.set(true);
    log.hasMore.set(false);
    const starter = {
      current,
      place: (...args: unknown[]) => placed.push(args),
      returnToCall: () => placed.push('return'),
    };
    await withWords([
      ...room.providers,
      provideRouter([]),
      { provide: CallLog, useValue: log },
      { provide: SEEN_AFTER, useValue: SEEN_AFTER_MS },
      { provide: CALL_STARTER, useValue: starter },
      { provide: CallReports, useValue: { reports, load: async () => undefined } },
    ]);
  });
  afterEach(() => room.end());

  async function open(shown: readonly CallEntry[]): Promise<void> {
    entries.set(shown);
    serverOf({ 'GET /api/contacts?limit=500': () => json({ items: [mira] }) });
    await TestBed.inject(Contacts).refresh();
    const fixture = TestBed.createComponent(CallLogPage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  }
  const lines = () =>
    [...screen.page.querySelectorAll('.row-line')].map(one => one.textContent.replace(/\s+/g, ' ').trim());

  it('says what became of each call, and how long they talked', async () => {
    const at = new Date(2025, 0, 9).getTime();
    await open([
      call(9, {
        direction: 'outgoing',
        media: 'video',
        reason: 'hung-up',
        answeredAt: at,
        joinedAt: at,
        leftAt: at + 83_000,
      }),
      call(8, { direction: 'outgoing', reason: 'no-answer' }),
      call(7, { reason: 'declined' }),
      call(6, { media: 'video' }),
    ]);
    expect(lines()).toEqual([
      'Outgoing: Video call · 1:23',
      'Outgoing: Call · No answer',
      'Incoming: Call · You declined',
      'Missed video call',
    ]);
    expect(screen.page.querySelectorAll('.row-line.bad').length).toBe(1);
  });

  it('calls again as it was before, and leads to the conversation; nobody who is no contact any more', async () => {
    const gone = personCalled('Opa Heinrich');
    await open([call(3, { media: 'video' }), call(2), call(1, { others: [gone] })]);
    await screen.press('Video call to Mira Sand');
    await screen.press('Call Mira Sand');
    expect(placed).toEqual([
      [mira.person.id, 'video'],
      [mira.person.id, 'audio'],
    ]);
    expect(screen.button('Call Opa Heinrich')).toBeUndefined();
    expect(screen.page.querySelector('a.to')?.getAttribute('href')).toBe(`/chats/${mira.conversationId}`);
  });

  it('leads back to the call one is in, and says why nobody else can be called meanwhile', async () => {
    await open([call(1)]);
    current.set('somebody else');
    await screen.shows('Missed call');
    await screen.until(() => screen.button('Call Mira Sand')?.getAttribute('aria-disabled') === 'true');
    expect(screen.button('Call Mira Sand')?.title).toBe('You are already in a call.');
    current.set(mira.person.id);
    await screen.press('Return to call');
    expect(placed).toEqual([[mira.person.id, 'audio']]);
  });

  it('tells what happened in a call that this device was in, in plain words, and nothing of others', async () => {
    reports.set(
      new Map([
        [
          anId('call 2'),
          {
            callId: anId('call 2'),
            at: 0,
            relayed: true,
            weather: { good: 60_000, weak: 20_000 },
            causes: { theirs: 20_000 },
            pausedMs: 0,
            gaps: 2,
            longestGapMs: 12_000,
            lastedMs: 90_000,
            end: 'connection-lost',
          },
        ],
      ]),
    );
    await open([call(2), call(1)]);
    const buttons = screen.page.querySelectorAll('[aria-expanded]');
    expect(buttons.length).toBe(1);
    await screen.press('What happened in the call with Mira Sand');
    expect(buttons[0]?.getAttribute('aria-expanded')).toBe('true');
    const lines = [...screen.page.querySelectorAll('parley-report-lines li')].map(one => one.textContent);
    expect(lines).toEqual([
      'Sound and picture went through a server.',
      'Most of the time the connection was: Good',
      'It was weak for 0:20, because of Mira Sand’s network.',
      'It was interrupted 2 times, the longest for 0:12.',
      'The connection to Mira Sand was lost.',
    ]);
    await screen.press('What happened in the call with Mira Sand');
    expect(screen.page.querySelector('parley-report-lines')).toBeNull();
  });

  it('shows the missed ones alone when asked, and says so where there is none', async () => {
    await open([call(2), call(1, { reason: 'declined' })]);
    await screen.press('Missed');
    expect(lines()).toEqual(['Missed call']);
    expect(screen.button('Missed')?.getAttribute('aria-pressed')).toBe('true');
    entries.set([call(1, { reason: 'declined' })]);
    await screen.shows('No missed calls');
    await screen.press('All');
    expect(lines()).toEqual(['Incoming: Call · You declined']);
  });

  it('has seen what was missed once somebody looks, and not while something covers it', async () => {
    const dialog = document.body.appendChild(document.createElement('dialog'));
    dialog.style.cssText = 'width: 100vw; height: 100vh; max-width: none; max-height: none';
    dialog.showModal();
    await open([call(1)]);
    const opened = performance.now();
    await screen.until(() => performance.now() - opened > 10 * SEEN_AFTER_MS);
    expect(log.see).not.toHaveBeenCalled();
    dialog.remove();
    await screen.until(() => log.see.calls.any());
  });

  it('tells a log that is empty from one that is not there yet, and fetches older calls', async () => {
    log.loaded.set(false);
    await open([]);
    expect(screen.text).toContain('Loading calls');
    log.loaded.set(true);
    await screen.shows('No calls yet');
    expect(screen.button('Contacts')?.getAttribute('href')).toBe('/contacts');
    log.hasMore.set(true);
    entries.set([call(1)]);
    await screen.press('Older calls');
    expect(log.older).toHaveBeenCalled();
  });
});

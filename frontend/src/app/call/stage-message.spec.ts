import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { anId } from '#protocol/testing/ids';
import { phaseOf } from '#protocol/call-client-state';
import { Call } from './call';
import { CALL_NEWS, type News } from './call-news';
import { type DrawnOverlay, drawOverlay, shown } from './testing/overlay';
import { type CallPage } from './testing/switchboard';
import { until } from './testing/until';

const has = (selector: string) => document.querySelector(selector) !== null;

describe('a message during a call', () => {
  const latest = signal<News | null>(null);
  const unread = signal(false);
  let page: DrawnOverlay;
  let mira: CallPage;
  let call: Call;

  beforeEach(async () => {
    latest.set(null);
    unread.set(false);
    const news = { latest, hasUnread: () => unread() };
    TestBed.configureTestingModule({ providers: [{ provide: CALL_NEWS, useValue: news }] });
    page = await drawOverlay();
    mira = page.board.open(page.parent, 2);
    call = TestBed.inject(Call);
    mira.call.place(page.me.seat.userId, 'audio');
    await until('it rings', () => has('parley-incoming-call dialog[open]'));
    shown('button[aria-label="Accept"]').click();
    await until('connected', () => phaseOf(call.state()) === 'connected' && has('parley-voice dialog[open]'));
  });
  afterEach(() => {
    call.leave();
    page.board.close();
    page.fixture.destroy();
  });

  const state = () => call.state();
  const peerId = () => {
    const now = state();
    return now.state === 'idle' ? '' : now.peerId;
  };

  it('stands on the stage as long as it is news, and is text whatever it says', async () => {
    latest.set({ conversationId: anId(peerId()), name: 'Mira <b>Sand</b>', text: 'Look at {{ this }}' });
    await until('the message', () => has('parley-stage-message button'));
    expect(shown('parley-stage-message strong').textContent).toBe('Mira <b>Sand</b>');
    expect(shown('parley-stage-message .text').textContent).toBe('Look at {{ this }}');
    expect(shown('parley-stage-message').getAttribute('role')).toBe('status');
    latest.set(null);
    await until('it is gone', () => !has('parley-stage-message button'));
  });

  it('leads to its conversation, also to one with somebody else', async () => {
    latest.set({ conversationId: anId('another'), name: 'Jonas Weber', text: 'Where are you?' });
    await until('the message', () => has('parley-stage-message button'));
    shown('parley-stage-message button').click();
    await until('the call is small', () => has('parley-small-call'));
    await until('there', () => TestBed.inject(Router).url === '/chats/another');
  });

  it('leaves a dot on the way to the chat until it is read', async () => {
    unread.set(true);
    await until('a dot', () => has('.round.news') && has('.round.narrow-news'));
    expect(shown('.round.news').getAttribute('aria-label')).toBe('Chat, new messages');
    unread.set(false);
    await until('no dot', () => !has('.round.news') && !has('.round.narrow-news'));
    expect(has('button[aria-label="Chat"]')).toBeTrue();
  });
});

import { Location } from '@angular/common';
import { provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { type CallId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { phaseOf } from '#protocol/call-client-state';
import { BrowserPush } from '../push/browser-push';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { NotificationTaps } from './notification-taps';
import { provideMarkedSeal } from './testing/marked-seal';
import { Switchboard } from './testing/switchboard';
import { until } from './testing/until';

const newCall = (): CallId => anId(crypto.randomUUID());

describe('NotificationTaps', () => {
  let board: Switchboard;
  let line: ReturnType<Switchboard['wire']>;
  let caller: ReturnType<Switchboard['wire']>;
  let call: Call;
  let tapped: (tap: object) => void;
  let heard: string[];

  beforeEach(() => {
    board = new Switchboard();
    line = board.wire(1);
    caller = board.wire(2);
    const browser = {
      onMessage: (_: string, heard: (tap: object) => void) => (tapped = heard),
      closeWhere: () => Promise.resolve(),
    };
    TestBed.configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        provideRouter([{ path: '**', children: [] }]),
        { provide: Signaling, useValue: line.signaling },
        ...provideMarkedSeal(line.seat),
        { provide: BrowserPush, useValue: browser },
      ],
    });
    heard = [];
    line.signaling.frames.subscribe(({ type }) => heard.push(type));
    call = TestBed.inject(Call);
  });
  afterEach(async () => {
    await caches.delete('parley-taps');
    call.leave();
  });

  const acceptedWhileClosed = async (callId: string, at = Date.now()) =>
    (await caches.open('parley-taps')).put('/accept', Response.json({ callId, at }));
  const rung = async (callId: CallId) => {
    caller.signaling.send({ type: 'call.invite', callId, receiverId: line.seat.userId, media: 'video' });
    await until('it rings', () => heard.includes('call.invited'));
  };
  const state = () => phaseOf(call.state());
  const taken = async () => (await (await caches.open('parley-taps')).match('/accept')) === undefined;

  it('accepts the call whose notification was answered while no page was open, as soon as it rings here', async () => {
    const callId = newCall();
    await acceptedWhileClosed(callId);
    TestBed.inject(NotificationTaps);
    await until('the tap is taken', taken);
    await rung(callId);
    await until('accepted', () => state() === 'connecting');
  });

  it('accepts it also where it rings before the tap was read', async () => {
    const callId = newCall();
    await acceptedWhileClosed(callId);
    TestBed.inject(NotificationTaps);
    await rung(callId);
    await until('accepted', () => state() === 'connecting');
  });

  it('accepts no other call', async () => {
    await acceptedWhileClosed(crypto.randomUUID());
    TestBed.inject(NotificationTaps);
    await until('the tap is taken', taken);
    await rung(newCall());
    TestBed.tick();
    expect(state()).toBe('incoming');
  });

  it('accepts no call whose notification was answered more than a minute ago', async () => {
    const callId = newCall();
    await acceptedWhileClosed(callId, Date.now() - 60_001);
    TestBed.inject(NotificationTaps);
    await until('the tap is taken', taken);
    await rung(callId);
    TestBed.tick();
    expect(state()).toBe('incoming');
  });

  it('follows the path of a tap, and declines the ring it shows', async () => {
    TestBed.inject(NotificationTaps);
    tapped({ path: '/calls' });
    await until('the page', () => TestBed.inject(Location).path() === '/calls');
    tapped({ path: 'https://elsewhere.example/' });
    const callId = newCall();
    await rung(callId);
    tapped({ decline: callId });
    expect(state()).toBe('idle');
    expect(TestBed.inject(Location).path()).toBe('/calls');
  });
});

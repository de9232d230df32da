import { EnvironmentInjector, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { isInCall, phaseOf } from '#protocol/call-client-state';
import { CallElsewhere, type Elsewhere } from './call-elsewhere';
import { marked } from './testing/marked-seal';
import { total } from './testing/link-pair';
import { type CallPage, Switchboard } from './testing/switchboard';
import { until } from './testing/until';

describe('A call that moves', () => {
  let board: Switchboard;
  let phone: CallPage;
  let laptop: CallPage;
  let ben: CallPage;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
    board = new Switchboard();
    const open = (user: number) => board.open(TestBed.inject(EnvironmentInjector), user, [CallElsewhere]);
    [phone, laptop, ben] = [open(1), open(1), open(2)];
    elsewhere(laptop);
    elsewhere(phone);
  });
  afterEach(() => board.close());

  const elsewhere = (page: CallPage): Elsewhere | null => page.injector.get(CallElsewhere).call();
  const stateOf = (page: CallPage) => phaseOf(page.call.state());
  const talk = async (caller = phone, callee = ben) => {
    caller.call.place(callee.seat.userId, 'video');
    await until('a ring', () => stateOf(callee) === 'incoming');
    await callee.call.answer({ type: 'accept', media: 'video' });
    await until('connected', () => [phone, ben].every(page => stateOf(page) === 'connected'));
    await until('codes', () => phone.link.code() !== null && ben.link.code() !== null);
  };
  const move = () => {
    const call = elsewhere(laptop);
    if (call === null) throw new Error('nothing to take over');
    laptop.call.dispatch({ type: 'move', callId: call.callId, peerId: call.peerId, media: call.media });
  };
  const moved = () => until('moved', () => stateOf(laptop) === 'connected' && stateOf(phone) === 'idle');
  const decodes = (page: CallPage) =>
    until('the picture moves', async () => {
      const link = page.link.link();
      return link !== null && (await total(link, 'inbound-rtp', 'video', 'framesDecoded')) > 2;
    });
  const reasonOf = (page: CallPage) => {
    const call = page.call.state();
    return call.state === 'idle' ? call.last?.reason : undefined;
  };

  it('CA39c, CA39i: goes on at the other device, and the one that had it may have it back', async () => {
    await talk();
    expect(elsewhere(laptop)?.deviceId).toBe(phone.seat.deviceId);
    const before = ben.link.link();
    move();
    await moved();
    await until('ben follows', () => ben.link.link() !== before && stateOf(ben) === 'connected');
    await decodes(ben);
    await decodes(laptop);
    expect(reasonOf(phone)).toBe('moved');
    expect([elsewhere(phone)?.deviceId, elsewhere(laptop)]).toEqual([laptop.seat.deviceId, null]);
    ben.call.leave();
    await until('over', () => [laptop, ben].every(page => stateOf(page) === 'idle'));
    await until('nothing to take over', () => elsewhere(phone) === null);
  });

  it('CA39c: moves where its person was called, too', async () => {
    await talk(ben, phone);
    move();
    await moved();
    await until('ben follows', () => stateOf(ben) === 'connected');
    await decodes(ben);
    await decodes(laptop);
  });

  it('CA39b: plays nothing of the new link at either end before the seat is its own', async () => {
    await talk();
    const [link, picture] = [ben.link.link(), ben.link.picture()];
    const arriving = () => {
      const now = ben.call.state();
      return isInCall(now) ? [...now.next.values()][0]?.state : undefined;
    };
    board.drop = ({ type }) => type === 'call.moved';
    move();
    await until('the second link is up', () => arriving() === 'up');
    expect([ben.link.link(), ben.link.picture()]).toEqual([link, picture]);
    expect([laptop.link.sound(), laptop.link.picture()]).toEqual([null, null]);
    expect(stateOf(phone)).toBe('connected');
  });

  it('CA39d: stays where it was when the device that arrives goes away', async () => {
    await talk();
    const link = ben.link.link();
    board.drop = ({ type }) => type === 'call.moved';
    move();
    await until('it arrives', () => {
      const call = ben.call.state();
      return isInCall(call) && call.next.size > 0;
    });
    laptop.call.leave();
    await until('forgotten', () => {
      const call = ben.call.state();
      return isInCall(call) && call.next.size === 0;
    });
    expect([stateOf(phone), stateOf(ben), stateOf(laptop)]).toEqual(['connected', 'connected', 'idle']);
    expect(ben.link.link()).toBe(link);
    expect(elsewhere(laptop)?.deviceId).toBe(phone.seat.deviceId);
    await decodes(ben);
  });

  it('CA39d: goes on where another certificate comes from the device that arrives', async () => {
    await talk();
    board.drop = ({ type }) => type === 'call.moved';
    move();
    const next = () => {
      const call = ben.call.state();
      return isInCall(call) ? [...call.next.values()][0]?.state : undefined;
    };
    await until('the second link is up', () => next() === 'up');
    const call = ben.call.state();
    if (!isInCall(call)) throw new Error('not in a call');
    const evil = 'a=fingerprint:sha-256 ' + Array.from({ length: 32 }, () => '66').join(':');
    const offer = { type: 'call.offer', callId: call.callId, link: 1 } as const;
    const data = JSON.stringify({ type: 'offer', sdp: `v=0\r\n${evil}\r\n`, round: 9 });
    const sealed = marked(laptop.seat, ben.seat, { ...offer, data });
    const ids = { senderId: laptop.seat.userId, receiverId: ben.seat.userId, deviceId: laptop.seat.deviceId };
    ben.signaling.heard.next({ ...offer, ...ids, data: sealed });
    laptop.media.toggleMute();
    await decodes(ben);
    expect([stateOf(phone), stateOf(ben)]).toEqual(['connected', 'connected']);
  });

  it('CA39h: has another code, which who was in the call before has committed to', async () => {
    await talk();
    const before = ben.link.code();
    move();
    await moved();
    await until('codes', () => laptop.link.code() !== null && ben.link.code() !== null && ben.link.code() !== before);
    expect(laptop.link.code()?.emoji).toEqual(ben.link.code()?.emoji);
    expect(ben.link.code()?.emoji).not.toEqual(before?.emoji);
  });
});

import { TestBed } from '@angular/core/testing';
import { phaseOf } from '#protocol/call-client-state';
import { ok } from '#protocol/result';
import { Api } from '../account/api';
import { Toast } from '../look/toast';
import { shown } from './testing/overlay';
import { has, OverlayCall, pressable } from './testing/overlay-call';
import { type CallPage } from './testing/switchboard';
import { until } from './testing/until';

describe('A call at another device of its person', () => {
  let talk: OverlayCall;
  let phone: CallPage;
  let named: string;

  beforeEach(async () => {
    named = '';
    const request = () => Promise.resolve(ok({ items: [{ id: named, name: 'Pixel 7' }] }));
    talk = await OverlayCall.open([{ provide: Api, useValue: { request } }]);
    phone = talk.page.board.open(talk.page.parent, 1);
    named = phone.seat.deviceId;
  });
  afterEach(() => talk.close());

  const both = (page: CallPage) => [page, talk.mira].every(({ call }) => phaseOf(call.state()) === 'connected');
  const begins = async () => {
    phone.call.place(talk.mira.seat.userId, 'audio');
    await until('Mira is rung', () => phaseOf(talk.mira.call.state()) === 'incoming');
    await talk.mira.call.answer({ type: 'accept', media: 'audio' });
    await until('they talk', () => both(phone));
    await until('it is shown', () => has('parley-move-here .bar'));
  };
  const bar = () =>
    [...document.querySelectorAll('parley-move-here .bar :is(strong, small, button)')].map(one =>
      one.textContent.trim(),
    );
  const spoken = () => shown('parley-move-here [role=status]').textContent;

  it('CA39i: is named with its device, in words for a screen reader, too', async () => {
    await begins();
    await until('the device has a name', () => bar()[1] !== 'on another device');
    expect(bar()).toEqual(['You are in a call with Mira Sand', 'on Pixel 7', 'Move it here']);
    expect(spoken()).toBe('You are in a call with Mira Sand on Pixel 7');
    expect(shown('parley-move-here').getAttribute('role')).toBe('region');
    phone.call.leave();
    await until('it is gone', () => !has('parley-move-here .bar'));
    expect([spoken(), shown('parley-move-here').getAttribute('role')]).toEqual(['', null]);
  });

  it('CA39c: is taken over by one button, and the device that had it says where it goes on', async () => {
    await begins();
    pressable('Move it here').click();
    await talk.isConnected();
    expect(has('parley-move-here .bar')).toBeFalse();
    expect(phaseOf(phone.call.state())).toBe('idle');
    phone.call.dispatch({ type: 'dismiss' });
    const state = talk.call.state();
    if (state.state !== 'joined') return fail('it is not in the call');
    phone.call.dispatch({ type: 'move', callId: state.callId, peerId: state.peerId, media: 'audio' });
    await until('it is back', () => both(phone));
    const { sentence } = TestBed.inject(Toast);
    await until('it is said', () => sentence() === 'The call continues on another device.');
    expect(has('parley-call-ended dialog')).toBeFalse();
    await until('it may be had again', () => has('parley-move-here .bar'));
  });
});

import type { LiveCall } from '#protocol/call-state';
import type { CallId } from '#protocol/ids';
import type { ClientCallFrame } from '#protocol/messages';
import { anId } from '#protocol/testing/ids';
import { SetUpTimes } from './set-up-times.ts';

describe('The times of a call', () => {
  const [first, second] = [anId<CallId>('1'), anId<CallId>('2')];
  let told: [what: string, ms: number][];
  let times: SetUpTimes;
  beforeEach(() => {
    told = [];
    times = new SetUpTimes({ ringShown: ms => told.push(['ring', ms]), callSetUp: ms => told.push(['set up', ms]) });
  });

  const rings = (callId = first, ...shown: string[]) => ({ callId, state: 'ringing', shown }) as unknown as LiveCall;
  const active = (callId = first) => ({ callId, state: 'active' }) as LiveCall;
  const heard = (type: ClientCallFrame['type'], call: LiveCall | undefined, now: number, isHandedOn = true) =>
    times.heard({ type }, { call, isHandedOn, now });

  it('are taken once each: to the first ring that is shown, and from the accept to the first answer', () => {
    heard('call.invite', rings(), 100);
    heard('call.invite', rings(), 110);
    heard('call.ringing', rings(first, 'phone'), 180);
    heard('call.ringing', rings(first, 'phone', 'laptop'), 300);
    heard('call.accept', active(), 5_000);
    heard('call.offer', active(), 5_050);
    heard('call.answer', active(), 5_120);
    heard('call.answer', active(), 90_000);
    expect(told).toEqual([
      ['ring', 80],
      ['set up', 120],
    ]);
  });

  it('are those of each call, and none of a call that is refused, over, or was there before', () => {
    heard('call.invite', undefined, 0);
    heard('call.invite', rings(), 0);
    heard('call.invite', rings(second), 50);
    times.forget(first);
    heard('call.ringing', rings(first, 'phone'), 60);
    heard('call.ringing', rings(second, 'phone'), 70);
    heard('call.accept', rings(second), 80);
    heard('call.answer', active(second), 90);
    heard('call.answer', active(anId('3')), 90);
    expect(told).toEqual([['ring', 20]]);
  });

  it('are not of frames that change nothing: of a device that does not ring, late to accept, or without a seat', () => {
    heard('call.invite', rings(), 0);
    heard('call.ringing', rings(), 10);
    heard('call.ringing', rings(first, 'phone'), 20);
    heard('call.accept', active(), 1_000);
    heard('call.accept', active(), 1_300, false);
    heard('call.answer', active(), 1_400, false);
    heard('call.answer', active(), 1_500);
    expect(told).toEqual([
      ['ring', 20],
      ['set up', 500],
    ]);
  });
});

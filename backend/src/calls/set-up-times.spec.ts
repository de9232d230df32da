import type { LiveCall } from '#protocol/call-state';
import type { CallId } from '#protocol/ids';
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

  const rings = (callId = first) => ({ callId, state: 'ringing' }) as LiveCall;
  const active = (callId = first) => ({ callId, state: 'active' }) as LiveCall;

  it('are taken once each: to the first ring that is shown, and from the accept to the first answer', () => {
    times.heard({ type: 'call.invite' }, rings(), 100);
    times.heard({ type: 'call.invite' }, rings(), 110);
    times.heard({ type: 'call.ringing' }, rings(), 180);
    times.heard({ type: 'call.ringing' }, rings(), 300);
    times.heard({ type: 'call.accept' }, active(), 5_000);
    times.heard({ type: 'call.offer' }, active(), 5_050);
    times.heard({ type: 'call.answer' }, active(), 5_120);
    times.heard({ type: 'call.answer' }, active(), 90_000);
    expect(told).toEqual([
      ['ring', 80],
      ['set up', 120],
    ]);
  });

  it('are those of each call, and none of a call that is refused, over, or was there before', () => {
    times.heard({ type: 'call.invite' }, undefined, 0);
    times.heard({ type: 'call.invite' }, rings(), 0);
    times.heard({ type: 'call.invite' }, rings(second), 50);
    times.forget(first);
    times.heard({ type: 'call.ringing' }, rings(), 60);
    times.heard({ type: 'call.ringing' }, rings(second), 70);
    times.heard({ type: 'call.accept' }, rings(second), 80);
    times.heard({ type: 'call.answer' }, active(second), 90);
    times.heard({ type: 'call.answer' }, active(anId('3')), 90);
    expect(told).toEqual([['ring', 20]]);
  });
});

import fc from 'fast-check';
import { nextCalls } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import { allOf, type ClientCalls, NO_CLIENT_CALLS } from '#protocol/call-client-state';
import { type Media, SEAT_TYPES } from '#protocol/call-frames';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { type ClientCallFrame, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { partiesOf, placeIn } from '#protocol/call-state';
import { CallRoom, seat } from '#protocol/testing/call-room';
import { anId } from '#protocol/testing/ids';

/* Any frame from anybody, in any order: typed answers, no effect on anybody else. A failing seed is pinned here. */
const SEED = 20_260_102;

const device = fc.constantFrom('a1', 'a2', 'b1', 'b2', 'c1').map(anId<DeviceId>);
const user = fc.constantFrom('a', 'b', 'c', 'z').map(anId<UserId>);
const callId = fc.constantFrom('1', '2', '3').map(anId<CallId>);
const media = fc.constantFrom<Media>('audio', 'video');
const link = fc.integer({ min: 1, max: 4 });
const routedType = fc.constantFrom(...SEAT_TYPES);
const plainType = fc.constantFrom(
  'call.ringing' as const,
  'call.accept' as const,
  'call.resume' as const,
  'call.move' as const,
  'call.decline' as const,
  'call.hangup' as const,
);

const isMoving = fc.constantFrom('arriving' as const, 'arrived' as const, 'dropped' as const);

const said: fc.Arbitrary<Unnumbered<ClientCallFrame>> = fc.oneof(
  fc.record({ type: fc.constant('call.invite' as const), receiverId: user, callId, media }),
  fc.record({ type: plainType, receiverId: user, callId }),
  fc.record({ type: routedType, receiverId: user, callId, link, data: fc.string({ minLength: 1 }) }),
  fc.record({ type: routedType, receiverId: user, callId, deviceId: device, link, data: fc.string({ minLength: 1 }) }),
  fc.record({ type: fc.constant('call.moved' as const), receiverId: user, callId, link }),
);

const told = { senderId: user, receiverId: fc.constant(anId<UserId>('a')), callId };
const heard: fc.Arbitrary<Unnumbered<ServerCallFrame>> = fc.oneof(
  fc.record({ type: fc.constant('call.invited' as const), ...told, deviceId: device, media, ringMs: fc.nat() }),
  fc.record({
    type: fc.constant('call.invited' as const),
    ...told,
    deviceId: device,
    media,
    ringMs: fc.nat(),
    waiting: fc.constant(true as const),
  }),
  fc.record({ type: fc.constant('call.ringing' as const), ...told, devices: fc.nat() }),
  fc.record({ type: fc.constant('call.accepted' as const), ...told, deviceId: device }),
  fc.record({ type: fc.constant('call.ended' as const), ...told, reason: fc.constant('hung-up' as const) }),
  fc.record({ type: fc.constant('call.peer-absent' as const), ...told, absent: fc.boolean() }),
  fc.record({ type: routedType, ...told, deviceId: device, link, data: fc.string() }),
  fc.record({ type: fc.constant('call.moving' as const), ...told, deviceId: device, link, is: isMoving }),
  fc.record({ type: fc.constant('call.elsewhere' as const), ...told, deviceId: device, media }),
);

describe('any frame from anybody', () => {
  it('CA1a, CA21: reaches nobody but the two users of its call, and takes no user into two calls in one place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(device, said), { maxLength: 40 }), frames => {
        const room = new CallRoom('a1', 'a2', 'b1', 'b2', 'c1');
        for (const [from, frame] of frames) {
          const before = room.registry.calls.get(frame.callId);
          room.says(from, frame);
          const call = room.registry.calls.get(frame.callId) ?? before;
          const sender = seat(from).userId;
          const parties = call ? [call.caller.userId, call.calleeId, sender] : [sender];
          for (const effect of room.effects) if (effect.do === 'send') expect(parties).toContain(effect.to.userId);
          const isStranger = before !== undefined && before.caller.userId !== sender && before.calleeId !== sender;
          if (isStranger) expect(room.registry.calls.get(frame.callId)).toBe(before);
          const places = [...room.registry.calls.values()].flatMap(c =>
            partiesOf(c).map(({ userId }) => `${userId} ${placeIn(c, userId)}`),
          );
          expect(new Set(places).size).toBe(places.length);
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('CA3a: is survived by a page, which speaks of no call but its own', () => {
    const own: fc.Arbitrary<ClientCallEvent> = fc.oneof(
      fc.record({ type: fc.constant('place' as const), callId, peerId: user, media, live: fc.boolean() }),
      fc.record({ type: fc.constant('accept' as const), media }),
      fc.record({ type: fc.constant('move' as const), callId, peerId: user, media }),
      fc.record({ type: fc.constantFrom('decline' as const, 'hang-up' as const, 'time' as const) }),
      fc.record({ type: fc.constantFrom('hold-and-accept' as const, 'end-and-accept' as const), media }),
      fc.record({ type: fc.constantFrom('decline-waiting' as const, 'resume' as const, 'end-held' as const) }),
      fc.record({
        type: fc.constantFrom('link-up' as const, 'link-down' as const, 'link-broken' as const),
        callId,
        deviceId: device,
        link,
      }),
      fc.record({ type: fc.constant('frame' as const), frame: heard }),
    );
    fc.assert(
      fc.property(fc.array(own, { maxLength: 40 }), events => {
        let calls: ClientCalls = NO_CLIENT_CALLS;
        for (const [at, event] of events.entries()) {
          const before = calls;
          const [next, frames] = nextCalls(before, event, at);
          const known = [before, next].flatMap(c => allOf(c).map(({ callId: of }) => of));
          for (const frame of frames) expect(known).toContain(frame.callId);
          calls = next;
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});

import { nextCalls } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import {
  type CallPhase,
  type ClientCall,
  type ClientCalls,
  NO_CLIENT_CALLS,
  onlyLink,
  type OutcomeReason,
  phaseOf,
} from '#protocol/call-client-state';
import { type CallMoving, type Media, type WelcomeCall } from '#protocol/call-frames';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { RING_MS } from '#protocol/limits';
import { type PeerLink } from '#protocol/peer-link';
import { anId } from '#protocol/testing/ids';
import { type ClientCallFrame, type ServerCallFrame, type Unnumbered } from '#protocol/messages';

type Said = Unnumbered<ClientCallFrame>;
type Heard = Unnumbered<ServerCallFrame>;

/** A page of user `a` in a spec. Each act answers with what it says, a line each: `call.hangup 1 peer-lost`. */
export class CallPage {
  calls: ClientCalls = NO_CLIENT_CALLS;
  now = 0;
  frames: readonly Said[] = [];

  act(event: ClientCallEvent): string[] {
    const [calls, frames] = nextCalls(this.calls, event, this.now);
    this.calls = calls;
    this.frames = frames;
    return frames.map(f => `${f.type} ${f.callId}${'reason' in f && f.reason ? ` ${f.reason}` : ''}`);
  }

  /** The call that is the current one. */
  get call(): ClientCall {
    return this.calls.current;
  }

  place(callId: string, peerId = 'b', live = true, media: Media = 'video'): string[] {
    return this.act({ type: 'place', callId: anId(callId), peerId: anId(peerId), media, live });
  }

  hears(
    type: 'call.invited' | 'call.ringing' | 'call.accepted' | 'call.peer-absent',
    callId: string,
    by = 'b',
  ): string[] {
    const facts = between(callId, by);
    const frames: Record<typeof type, Heard> = {
      'call.invited': { type: 'call.invited', ...facts, deviceId: anId(`${by}1`), media: 'video', ringMs: RING_MS },
      'call.ringing': { type: 'call.ringing', ...facts, devices: 2 },
      'call.accepted': { type: 'call.accepted', ...facts, deviceId: anId(`${by}1`) },
      'call.peer-absent': { type: 'call.peer-absent', ...facts, absent: true },
    };
    return this.act({ type: 'frame', frame: frames[type] });
  }

  /** A call of `c` rings beside this page's own. */
  ringsBeside(callId: string, by = 'c'): string[] {
    const ring = { deviceId: anId<DeviceId>(`${by}1`), media: 'video', ringMs: RING_MS, waiting: true } as const;
    return this.act({ type: 'frame', frame: { type: 'call.invited', ...between(callId, by), ...ring } });
  }

  /** It takes over the call that another device of its person is in. */
  moves(callId: string): string[] {
    return this.act({ type: 'move', callId: anId(callId), peerId: anId('b'), media: 'video' });
  }

  /** What the server says of an arrival, with the device of `b` that it is about. */
  hearsMoving(callId: string, is: CallMoving['is'], deviceId = 'b1', link = 1): string[] {
    const frame = { type: 'call.moving', ...between(callId), deviceId: anId<DeviceId>(deviceId), is, link } as const;
    return this.act({ type: 'frame', frame });
  }

  isBack(callId: string): string[] {
    return this.act({ type: 'frame', frame: { type: 'call.peer-absent', ...between(callId), absent: false } });
  }

  ended(callId: string, reason: EndReason): string[] {
    return this.act({ type: 'frame', frame: { type: 'call.ended', ...between(callId), reason } });
  }

  offered(callId: string, link: number): string[] {
    const offer = { deviceId: anId<DeviceId>('b1'), data: 'sdp', link };
    return this.act({ type: 'frame', frame: { type: 'call.offer', ...between(callId), ...offer } });
  }

  refused(type: 'call.invite' | 'call.accept' | 'call.move', callId: string, retryMs?: number): string[] {
    const fault = { type: 'fault', re: { type, id: callId }, code: 'try-later', detail: '' } as const;
    return this.act({ type: 'frame', frame: retryMs === undefined ? fault : { ...fault, retryMs } });
  }

  /** `what` as in `rung 1` or `seat 1`, with `b` at the other end, or several of these, the current one first. */
  welcomed(how: 'new' | 'resumed' | 'again', what = '', waiting: readonly Said[] = []): string[] {
    const calls = what === '' ? [] : what.split(', ').map(welcomeCall);
    return this.act({ type: 'welcome', how, calls, waiting });
  }

  passes(ms: number): string[] {
    this.now += ms;
    return this.act({ type: 'time' });
  }

  link(change: 'negotiated' | 'up' | 'down' | 'broken', link = 1, deviceId = 'b1'): string[] {
    const callId = this.call.state === 'idle' ? anId<CallId>('none') : this.call.callId;
    return this.act({ type: `link-${change}`, callId, deviceId: anId(deviceId), link });
  }

  get phase(): CallPhase {
    return phaseOf(this.call);
  }

  /** The link to the only other device. */
  get peerLink(): PeerLink | undefined {
    return this.call.state === 'joined' ? onlyLink(this.call) : undefined;
  }

  /** In a call as its caller, with the link up. */
  connected(callId: string): this {
    this.place(callId);
    this.hears('call.accepted', callId);
    this.link('negotiated');
    this.link('up');
    return this;
  }

  get reason(): OutcomeReason | undefined {
    return this.call.state === 'idle' ? this.call.last?.reason : undefined;
  }
}

/** What the frames of a call say to `a`. */
const between = (callId: string, by = 'b') => ({
  senderId: anId<UserId>(by),
  receiverId: anId<UserId>('a'),
  callId: anId<CallId>(callId),
});

function welcomeCall(what: string, index = 0): WelcomeCall {
  const [as, callId = ''] = what.split(' ');
  const place = as === 'rung' ? 'waiting' : index === 0 ? 'current' : 'held';
  const facts = { callId: anId<CallId>(callId), place, peerId: anId<UserId>('b'), media: 'video' } as const;
  switch (as) {
    case 'rung':
      return { ...facts, as, state: 'ringing', peerDeviceId: anId('b1'), ringMs: 20_000 };
    case 'caller':
      return { ...facts, as, state: 'ringing', ringMs: 20_000 };
    case 'seat':
      return { ...facts, as, state: 'active', peerDeviceId: anId('b1') };
    default:
      return { ...facts, as: 'elsewhere', state: 'active' };
  }
}

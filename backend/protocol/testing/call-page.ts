import { nextCall } from '#protocol/call-client';
import { type ClientCallEvent } from '#protocol/call-client-events';
import { type ClientCall, IDLE, type OutcomeReason } from '#protocol/call-client-state';
import { type Media, type WelcomeCall } from '#protocol/call-frames';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type UserId } from '#protocol/ids';
import { RING_MS } from '#protocol/limits';
import { type ClientCallFrame, type ServerCallFrame, type Unnumbered } from '#protocol/messages';

type Said = Unnumbered<ClientCallFrame>;
type Heard = Unnumbered<ServerCallFrame>;

/** A page of user `a` in a spec. Each act answers with what it says, a line each: `call.hangup 1 peer-lost`. */
export class CallPage {
  call: ClientCall = IDLE;
  now = 0;
  frames: readonly Said[] = [];

  act(event: ClientCallEvent): string[] {
    const [call, frames] = nextCall(this.call, event, this.now);
    this.call = call;
    this.frames = frames;
    return frames.map(f => `${f.type} ${f.callId}${'reason' in f && f.reason ? ` ${f.reason}` : ''}`);
  }

  place(callId: CallId, peerId: UserId = 'b', live = true, media: Media = 'video'): string[] {
    return this.act({ type: 'place', callId, peerId, media, live });
  }

  hears(
    type: 'call.invited' | 'call.ringing' | 'call.accepted' | 'call.peer-absent',
    callId: CallId,
    by = 'b',
  ): string[] {
    const facts = { senderId: by, receiverId: 'a', callId };
    const frames: Record<typeof type, Heard> = {
      'call.invited': { type: 'call.invited', ...facts, media: 'video', ringMs: RING_MS },
      'call.ringing': { type: 'call.ringing', ...facts, devices: 2 },
      'call.accepted': { type: 'call.accepted', ...facts, deviceId: `${by}1` },
      'call.peer-absent': { type: 'call.peer-absent', ...facts, absent: true },
    };
    return this.act({ type: 'frame', frame: frames[type] });
  }

  isBack(callId: CallId): string[] {
    const facts = { senderId: 'b', receiverId: 'a', callId };
    return this.act({ type: 'frame', frame: { type: 'call.peer-absent', ...facts, absent: false } });
  }

  ended(callId: CallId, reason: EndReason): string[] {
    return this.act({ type: 'frame', frame: { type: 'call.ended', senderId: 'b', receiverId: 'a', callId, reason } });
  }

  offered(callId: CallId, link: number): string[] {
    const facts = { senderId: 'b', receiverId: 'a', deviceId: 'b1', data: 'sdp' };
    return this.act({ type: 'frame', frame: { type: 'call.offer', ...facts, callId, link } });
  }

  refused(type: 'call.invite' | 'call.accept', callId: CallId, retryMs?: number): string[] {
    const fault = { type: 'fault', re: { type, id: callId }, code: 'try-later', detail: '' } as const;
    return this.act({ type: 'frame', frame: retryMs === undefined ? fault : { ...fault, retryMs } });
  }

  /** `what` as in `rung 1` or `seat 1`, with `b` at the other end. */
  welcomed(how: 'new' | 'resumed' | 'again', what?: string, waiting: readonly Said[] = []): string[] {
    return this.act({ type: 'welcome', how, call: what === undefined ? undefined : welcomeCall(what), waiting });
  }

  passes(ms: number): string[] {
    this.now += ms;
    return this.act({ type: 'time' });
  }

  link(change: 'negotiated' | 'up' | 'down' | 'broken', link = 1): string[] {
    const callId = this.call.state === 'idle' ? 'none' : this.call.callId;
    return this.act({ type: `link-${change}`, callId, link });
  }

  /** In a call as its caller, with the link up. */
  connected(callId: CallId): this {
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

function welcomeCall(what: string): WelcomeCall {
  const [as, callId = ''] = what.split(' ');
  const facts = { callId, peerId: 'b', media: 'video' } as const;
  switch (as) {
    case 'rung':
    case 'caller':
      return { ...facts, as, state: 'ringing', ringMs: 20_000 };
    case 'seat':
      return { ...facts, as, state: 'active', peerDeviceId: 'b2' };
    default:
      return { ...facts, as: 'elsewhere', state: 'active' };
  }
}

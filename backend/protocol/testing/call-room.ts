import { type Media, type WelcomeCall } from '#protocol/call-frames';
import { serveCalls } from '#protocol/call-server';
import { type CallEffect, type CallEvent, type CallWorld } from '#protocol/call-server-events';
import { type CallRegistry, type EndedCall, NO_CALLS } from '#protocol/call-state';
import { type EndReason, type HangupReason } from '#protocol/end-reason';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { type ClientCallFrame, type Unnumbered } from '#protocol/messages';
import { anId } from '#protocol/testing/ids';

type Said = Unnumbered<ClientCallFrame>;

/**
 * A server's calls in a spec: the registry, and a world that can be set. A device `a1` is user `a`'s. Each act answers
 * with what the shell would do, a line each, in order: `write ringing c1`, `b1 < call.invited c1`, `welcome b1 rung c1`.
 */
export class CallRoom {
  registry: CallRegistry = NO_CALLS;
  now = 0;
  readonly devices = new Set<DeviceId>();
  readonly push = new Set<string>();
  /** Pairs `ab` of whom b has blocked a, and pairs who are no contacts. */
  readonly blocked = new Set<string>();
  readonly strangers = new Set<string>();
  readonly ended = new Map<string, EndedCall>();
  effects: readonly CallEffect[] = [];

  constructor(...devices: string[]) {
    for (const device of devices) this.devices.add(anId(device));
  }

  act(event: CallEvent): string[] {
    const [registry, effects] = serveCalls(this.registry, event, this.#world());
    this.registry = registry;
    this.effects = effects;
    for (const effect of effects)
      if (effect.do === 'record' && effect.call.state === 'ended') this.ended.set(effect.call.callId, effect.call);
    return effects.map(line);
  }

  says(device: string, frame: Said): string[] {
    return this.act({ type: 'frame', from: seat(device), frame });
  }

  invite(device: string, receiver: string, call: string, media: Media = 'video'): string[] {
    return this.says(device, { type: 'call.invite', ...about(receiver, call), media });
  }

  ringing(device: string, receiver: string, call: string): string[] {
    return this.says(device, { type: 'call.ringing', ...about(receiver, call) });
  }

  accept(device: string, receiver: string, call: string): string[] {
    return this.says(device, { type: 'call.accept', ...about(receiver, call) });
  }

  decline(device: string, receiver: string, call: string): string[] {
    return this.says(device, { type: 'call.decline', ...about(receiver, call) });
  }

  hangUp(device: string, receiver: string, call: string, reason?: HangupReason): string[] {
    const frame = { type: 'call.hangup', ...about(receiver, call) } as const;
    return this.says(device, reason ? { ...frame, reason } : frame);
  }

  resume(device: string, receiver: string, call: string): string[] {
    return this.says(device, { type: 'call.resume', ...about(receiver, call) });
  }

  move(device: string, receiver: string, call: string): string[] {
    return this.says(device, { type: 'call.move', ...about(receiver, call) });
  }

  moved(device: string, receiver: string, call: string, link = 1): string[] {
    return this.says(device, { type: 'call.moved', ...about(receiver, call), link });
  }

  /** @param to the device that is meant, where it is not the one in the seat */
  offer(device: string, receiver: string, call: string, to?: string): string[] {
    const meant = to === undefined ? {} : { deviceId: anId<DeviceId>(to) };
    return this.says(device, { type: 'call.offer', ...about(receiver, call), ...meant, link: 1, data: 'sdp' });
  }

  hello(device: string, ...named: string[]): string[] {
    this.devices.add(anId(device));
    return this.act({
      type: 'welcomed',
      seat: seat(device),
      how: 'new',
      named: named.map(id => anId<CallId>(id)),
    });
  }

  leaves(device: string, how: 'left' | 'expired'): string[] {
    this.devices.delete(anId(device));
    return this.act({ type: how, seat: seat(device) });
  }

  passes(ms: number, call: string): string[] {
    this.now += ms;
    return this.act({ type: 'deadline', callId: anId(call) });
  }

  /** Why an ended call ended, as each party reads it, the caller first. */
  reasons(call: string): (EndReason | null | undefined)[] {
    return this.ended.get(call)?.parties.map(({ reason }) => reason) ?? [];
  }

  /** A call between a1 and b1 that is active. */
  active(call: string): this {
    this.invite('a1', 'b', call);
    this.accept('b1', 'a', call);
    return this;
  }

  #world(): CallWorld {
    return {
      now: this.now,
      sessions: user => [...this.devices].filter(device => seat(device).userId === user),
      hasPush: user => this.push.has(user),
      relation: (caller, callee) => this.#relation(caller + callee),
      endedCall: callId => this.ended.get(callId),
    };
  }

  #relation(pair: string): 'contacts' | 'blocked' | 'strangers' {
    if (this.strangers.has(pair)) return 'strangers';
    return this.blocked.has(pair) ? 'blocked' : 'contacts';
  }
}

export const seat = (device: string): DeviceAddress => ({ userId: anId(device.slice(0, 1)), deviceId: anId(device) });

const about = (receiver: string, call: string) => ({
  receiverId: anId<UserId>(receiver),
  callId: anId<CallId>(call),
});

function line(effect: CallEffect): string {
  if (effect.do === 'record') return `write ${effect.call.state} ${effect.call.callId}`;
  if (effect.do === 'welcome')
    return `welcome ${effect.to.deviceId} ${effect.calls.map(whatOf).join(', ') || 'no call'}`;
  const { frame, to } = effect;
  const what = frame.type === 'fault' ? `fault ${frame.code}` : `${frame.type} ${frame.callId}${detail(frame)}`;
  return `${to.deviceId} < ${what}`;
}

const whatOf = ({ as, callId, place }: WelcomeCall): string => `${as} ${callId}${place === 'held' ? ' held' : ''}`;

function detail(frame: object): string {
  if ('is' in frame && 'deviceId' in frame) return ` ${String(frame.is)} ${String(frame.deviceId)}`;
  if ('reason' in frame) return ` ${String(frame.reason)}`;
  if ('waiting' in frame) return ' waiting';
  if ('devices' in frame) return ` ${String(frame.devices)}`;
  if ('absent' in frame) return ` ${String(frame.absent)}`;
  return 'deviceId' in frame && !('ringMs' in frame) ? ` by ${String(frame.deviceId)}` : '';
}

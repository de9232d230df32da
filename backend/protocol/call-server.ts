import { type WelcomeCall } from '#protocol/call-frames';
import { type CallEvent, type CallStep, type CallWorld } from '#protocol/call-server-events';
import { type CallRegistry, type Seat } from '#protocol/call-state';
import { type CallId } from '#protocol/ids';

/**
 * The server half of the call machine (PROTOCOL.md, Calls). Total: any frame from anybody is answered, none throws.
 * A step that changes nothing gives back the same registry object.
 */
export function serveCalls(registry: CallRegistry, event: CallEvent, world: CallWorld): CallStep {
  void event;
  void world;
  return [registry, []];
}

/** The call id about which `world.endedCall` will be asked, so that the shell can read the store first. */
export function lookupFor(registry: CallRegistry, event: CallEvent): CallId | undefined {
  return event.type === 'frame' && !registry.calls.has(event.frame.callId) ? event.frame.callId : undefined;
}

/** This user's call as a welcome tells it to this device; `now` on the clock of `CallWorld.now`. */
export function welcomeCall(registry: CallRegistry, seat: Seat, now: number): WelcomeCall | undefined {
  void [registry, seat, now];
  return undefined;
}

import { type Media, type WelcomeCall } from '#protocol/call-frames';
import { type ClientCall, type ClientCalls, type UnsealedReason } from '#protocol/call-client-state';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { type ClientCallFrame, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { type Fault } from '#protocol/session-frames';

/** What happens to one call of a page. */
export type OneCallEvent =
  /** Its person calls somebody: `callId` is a fresh random UUID, `live` whether there is a welcomed session right now. */
  | {
      readonly type: 'place';
      readonly callId: CallId;
      readonly peerId: UserId;
      readonly media: Media;
      readonly live: boolean;
    }
  /** Its person takes over, on this device, the call that another one of theirs is in. `media`: what this end starts with. */
  | { readonly type: 'move'; readonly callId: CallId; readonly peerId: UserId; readonly media: Media }
  /** `media` is what this end starts with; `data` reaches the caller in `call.accepted`. */
  | { readonly type: 'accept'; readonly media: Media; readonly data?: string }
  | { readonly type: 'decline' }
  | { readonly type: 'hang-up' }
  /** The outcome has been read. */
  | { readonly type: 'dismiss' }
  /** The page really shows the ring: the screen is drawn, and the page is not frozen. */
  | { readonly type: 'ring-shown' }
  | { readonly type: 'frame'; readonly frame: Unnumbered<ServerCallFrame | Fault> }
  /** The socket is gone. `waiting`: own call frames that were not confirmed. */
  | { readonly type: 'signaling-lost'; readonly waiting: readonly Unnumbered<ClientCallFrame>[] }
  /** The call log says why a call ended whose end this page could not hear. */
  | { readonly type: 'learned'; readonly callId: CallId; readonly reason: EndReason }
  /** The page that was here before this one was in this call when it was loaded again. */
  | { readonly type: 'left'; readonly callId: CallId; readonly peerId: UserId; readonly media: Media }
  /** What is said in this call cannot be sealed any more, or its other seat is not the one that it was. */
  | { readonly type: 'unsealed'; readonly callId: CallId; readonly reason: UnsealedReason }
  /**
   * From the peer connection of this call to that device, of this number: both descriptions are set; it is up; it is down; it cannot be
   * mended, and another one is needed under the next number.
   */
  | { readonly type: `link-${LinkChange}`; readonly callId: CallId; readonly deviceId: DeviceId; readonly link: number }
  /** `clientDeadline` may have passed; too early is harmless. */
  | { readonly type: 'time' }
  /** `pagehide`: the page says `bye`, which ends its call, so there is nothing to send here. */
  | { readonly type: 'page-hidden' };

/** What happens to the client half: to one of its calls, or between them. */
export type ClientCallEvent =
  | OneCallEvent
  /**
   * A `welcome`, before any frame behind it. `waiting`: own call frames in order that the server has not confirmed and
   * that will reach it still: after `again` those above its `ack`, after `new` those that `survivesNewSession` keeps.
   */
  | {
      readonly type: 'welcome';
      readonly how: 'new' | 'resumed' | 'again';
      readonly calls: readonly WelcomeCall[];
      readonly waiting: readonly Unnumbered<ClientCallFrame>[];
    }
  /** The call that rings beside this one is accepted: this one is held, or ended. */
  | { readonly type: 'hold-and-accept' | 'end-and-accept'; readonly media: Media; readonly data?: string }
  /** The call that rings beside this one is declined; this one goes on. */
  | { readonly type: 'decline-waiting' }
  /** The held call is the current one again; the one that was, is held in its place. */
  | { readonly type: 'resume' }
  /** The held call is ended; the current one goes on. */
  | { readonly type: 'end-held' };

export type LinkChange = 'negotiated' | 'up' | 'down' | 'broken';

/** One call after an event, and what the page says about it. */
export type OneCallStep = readonly [ClientCall, readonly Unnumbered<ClientCallFrame>[]];
export type ClientCallStep = readonly [ClientCalls, readonly Unnumbered<ClientCallFrame>[]];

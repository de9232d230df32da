import { allOf, callDeadline, type ClientCalls, namedCalls, NO_CLIENT_CALLS } from '#protocol/call-client-state';
import { nextCalls, survivesNewSession } from '#protocol/call-client';
import { serveCalls } from '#protocol/call-server';
import { type CallRegistry, deadlineOf, type EndedCall, NO_CALLS } from '#protocol/call-state';
import { type WelcomeCall } from '#protocol/call-frames';
import { type CallId, type DeviceAddress, type DeviceId } from '#protocol/ids';
import { type ClientCallFrame, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { type Fault } from '#protocol/session-frames';
import { anId } from '#protocol/testing/ids';

/** What is explored, and how far: at most so many calls placed, and so many things that go wrong. */
export interface Bounds {
  readonly devices: readonly DeviceAddress[];
  readonly places: number;
  /** How many `call.move` the exploration sends at most. */
  readonly moves?: number;
  readonly disturbances: number;
  readonly push: boolean;
  /** Losses on the bus are among the disturbances. */
  readonly bus: boolean;
  /** Pages confirm that they show the ring. */
  readonly rings: boolean;
  /** The steps by their labels that have been taken when the exploration begins. */
  readonly after?: readonly string[];
}

/** The functions under test, and the habits of the shells around them. A mutant replaces one or breaks one. */
export interface Rules {
  readonly serve: typeof serveCalls;
  readonly next: typeof nextCalls;
  readonly survives: typeof survivesNewSession;
  readonly serverDeadline: typeof deadlineOf;
  readonly clientDeadline: typeof callDeadline;
  readonly writesFirst: boolean;
  readonly welcomeFirst: boolean;
  readonly numbersAgain: boolean;
  readonly resumedCarriesCall: boolean;
}

export const RULES: Rules = {
  serve: serveCalls,
  next: nextCalls,
  survives: survivesNewSession,
  serverDeadline: deadlineOf,
  clientDeadline: callDeadline,
  writesFirst: true,
  welcomeFirst: true,
  numbersAgain: true,
  resumedCarriesCall: false,
};

export type ClientSays = Unnumbered<ClientCallFrame>;
export type Up = ClientSays | { readonly type: 'bye' };
export type Welcome = {
  readonly type: 'welcome';
  readonly how: 'new' | 'resumed' | 'again';
  readonly calls: readonly WelcomeCall[];
};
export type Down = Unnumbered<ServerCallFrame | Fault> | Welcome;

/** `links`: those that are up, `1 b1` for that of call 1 to device b1. `done`: what its person said about which call (a accepted, h left). */
export interface Page {
  readonly calls: ClientCalls;
  readonly links: readonly string[];
  readonly done: readonly string[];
}

/**
 * `page`: live, away (has lost its socket, knowing it or not), hello (waits for its welcome), off (closed).
 * `known`: the page knows the server's session and can resume it.
 */
export interface Net {
  readonly page: 'live' | 'away' | 'hello' | 'off';
  readonly session: 'live' | 'window' | 'gone';
  readonly known: boolean;
}

/**
 * One device. `up` and `down` are frames on their way; while a session is lost they are its outboxes.
 * `since`, while a welcome is on its way: own frames that it does not confirm.
 */
export interface Station {
  readonly page: Page;
  readonly net: Net;
  readonly up: readonly Up[];
  readonly down: readonly Down[];
  readonly since: readonly ClientSays[] | null;
}

/**
 * `beyond`: both seats were away beyond the limit, so that even a healthy link may end. `seats`, where calls move: the
 * devices that had one at the end.
 */
export type Past = EndedCall & { readonly beyond: boolean; readonly seats?: readonly (DeviceId | null)[] };

/** Everything at one moment. Parts are never changed, only replaced. */
export interface Whole {
  readonly counts: { readonly places: number; readonly disturbances: number; readonly moves: number };
  readonly registry: CallRegistry;
  /** The registry before its last change, where a mutant speaks before it writes. */
  readonly saved: CallRegistry | null;
  readonly past: Readonly<Record<string, Past>>;
  readonly stations: readonly Station[];
  /** What was seen to go wrong in the step that led here. */
  readonly bad: string | null;
}

export const NEW_PAGE: Page = { calls: NO_CLIENT_CALLS, links: [], done: [] };

export function begin(bounds: Bounds): Whole {
  const net: Net = { page: 'live', session: 'live', known: true };
  const station: Station = { page: NEW_PAGE, net, up: [], down: [], since: null };
  const counts = { places: 0, disturbances: 0, moves: 0 };
  return { counts, registry: NO_CALLS, saved: null, past: {}, stations: bounds.devices.map(() => station), bad: null };
}

/** Reads `a1:A,a2:A,b1:B` as devices of users. */
export const parseDevices = (text: string): DeviceAddress[] =>
  text.split(',').map(pair => {
    const [deviceId = '', userId = ''] = pair.split(':');
    return { userId: anId(userId), deviceId: anId(deviceId) };
  });

export const isLive = ({ net }: Station): boolean => net.page === 'live' && net.session === 'live';
export const ownCalls = ({ page }: Station): CallId[] => namedCalls(page.calls);
/** The link of this call to this device, as `Page.links` names it. */
export const linkName = (callId: CallId, { deviceId }: Pick<DeviceAddress, 'deviceId'>): string =>
  `${callId} ${deviceId}`;

/** This page is in no call. */
export const isFree = ({ page }: Station): boolean => allOf(page.calls).length === 0;

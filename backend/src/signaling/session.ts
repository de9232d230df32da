import type { CloseName } from '#protocol/close-codes';
import type { CallId, DeviceId, SessionId, UserId } from '#protocol/ids';
import type { KeyState } from '#protocol/keys/api';
import type { ServerFrame, Unnumbered } from '#protocol/messages';
import { emptyOutbox, type Outbox } from '#protocol/outbox';

export type Outgoing = Unnumbered<ServerFrame>;

/** What a welcome says from the store: contacts whose presence is told, and what the device must know of its keys. */
export type Read = { readonly contacts: readonly UserId[]; readonly keys?: KeyState };

/** Of a session that is a guest's: the one call that it is for, and what they call themselves. */
export type Guest = { readonly callId: CallId; readonly name: string };

/** What a session sees of its socket. Nothing here throws, and nothing reaches a line that has ended. */
export interface Line {
  readonly open: boolean;
  /** The origin by which the client calls us. */
  readonly origin: string;
  send(text: string): void;
  /** @param frame the number of the client's frame for which it is closed, where one is */
  close(why: CloseName, frame?: number): void;
  /** At once, without a closing handshake. */
  destroy(): void;
}

/**
 * A device's signaling session. Without a `line` it waits, inside its window, for a hello that resumes it. Until
 * `greeting` is null its welcome has not been said, and what is sent waits in the outbox.
 */
export type Session = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly guest?: Guest | undefined;
  line: Line | null;
  /** What a welcome that is still to be said has from the store. */
  greeting: Read | null;
  box: Outbox<object>;
  /** When it began, ms since the epoch. */
  readonly since: number;
  /** When its token ends, ms since the epoch. */
  expiresAt: number;
  /** The origin by which its last line called us. */
  origin: string;
  /** Whether its person's calls are to go through relays alone (`settings.relayCalls`). */
  relayCalls: boolean;
  /** The last frame of the client, and when the line was lost; by `Timers.now`. */
  heardAt: number;
  lostAt: number;
  pinged: boolean;
  /** What the client had been told of its frames when time was last looked at. */
  told: number;
  /** Whether its page is visible, and until when it last was. */
  visible: boolean;
  hiddenAt: number;
  /** What `paced` says of its frames, posts, invites and typing. */
  readonly due: { frames: number; posts: number; invites: number; typing: number };
};

export type NewSession = Pick<
  Session,
  'id' | 'userId' | 'deviceId' | 'guest' | 'since' | 'expiresAt' | 'relayCalls'
> & {
  line: Line;
  greeting: Read;
  now: number;
};

export const newSession = ({ now, ...given }: NewSession): Session => ({
  ...given,
  origin: given.line.origin,
  box: emptyOutbox(),
  heardAt: now,
  lostAt: 0,
  pinged: false,
  told: 0,
  visible: false,
  hiddenAt: -Infinity,
  due: { frames: 0, posts: 0, invites: 0, typing: 0 },
});

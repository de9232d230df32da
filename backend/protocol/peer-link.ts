import { type HangupReason } from '#protocol/end-reason';
import { LINK_DOWN_MS, MAX_LINK, WAITING_FOR_ANSWER_MS } from '#protocol/limits';

/** The impolite end makes the first offer and wins where offers cross (W3C WebRTC, perfect negotiation). */
export type LinkRole = 'polite' | 'impolite';

interface LinkFacts {
  readonly role: LinkRole;
  /** Which peer connection of these two devices it is, from 1: another number means another `RTCPeerConnection`. */
  readonly number: number;
  /** The other device has no session at the moment. */
  readonly peerAbsent: boolean;
  /**
   * How often signaling has come back. When it rises the shell sends its media state again, and a link that is not up,
   * or whose offer stands unanswered, rolls that offer back and restarts ICE; a polite end that has never answered waits.
   */
  readonly returns: number;
  /** The last media state the other device has told, as it told it; null before the first. */
  readonly media: string | null;
}

/** It has never been up. `described`: both descriptions are set; `since` counts from then, or from the beginning. */
export interface Negotiating extends LinkFacts {
  readonly state: 'negotiating';
  readonly described: boolean;
  readonly since: number;
}
export interface LinkUp extends LinkFacts {
  readonly state: 'up';
  readonly since: number;
}
export interface LinkDown extends LinkFacts {
  readonly state: 'down';
  readonly since: number;
}
/** It will never be up again, and the call is told why. */
export interface LinkGivenUp extends LinkFacts {
  readonly state: 'given-up';
  readonly reason: HangupReason;
}

/**
 * ```
 *   open ──► negotiating ─── up ───► up ⇄ down
 *                │ 90 s undescribed,   │     │ 30 s
 *                │ 30 s described      │     │
 *                └──────► given up ◄───┴─────┘ (no number is left)
 * ```
 * One peer connection between this device and another one in the call, through all its numbers. Times are milliseconds
 * on the page's clock, the `now` of `nextLink`.
 */
export type PeerLink = Negotiating | LinkUp | LinkDown | LinkGivenUp;

export type LinkEvent =
  /** From the peer connection of this number: both descriptions are set; it is up; it is down; it cannot be mended. */
  | { readonly type: 'negotiated' | 'up' | 'down' | 'broken'; readonly number: number }
  /** The other device has said something about its link of this number; `media` where it was its media state. */
  | { readonly type: 'heard'; readonly number: number; readonly media?: string }
  /** The other device has lost its session. */
  | { readonly type: 'absent' }
  /** Signaling has come back, at this end or at the other: frames of both directions may be lost. */
  | { readonly type: 'returned' }
  /** `linkDeadline` may have passed; too early is harmless. */
  | { readonly type: 'time' };

/** Politeness follows the order of seats: who came to the call first is impolite, for the life of the link. */
export const roleBetween = (ownSeat: number, otherSeat: number): LinkRole =>
  ownSeat < otherSeat ? 'impolite' : 'polite';

export const openLink = (role: LinkRole, now: number, number = 1): PeerLink => ({
  state: 'negotiating',
  role,
  number,
  peerAbsent: false,
  returns: 0,
  media: null,
  described: false,
  since: now,
});

/** Total: any event in any state. One that changes nothing gives back the same object. */
export function nextLink(link: PeerLink, event: LinkEvent, now: number): PeerLink {
  if (link.state === 'given-up') return link;
  switch (event.type) {
    case 'negotiated':
    case 'up':
    case 'down':
    case 'broken':
      return event.number === link.number ? changed(link, event.type, now) : link;
    case 'heard': {
      const known = event.media === undefined ? link : { ...link, media: event.media };
      // A higher number says that the other end had to build a new peer connection; lower ones are over.
      return event.number > link.number ? renumbered(known, event.number, now) : known;
    }
    case 'absent':
      return link.peerAbsent ? link : { ...link, peerAbsent: true };
    case 'returned':
      return { ...link, peerAbsent: false, returns: link.returns + 1 };
    case 'time':
      return timedOut(link, now);
  }
}

type LivingLink = Exclude<PeerLink, LinkGivenUp>;

function changed(link: LivingLink, change: 'negotiated' | 'up' | 'down' | 'broken', now: number): PeerLink {
  switch (change) {
    case 'negotiated':
      return link.state === 'negotiating' && !link.described ? { ...link, described: true, since: now } : link;
    case 'up':
      return link.state === 'up' ? link : { ...factsOf(link), state: 'up', since: now };
    case 'down':
      return down(link, now);
    case 'broken':
      return renumbered(link, link.number + 1, now);
  }
}

const down = (link: LivingLink, now: number): LivingLink =>
  link.state === 'up' ? { ...link, state: 'down', since: now } : link;

/** Another peer connection takes this number; the old one is down in any case. */
function renumbered(link: LivingLink, number: number, now: number): PeerLink {
  return number > MAX_LINK ? givenUp(link, 'connection-lost') : { ...down(link, now), number };
}

function timedOut(link: LivingLink, now: number): PeerLink {
  const due = linkDeadline(link);
  if (due === null || now < due) return link;
  if (link.state === 'negotiating') return givenUp(link, 'ice-failed');
  return givenUp(link, link.peerAbsent ? 'peer-lost' : 'connection-lost');
}

const givenUp = (link: LivingLink, reason: HangupReason): LinkGivenUp => ({
  ...factsOf(link),
  state: 'given-up',
  reason,
});

const factsOf = ({ role, number, peerAbsent, returns, media }: PeerLink): LinkFacts => ({
  role,
  number,
  peerAbsent,
  returns,
  media,
});

/** When the page must give the link `time`, on its own clock, or null: a function of the state alone. */
export function linkDeadline(link: PeerLink): number | null {
  switch (link.state) {
    case 'negotiating':
      return link.since + (link.described ? LINK_DOWN_MS : WAITING_FOR_ANSWER_MS);
    case 'down':
      return link.since + LINK_DOWN_MS;
    case 'up':
    case 'given-up':
      return null;
  }
}

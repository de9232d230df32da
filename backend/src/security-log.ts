import type { Logger } from './log.ts';

/** What an event is, for SECURITY.md; `done`: whether it is noted where it went well, too. */
type About = { readonly about: string; readonly done: boolean };

/** Every security event there is, by the name in its line. The table of SECURITY.md is made of it. */
export const EVENTS = {
  'sign-up': { done: true, about: 'an account was made, or a code for one was wrong' },
  'sign-in': { done: true, about: 'a device signed in; wrong name or password, a disabled account, or a lock-out' },
  'sign-out': { done: true, about: 'a device signed itself out' },
  refresh: { done: false, about: 'a refresh token was refused; `reused`: one that was superseded came again' },
  token: { done: false, about: 'an access token was refused: `invalid`, or of a `removed` device or disabled account' },
  socket: { done: false, about: 'a signaling socket was closed: `unauthorized`, `malformed` or `tooFast`' },
  origin: { done: false, about: 'a request or an upgrade by an unknown Host, or from a page of another origin' },
  denied: { done: false, about: 'somebody who is signed in asked for what only an admin may' },
  budget: { done: false, about: 'a budget was used up; the outcome is its name' },
  'password-change': { done: true, about: 'somebody changed their password, or gave a wrong one for it' },
  'account-deletion': { done: true, about: 'somebody deleted their account, or gave a wrong password for it' },
  'device-removal': { done: true, about: 'somebody signed out one of their devices, or all others' },
  'reset-code': { done: false, about: 'the code of a password reset was wrong, used or over' },
  'password-reset': { done: true, about: 'a new password was set by a reset link' },
  'set-up-code': { done: false, about: 'the code of the set-up link was wrong or used' },
  'set-up': { done: true, about: 'somebody became the admin by the set-up link' },
  'invitation-code': { done: false, about: 'the code of an invitation was wrong, used or over' },
  invitation: { done: true, about: 'an invitation was made or revoked' },
  'guest-link': { done: true, about: 'a guest asked to join a call by a link, or the link was wrong, used or over' },
  'decline-token': { done: false, about: 'a token for declining a pushed call was wrong or used' },
  admin: { done: true, about: 'an admin, or `terminal`, did `action` to the account `on`' },
  unlogged: { done: true, about: '`count` events of the minute before had no line: there were too many' },
} as const satisfies Record<string, About>;

export type EventName = keyof typeof EVENTS;

export type SecurityEvent = {
  event: Exclude<EventName, 'unlogged'>;
  /** `done`, or why not. */
  outcome: string;
  /** The id of the account, where it is known, or `terminal`. Never a name that was typed: it may be a password in the wrong field. */
  who?: string | undefined;
  /** The other account that it concerns. */
  on?: string | undefined;
  action?: string;
  /** The client's own, behind trusted proxies too. */
  address?: string;
};

export type SecurityLog = { note(event: SecurityEvent): void };

const MINUTE_MS = 60_000;
/** Lines of one kind, account and address in a minute, and lines of all: whoever guesses must not fill the disk. */
const OF_ONE = 20;
const OF_ALL = 1_000;

/**
 * Writes one line an event: `info` where it went well, `warn` where it was refused. What is over the limits is counted, and the
 * count is in a line before the first event of a later minute.
 * @param now in ms
 */
export function createSecurityLog(log: Logger, now: () => number = Date.now): SecurityLog {
  let began = -Infinity;
  let lines = 0;
  let unlogged = 0;
  const ofOne = new Map<string, number>();
  return {
    note(event) {
      if (event.outcome === 'done' && !EVENTS[event.event].done) return;
      if (now() - began >= MINUTE_MS) {
        if (unlogged > 0) log.warn({ event: 'unlogged' satisfies EventName, count: unlogged }, 'security');
        [began, lines, unlogged] = [now(), 0, 0];
        ofOne.clear();
      }
      const key = [event.event, event.outcome, event.who, event.address].join(' ');
      const before = ofOne.get(key) ?? 0;
      if (before >= OF_ONE || lines >= OF_ALL) {
        unlogged += 1;
        return;
      }
      ofOne.set(key, before + 1);
      lines += 1;
      log[event.outcome === 'done' ? 'info' : 'warn'](event, 'security');
    },
  };
}

/** The table of SECURITY.md, one row an event. */
export const eventTable = (): string =>
  [
    '| event | when | also where it went well |',
    '| --- | --- | --- |',
    ...Object.entries(EVENTS).map(([name, { about, done }]) => `| \`${name}\` | ${about} | ${done ? 'yes' : ''} |`),
  ].join('\n');

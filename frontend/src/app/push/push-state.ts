/**
 * ```
 *             turn on              the browser's push service answers
 *   off ─────────────► turning-on ───────────────────────────────────► on ── turn off ──► off
 *                          └──► denied · silent · refused · failed
 * ```
 * Whether this device is told while the app is closed, and if not, why: `needs-install` on an iPhone in the browser,
 * `untrusted` where there is no service worker, `silent` where the browser's push service did not answer, `refused` where the
 * server asks no such service, `failed` where the server was not to be had.
 */
export type PushState =
  | 'unsupported'
  | 'needs-install'
  | 'untrusted'
  | 'denied'
  | 'off'
  | 'turning-on'
  | 'silent'
  | 'refused'
  | 'failed'
  | 'on';

/** What this browser can do, as far as can be seen without asking anybody. */
export interface Abilities {
  readonly push: boolean;
  readonly worker: boolean;
  readonly permission: NotificationPermission | undefined;
  readonly userAgent: string;
  readonly touchPoints: number;
  readonly installed: boolean;
}

/** iPadOS calls itself a Macintosh, which has no touch screen. */
const isApplePhone = ({ userAgent, touchPoints }: Abilities): boolean =>
  /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes('Macintosh') && touchPoints > 1);

/** The state before anything was asked; `subscribed` says whether the browser holds a subscription. */
export function stateOf(abilities: Abilities, subscribed: boolean): PushState {
  if (!abilities.push || abilities.permission === undefined)
    return isApplePhone(abilities) && !abilities.installed ? 'needs-install' : 'unsupported';
  if (!abilities.worker) return 'untrusted';
  if (abilities.permission === 'denied') return 'denied';
  return subscribed && abilities.permission === 'granted' ? 'on' : 'off';
}

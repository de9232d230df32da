import type { Me } from '#protocol/api/account';

/**
 * ```
 *            no identity                     entered
 *  unknown ───────────────► signed-out ───────────────► signed-in
 *     │                        ▲    ▲    refused, left       │
 *     │ identity               │    └────────────────────────┤
 *     ▼         refused, left  │                             │ nothing ever leads back: no answer is no sign-out
 *  offline-known ──────────────┘                             │
 *     └───────────────── renewed ────────────────────────────┘
 * ```
 */
export type AccountState =
  | { readonly is: 'unknown' }
  | { readonly is: 'signed-out' }
  /** The last user of this profile, whose token could not be renewed yet: the app opens with what is on the device. */
  | { readonly is: 'offline-known'; readonly me: Me }
  | { readonly is: 'signed-in'; readonly me: Me };

export type AccountEvent =
  | { readonly type: 'loaded'; readonly me: Me | undefined }
  | { readonly type: 'entered'; readonly me: Me }
  | { readonly type: 'renewed' }
  /** A 401 from refresh, and nothing else. */
  | { readonly type: 'refused' }
  | { readonly type: 'left' }
  | { readonly type: 'changed'; readonly me: Me };

export const UNKNOWN: AccountState = { is: 'unknown' };

/** Total: an event that makes no sense in a state changes nothing. */
export function nextAccount(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'loaded':
      if (state.is !== 'unknown') return state;
      return event.me ? { is: 'offline-known', me: event.me } : { is: 'signed-out' };
    case 'entered':
      return { is: 'signed-in', me: event.me };
    case 'renewed':
      return state.is === 'offline-known' ? { is: 'signed-in', me: state.me } : state;
    case 'refused':
    case 'left':
      return { is: 'signed-out' };
    case 'changed':
      return 'me' in state ? { is: state.is, me: event.me } : state;
  }
}

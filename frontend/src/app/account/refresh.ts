import { InjectionToken } from '@angular/core';
import { refreshed } from '#protocol/api/account';
import { call } from './fetch-json';
import type { Identity } from './identity';

/** What became of asking for a newer token: `refused` ends the signed-in state, `no-answer` never does. */
export type Renewal =
  { readonly token: string; readonly expiresInMs: number; readonly epoch?: string } | 'refused' | 'no-answer';

/** The cookie goes by itself; this sends the other half of the refresh token (PROTOCOL.md, Accounts and tokens). */
async function refresh({ deviceId, deviceSecret }: Identity): Promise<Renewal> {
  const answer = await call('POST', '/api/auth/refresh', { body: { deviceId, deviceSecret }, answer: refreshed });
  if (answer.ok) {
    const { accessToken: token, expiresInMs, epoch } = answer.value;
    return { token, expiresInMs, ...(epoch === undefined ? {} : { epoch }) };
  }
  // 429, 5xx and silence say nothing about who we are: only a 401 does.
  return answer.error.kind === 'problem' && answer.error.problem.status === 401 ? 'refused' : 'no-answer';
}

/** Asks the server for a newer token; a spec puts its own in its place. */
export const REFRESH = new InjectionToken<(who: Identity) => Promise<Renewal>>('refresh', {
  providedIn: 'root',
  factory: () => refresh,
});

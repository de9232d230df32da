import { parseCookie, stringifySetCookie } from 'cookie';
import { secret } from '#protocol/api/account';
import { IDLE_MS } from './refresh.ts';

/** Cookies ignore ports, so the name carries the installation: another one on this host has a cookie of its own. */
export const refreshCookieName = (installation: string): string => `__Host-parley-${installation}`;

/** The refresh token in a `Cookie` header, if one of the right shape is there. */
export function readRefreshCookie(installation: string, header: string | undefined): string | undefined {
  const value = header === undefined ? undefined : parseCookie(header)[refreshCookieName(installation)];
  return value !== undefined && secret.safeParse(value).success ? value : undefined;
}

// `__Host-` (RFC 6265bis, 4.1.3.2): Secure, Path=/ and no Domain, or the browser refuses it.
const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** The `Set-Cookie` value that hands out a refresh token. */
export const refreshCookie = (installation: string, token: string): string =>
  stringifySetCookie({ name: refreshCookieName(installation), value: token, maxAge: IDLE_MS / 1000, ...attributes });

/** The `Set-Cookie` value that takes it back. */
export const noRefreshCookie = (installation: string): string =>
  stringifySetCookie({ name: refreshCookieName(installation), value: '', maxAge: 0, ...attributes });

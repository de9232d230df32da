import { remember, remembered } from '../device/remembered';
import { parseUrl } from './parse-url';

/** No installation has that many, and no line has room for more. */
const MOST_KEPT = 16;
const MOST_SHOWN = 4;

/** Only the device itself is there. */
const HERE = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Keeps what the server says of its origins, for a day on which this one is dead. */
export const rememberOrigins = (origins: readonly string[]): void =>
  remember('parley.origins', JSON.stringify(origins.slice(0, MOST_KEPT)));

/** @returns what was kept, whatever it is */
export const rememberedOrigins = (): string | null => remembered('parley.origins');

/**
 * Where else the same server may be reached.
 * @param kept of `rememberedOrigins`
 * @param here the origin of this page
 * @returns https origins, best first
 */
export function otherOrigins(kept: string | null, here: string): string[] {
  // On the server's own machine there is no better address than this one.
  if (!here.startsWith('https:')) return [];
  const origins = parse(kept).flatMap(text => parseUrl(text) ?? []);
  const others = origins.filter(({ protocol, hostname, origin }) => {
    return protocol === 'https:' && !HERE.test(hostname) && origin !== here;
  });
  return [...new Set(others.map(({ origin }) => origin))].slice(0, MOST_SHOWN);
}

function parse(kept: string | null): string[] {
  try {
    const value: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

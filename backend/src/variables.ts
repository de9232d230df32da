import { BlockList, isIP } from 'node:net';
import { err, ok, type Result } from '#protocol/result';

/** Readers of environment variables: text in, a value or "must be …" out. */
type Reader<T> = (text: string) => Result<T, string>;

export const text =
  (longest: number): Reader<string> =>
  value =>
    value.length <= longest && !/\p{Cc}/u.test(value) ? ok(value) : err(`plain text of at most ${longest} characters`);

export const optional =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  value =>
    value === '' ? ok(undefined) : reader(value);

export const list =
  <T>(reader: Reader<T>): Reader<readonly T[]> =>
  value => {
    const items: T[] = [];
    for (const part of value.split(',').map(item => item.trim())) {
      if (part === '') continue;
      const item = reader(part);
      if (!item.ok) return err(`a list by commas, each ${item.error}`);
      items.push(item.value);
    }
    return ok(items);
  };

export const oneOf =
  <T extends string>(...allowed: T[]): Reader<T> =>
  value => {
    const found = allowed.find(item => item === value);
    return found === undefined
      ? err(allowed.length === 1 ? `"${allowed[0]}"` : `one of ${allowed.join(', ')}`)
      : ok(found);
  };

export const whole =
  (least: number, most: number): Reader<number> =>
  value =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? ok(Number(value))
      : err(`a whole number from ${least} to ${most}`);

export const port: Reader<number> = whole(0, 65_535);

export const portOrOff: Reader<number | 'off'> = value => {
  if (value === 'off') return ok(value);
  const number = port(value);
  return number.ok ? number : err('a port or off');
};

export const address: Reader<string> = value => (isIP(value) === 0 ? err('an IP address') : ok(value));

const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A name or an address, without a port. */
export const host: Reader<string> = value => {
  const name = value.toLowerCase();
  return HOSTNAME.test(name) || isIP(name) !== 0 ? ok(name) : err('a host name or an IP address');
};

/** An https origin (RFC 6454), as a browser writes it. */
export const origin: Reader<string> = value => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === 'https:' && url.origin === value.replace(/\/$/, '').toLowerCase()
    ? ok(url.origin)
    : err('an origin such as https://parley.example, without a path');
};

/** A Redis, by TCP or TLS. */
export const redis: Reader<string> = value =>
  /^rediss?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')
    ? ok(value)
    : err('a redis:// or rediss:// URL');

const PUSH_NAME = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/;

/** A push service: a name (`*.` before it for all below), with its port where that is not 443; or an address one may have. */
export const pushHost: Reader<string> = value => {
  const entry = value.toLowerCase();
  return isIP(entry) !== 0 || PUSH_NAME.test(entry)
    ? ok(entry)
    : err('a name, *.name, name:port, or a private IP address that a named service may have');
};

/** Names that end on somebody's own network. */
const LOCAL = /(^|\.)(localhost|local|lan|internal|home\.arpa|test|invalid|example)$/;

/** Whether an origin is of a name that the whole internet knows. */
export function isPublicDomain(from: string | undefined): boolean {
  if (from === undefined) return false;
  const name = new URL(from).hostname;
  return name.includes('.') && isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0 && !LOCAL.test(name);
}

/** A `sub` of VAPID (RFC 8292, 2.1): how a push service reaches who runs this. Some refuse names of a LAN. */
export const contact: Reader<string> = value => {
  const [, domain] = /^mailto:[^\s@]+@([^\s@]+)$/.exec(value) ?? [];
  const url = domain === undefined ? value : `https://${domain}`;
  return /^https:\/\//.test(url) && URL.canParse(url) && isPublicDomain(url)
    ? ok(value)
    : err('an address the internet knows, such as mailto:you@example.org or https://example.org');
};

/** An address or a network in CIDR notation, as `BlockList` takes it. */
export const network: Reader<string> = value => {
  const [, base = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(base)] ?? -1;
  return Number(bits) <= most ? ok(value) : err('an IP address or a network such as 10.0.0.0/8');
};

/** What `TRUSTED_PROXIES` names, ready to be asked. */
export function networks(entries: readonly string[]): BlockList {
  const known = new BlockList();
  for (const entry of entries) {
    const [base = '', bits] = entry.split('/');
    const family = isIP(base) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) known.addAddress(base, family);
    else known.addSubnet(base, Number(bits), family);
  }
  return known;
}

export type Endpoint = { readonly address: string; readonly port: number };

/** `127.0.0.1:9464` or `[::1]:9464`; a bare number is a port on loopback. */
export const endpoint: Reader<Endpoint> = value => {
  const parts = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(value);
  const where = parts?.[1] ?? parts?.[2] ?? '127.0.0.1';
  const number = Number(parts?.[3]);
  return parts !== null && isIP(where) !== 0 && number <= 65_535
    ? ok({ address: where, port: number })
    : err('an address with a port, such as 127.0.0.1:9464');
};

/** RFC 7064 (`stun:`) and RFC 7065 (`turn:`) addresses. */
export const iceUrl =
  (scheme: 'stun' | 'turn'): Reader<string> =>
  value =>
    new RegExp(`^${scheme}s?:[^\\s/@?#]+(\\?transport=(udp|tcp))?$`).test(value)
      ? ok(value)
      : err(`an address such as ${scheme}:${scheme}.example:3478`);

const MONGODB = /^mongodb(\+srv)?:\/\/\S+$/;

/** `sqlite`, or a connection string of MongoDB. It may hold a password, so what is wrong is said without it. */
export const store: Reader<string> = value =>
  value === 'sqlite' || (value.length <= 2_048 && MONGODB.test(value))
    ? ok(value)
    : err('sqlite or an address such as mongodb://user:password@host/parley');

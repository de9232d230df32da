import { isIP } from 'node:net';

/** What a connection string says about where and how, and nothing of who. */
export type MongoPlace = { hosts: string[]; hasUser: boolean; tls: boolean; database: string | undefined };

const FORM =
  /^mongodb(?<srv>\+srv)?:\/\/(?:(?<user>[^/?#@]*)@)?(?<hosts>[^/?#@]+)(?:\/(?<database>[^?#]*))?(?:\?(?<options>[^#]*))?$/;

/** Decided here and by nobody else: an acknowledged message must be on disk, and a read must be what stays. */
const OURS = ['w', 'journal', 'j', 'fsync', 'wtimeoutms', 'readconcernlevel', 'readpreference', 'readpreferencetags'];

const isOurs = (option: string): boolean => OURS.includes(option.split('=')[0]?.toLowerCase() ?? '');

/** @returns null where it is no connection string of MongoDB (mongodb.com/docs/manual/reference/connection-string) */
export function readPlace(url: string): MongoPlace | null {
  const parts = FORM.exec(url)?.groups;
  if (!parts) return null;
  const options = (parts['options'] ?? '').toLowerCase().split('&');
  const said = options.findLast(option => /^(tls|ssl)=/.test(option));
  return {
    hosts: (parts['hosts'] ?? '').split(','),
    hasUser: (parts['user'] ?? '') !== '' || options.includes('authmechanism=mongodb-x509'),
    tls: said === undefined ? parts['srv'] !== undefined : said.endsWith('=true'),
    database: parts['database'] || undefined,
  };
}

/** The same connection string without what decides about durability: an option in it would beat one in code. */
export function withoutConcerns(url: string): string {
  const [place = '', options = ''] = url.split('?');
  const kept = options.split('&').filter(option => option !== '' && !isOurs(option));
  return kept.length === 0 ? place : `${place}?${kept.join('&')}`;
}

/** What is not as it should be (security.md, "Operations"), a sentence each; without anything of the string but its hosts. */
export function concernsAbout({ hosts, hasUser, tls }: MongoPlace): string[] {
  const away = hosts.filter(host => !isThisMachine(host));
  const warnings: string[] = [];
  if (!hasUser) warnings.push('STORE names no user: whoever reaches MongoDB can read and change everything.');
  if (away.length > 0 && !tls) {
    warnings.push(`STORE leads to ${away.join(', ')} without TLS: who is on the way can read it. Add tls=true.`);
  }
  return warnings;
}

function isThisMachine(host: string): boolean {
  if (host.startsWith('%2F') || host.startsWith('%2f')) return true; // A Unix socket.
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

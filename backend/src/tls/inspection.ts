import { join, resolve } from 'node:path';
import { readPrivateFile } from '../secrets/private-file.ts';
import { publicPartOf, type Certificates, type PublicRoot } from './certificates.ts';
import { faultOfLeaf, readLeaf } from './leaf.ts';
import { describeLeftOut } from './leaf-names.ts';
import type { Permitted } from './name-constraints.ts';
import { openRoot, type RootOptions } from './root-file.ts';
import { day } from './x509.ts';

/** What is in the folder of the certificates, without a change to it. */
export type Inspection = {
  readonly directory: string;
  readonly root: PublicRoot & { readonly name: string; readonly permitted: Permitted } & Validity;
  /** The server's certificate; `fault` is why it is not served, as the end of a sentence. */
  readonly leaf: ({ readonly names: readonly string[]; readonly fault: string | undefined } & Validity) | undefined;
};

/** ms since 1970. */
type Validity = { readonly from: number; readonly until: number };

/**
 * @returns undefined where there is no root yet
 * @throws CertificateError where it is not ours, has run out or is cut short
 * @throws FileError
 */
export async function inspect(options: RootOptions): Promise<Inspection | undefined> {
  const { directory, now } = options;
  if ((await readPrivateFile(join(directory, 'root.pem'))) === undefined) return undefined;
  const root = await openRoot(options, false);
  const text = await readPrivateFile(join(directory, 'server.pem'));
  const leaf = text === undefined ? undefined : readLeaf(text);
  return {
    directory,
    root: {
      ...publicPartOf(root),
      name: root.certificate.subjectName.getField('CN')[0] ?? '',
      permitted: root.permitted,
      ...validityOf(root.certificate),
    },
    leaf: leaf && {
      names: [...leaf.names.dns, ...leaf.names.ip],
      fault: await faultOfLeaf(leaf, root, now),
      ...validityOf(leaf.certificate),
    },
  };
}

const validityOf = ({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }): Validity => ({
  from: notBefore.getTime(),
  until: notAfter.getTime(),
});

/** What `npm run certs` shows, in lines. `now` in ms. */
export function describeInspection({ directory, root, leaf }: Inspection, now: number): string[] {
  const file = (name: string) => resolve(directory, name);
  const served = leaf
    ? [
        'Certificate of the server',
        `  names        ${leaf.names.join(', ')}`,
        `  valid        ${dates(leaf, now)}`,
        `  file         ${file('server.pem')} (with its key)`,
        ...(leaf.fault === undefined ? [] : [`  It is not served: ${leaf.fault}. The server makes a new one.`]),
      ]
    : ['The server has no certificate, and makes one.'];
  return [
    'Root of this installation, which phones and browsers are asked to trust',
    `  name         ${root.name}`,
    `  SHA-256      ${root.fingerprint}`,
    `  valid        ${dates(root, now)}`,
    `  vouches for  ${[...root.permitted.dns, ...root.permitted.ip].join(', ')}`,
    `  found as     ${root.localName}`,
    `  file         ${file('root.crt')}; its key is in ${file('root.pem')}`,
    ...served,
  ];
}

/** The same of a certificate that somebody else issued. `path`: TLS_CERT. */
export const describeOwn = ({ names, expires }: Certificates, path: string, now: number): string[] => [
  'Certificate of the server, by TLS_CERT',
  `  names        ${names.join(', ')}`,
  `  valid        until ${dateOf(expires)}, ${daysLeft(expires, now)}`,
  `  file         ${resolve(path)}`,
];

/** What became of a renewal, in lines. */
export function describeRenewal({ names, expires, leftOut }: Certificates): string[] {
  const without = describeLeftOut(leftOut);
  return [
    `A new certificate until ${dateOf(expires)} for ${names.join(', ')}.`,
    ...(without === undefined ? [] : [without]),
  ];
}

const dates = ({ from, until }: Validity, now: number): string =>
  `${dateOf(from)} to ${dateOf(until)}, ${daysLeft(until, now)}`;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const daysLeft = (until: number, now: number): string =>
  now >= until ? 'run out' : `${Math.floor((until - now) / day)} days left`;

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { FileError, readPrivateFile, writePrivateFile } from '../secrets/private-file.ts';
import { CertificateError } from './certificate-error.ts';
import { faultOfLeaf, isSignedBy, issueLeaf, readLeaf, type Leaf } from './leaf.ts';
import { chooseNames, type LeafNames, type LeftOut, type NetworkAddress } from './leaf-names.ts';
import { renewalReason, type LeafOnDisk, type RenewalReason } from './renewal.ts';
import { openRoot, type RootOptions } from './root-file.ts';
import { clockError, mdnsName, type Root } from './root.ts';

/** What a server needs to speak TLS, and what there is to say about it. */
export interface Certificates {
  /** PEM, as `https.createServer` takes them. */
  readonly cert: string;
  readonly key: string;
  /** The names and addresses the certificate is for. */
  readonly names: readonly string[];
  /** What it does not name and why: one line of the log, by `describeLeftOut`. */
  readonly leftOut: readonly LeftOut[];
  /** The root to be trusted; undefined with one's own certificate. */
  readonly root?: PublicRoot;
  /** Why the certificate was issued anew just now. */
  readonly issued?: RenewalReason;
  /** Why it ought to have been and was not: the older one is served on. A warning for the log. */
  readonly kept?: string;
  /** End of its validity, ms since 1970. */
  readonly expires: number;
}

/** What everybody may know of the root: its certificate, in the two encodings phones take, and its names. */
export interface PublicRoot {
  readonly pem: string;
  readonly der: Buffer;
  /** SHA-256 of its key (SubjectPublicKeyInfo) in hex: who it is, for programs. */
  readonly hash: string;
  /** SHA-256 of its certificate as `AB:CD:…`: what a phone shows and a person compares. */
  readonly fingerprint: string;
  /** `parley-….local` */
  readonly localName: string;
}

export interface CertificateOptions extends RootOptions {
  /** Of `readAddresses()`. */
  readonly addresses: readonly NetworkAddress[];
  /** Whether a missing root is made; unless told otherwise it is. */
  readonly mayMakeRoot?: boolean;
  /** Issues a leaf although the one on disk still serves. */
  readonly renew?: boolean;
  /** Specs put a faulty issuer in its place. */
  readonly issue?: typeof issueLeaf;
}

/**
 * Opens the certificates of this installation: makes the root at the first start, and a leaf whenever the one on disk no longer
 * serves. A leaf is checked against the root before it replaces another.
 * @throws CertificateError with a sentence that says what to do
 * @throws FileError where the folder cannot be read or written
 */
export async function openCertificates(options: CertificateOptions): Promise<Certificates> {
  const { hostName, addresses, hosts, now } = options;
  const root = await openRoot(options, options.mayMakeRoot ?? true);
  const single = hostName.includes('.') ? [] : [`${hostName}.local`];
  const hostNames = [hostName, ...single, mdnsName(root.hash)];
  const { names, leftOut } = chooseNames({ hostNames, addresses, hosts }, root.permitted);
  const text = await readPrivateFile(join(options.directory, 'server.pem'));
  const old = text === undefined ? undefined : readLeaf(text);
  const usable = old && (await faultOfLeaf(old, root, now)) === undefined ? old : undefined;
  const needed = renewalReason(await stateOf(text, old, root), names, now);
  const reason = needed ?? (options.renew ? 'asked-for' : undefined);
  if (usable && reason === undefined) return { ...served(usable, root), leftOut };

  const fresh = await replaceLeaf(options, root, names);
  if (!(fresh instanceof Error)) return { ...served(fresh, root), leftOut, issued: reason ?? 'foreign' };
  if (usable === undefined) throw fresh;
  return { ...served(usable, root), leftOut, kept: `${fresh.message} The older certificate is served on.` };
}

/** Issues a leaf, checks it, and only then lets it take the older one's place. */
async function replaceLeaf(
  { directory, now, notBefore, issue = issueLeaf }: CertificateOptions,
  root: Root,
  names: LeafNames,
): Promise<Leaf | CertificateError | FileError> {
  if (now < notBefore) return clockError(now, 'Parley was built');
  const text = await issue(root, names, now);
  const leaf = readLeaf(text);
  const fault = leaf ? await faultOfLeaf(leaf, root, now) : 'it cannot be read';
  if (!leaf || fault !== undefined) {
    return new CertificateError('unverifiable', `The new certificate does not pass its check: ${fault}.`);
  }
  try {
    await writePrivateFile(join(directory, 'server.pem'), text);
    return leaf;
  } catch (error) {
    if (error instanceof FileError) return error;
    throw error;
  }
}

async function stateOf(text: string | undefined, leaf: Leaf | undefined, root: Root): Promise<LeafOnDisk> {
  if (text === undefined) return { state: 'missing' };
  if (leaf === undefined) return { state: 'half-written' };
  return {
    state: 'whole',
    notBefore: leaf.certificate.notBefore.getTime(),
    notAfter: leaf.certificate.notAfter.getTime(),
    names: leaf.names,
    isSignedByRoot: await isSignedBy(leaf, root),
  };
}

function served(leaf: Leaf, root: Root): Omit<Certificates, 'leftOut'> {
  return {
    cert: `${leaf.certificate.toString('pem')}\n`,
    key: leaf.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    names: [...leaf.names.dns, ...leaf.names.ip],
    root: publicPartOf(root),
    expires: leaf.certificate.notAfter.getTime(),
  };
}

export function publicPartOf({ certificate, hash }: Root): PublicRoot {
  const der = Buffer.from(certificate.rawData);
  const { fingerprint256 } = new X509Certificate(der);
  const pem = `${certificate.toString('pem')}\n`;
  return { pem, der, hash, fingerprint: fingerprint256, localName: mdnsName(hash) };
}

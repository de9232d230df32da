import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { CertificateError } from './certificate-error.ts';
import { canonicalHost } from './host-name.ts';
import { constraintsExtension, permittedBy, type Permitted } from './name-constraints.ts';
import { atSecond, day, ecdsa, generateKeys, privateKeyPem, serialNumber, x509 } from './x509.ts';

const years = 3650 * day;

/** The authority of this installation, which phones are asked to trust. */
export interface Root {
  readonly certificate: InstanceType<typeof x509.X509Certificate>;
  readonly signingKey: webcrypto.CryptoKey;
  readonly permitted: Permitted;
  /** SHA-256 of its public key (SubjectPublicKeyInfo) in hex: the root's name wherever it is shown or compared. */
  readonly hash: string;
}

/**
 * Makes a root: P-256, ten years, no authority below it, and critical name constraints (RFC 5280, 4.2.1.9 and 4.2.1.10).
 * @param hostName this machine's, so that somebody with two installations can tell their roots apart
 * @param now in ms
 * @returns its key and certificate in one PEM text, as `readRoot` takes it
 */
export async function createRoot(hostName: string, permitted: Permitted, now: number): Promise<string> {
  const keys = await generateKeys();
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`Parley on ${canonicalHost(hostName)?.value ?? 'this machine'}`] }, { O: ['Parley'] }],
    notBefore: atSecond(now - day),
    notAfter: atSecond(now - day + years),
    signingAlgorithm: ecdsa,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      constraintsExtension(permitted),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${await privateKeyPem(keys.privateKey)}${certificate.toString('pem')}\n`;
}

/**
 * @param text the root's file
 * @param path the file's, for the sentence of an error
 * @param now in ms
 * @throws CertificateError `half-written`, `foreign-root`, `root-expired`, `clock`
 */
export async function readRoot(text: string, path: string, now: number): Promise<Root> {
  const { key, certificate } = parsePair(text, path);
  const platform = new X509Certificate(Buffer.from(certificate.rawData));
  const permitted = permittedBy(certificate);
  const constraints = certificate.getExtension(x509.BasicConstraintsExtension);
  const isOurs = platform.checkPrivateKey(key) && platform.verify(platform.publicKey) && platform.ca;
  if (!isOurs || permitted === undefined || constraints?.pathLength !== 0) {
    throw new CertificateError('foreign-root', `${path} is not the root of this installation. ${restoreIt}`);
  }
  checkDates(certificate, path, now);
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, ecdsa, false, ['sign']);
  return { certificate, signingKey, permitted, hash: keyHash(platform) };
}

const restoreIt =
  'Restore it from a backup, or make a new one with "npm run certs -- new-root", which every phone must trust anew.';

function parsePair(text: string, path: string) {
  try {
    const key = createPrivateKey(text);
    return { key, certificate: new x509.X509Certificate(new X509Certificate(text).raw) };
  } catch (cause) {
    throw new CertificateError('half-written', `${path} is incomplete. ${restoreIt}`, { cause });
  }
}

function checkDates(certificate: Root['certificate'], path: string, now: number): void {
  if (now < certificate.notBefore.getTime()) throw clockError(now, `the root in ${path} was made`);
  if (now < certificate.notAfter.getTime()) return;
  const message = `The root in ${path} has run out. Make a new one with "npm run certs -- new-root": every phone must trust the new one.`;
  throw new CertificateError('root-expired', message);
}

/** @param event what the clock is earlier than, as the end of a sentence */
export function clockError(now: number, event: string): CertificateError {
  const date = new Date(now).toISOString().slice(0, 10);
  return new CertificateError(
    'clock',
    `This machine's clock says ${date}, but ${event} later: set the clock, then start again.`,
  );
}

/** @returns SHA-256 of the public key (SubjectPublicKeyInfo) in hex */
const keyHash = (certificate: X509Certificate): string =>
  createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/**
 * The name under which this installation is found by mDNS.
 * @param rootHash of the root's key, in hex
 * @returns `parley-….local` with four letters a–z that stay as long as the root
 */
export function mdnsName(rootHash: string): string {
  const letters = [...Buffer.from(rootHash, 'hex').subarray(0, 4)].map(byte => String.fromCharCode(97 + (byte % 26)));
  return `parley-${letters.join('')}.local`;
}

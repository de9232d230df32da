import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { canonicalHost } from './host-name.ts';
import type { LeafNames } from './leaf-names.ts';
import { isPermitted } from './name-constraints.ts';
import type { Root } from './root.ts';
import { atSecond, day, ecdsa, generateKeys, privateKeyPem, serialNumber, x509 } from './x509.ts';

/** The longest life a browser grants a server's certificate, with a day to spare (CA/Browser Forum, 6.3.2). */
const life = 397 * day;

/** A server's certificate with its key. */
export interface Leaf {
  readonly certificate: InstanceType<typeof x509.X509Certificate>;
  readonly key: KeyObject;
  readonly names: LeafNames;
}

/**
 * Issues a certificate for a server, valid from yesterday on: the phones' clocks may be a little behind.
 * @param now in ms
 * @returns key and certificate in one PEM text, as `readLeaf` takes it
 */
export async function issueLeaf(root: Root, names: LeafNames, now: number): Promise<string> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: ['Parley'] }],
    issuer: root.certificate.subjectName,
    notBefore: atSecond(now - day),
    notAfter: atSecond(Math.min(now - day + life, root.certificate.notAfter.getTime())),
    signingKey: root.signingKey,
    publicKey: keys.publicKey,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.dns.map(value => ({ type: 'dns' as const, value })),
        ...names.ip.map(value => ({ type: 'ip' as const, value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.certificate),
    ],
  });
  return `${await privateKeyPem(keys.privateKey)}${certificate.toString('pem')}\n`;
}

/** @returns undefined where the text is no whole key with a whole certificate of that key */
export function readLeaf(text: string): Leaf | undefined {
  try {
    const key = createPrivateKey(text);
    const platform = new X509Certificate(text);
    const certificate = new x509.X509Certificate(platform.raw);
    return platform.checkPrivateKey(key) ? { certificate, key, names: namesIn(certificate) } : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the names and addresses a certificate is for; other kinds of names become ones that nothing permits */
export function namesIn(certificate: Leaf['certificate']): LeafNames {
  const items = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  const ip = items.filter(item => item.type === 'ip').map(item => canonicalHost(item.value)?.value ?? item.value);
  const dns = items
    .filter(item => item.type !== 'ip')
    .map(item => (item.type === 'dns' ? item.value : `${item.type}:${item.value}`));
  return { dns, ip };
}

/**
 * Checks a leaf as a browser will: a leaf that fails is not served.
 * @param now in ms
 * @returns what is wrong with it as the end of a sentence, undefined where it is good
 */
export async function faultOfLeaf(leaf: Leaf, root: Root, now: number): Promise<string | undefined> {
  const { certificate, names } = leaf;
  if (!(await isSignedBy(leaf, root))) return 'it is not signed by the root';
  if (now < certificate.notBefore.getTime() || now >= certificate.notAfter.getTime()) return 'its time is not now';
  const hosts = [...names.dns, ...names.ip];
  if (hosts.length === 0) return 'it names nothing';
  const outside = hosts.find(host => !isPermitted(root.permitted, host));
  if (outside !== undefined) return `its root may not vouch for ${outside}`;
  const usage = certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? [];
  return usage.includes(x509.ExtendedKeyUsage.serverAuth) ? undefined : 'it is not for servers';
}

/** @returns whether the root's key signed the leaf, whatever the names say */
export async function isSignedBy(leaf: Leaf, root: Root): Promise<boolean> {
  const { certificate } = leaf;
  if (certificate.issuer !== root.certificate.subject) return false;
  return certificate.verify({ publicKey: root.certificate.publicKey, signatureOnly: true });
}

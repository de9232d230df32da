import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { CertificateError } from './certificate-error.ts';
import type { Certificates } from './certificates.ts';
import { namesIn } from './leaf.ts';
import { x509 } from './x509.ts';

/**
 * Opens a certificate that somebody else issued (TLS_CERT, TLS_KEY).
 * @param paths `cert`: PEM with the server's certificate first and its chain behind; `key`: its private key in PEM
 * @param now in ms
 * @throws CertificateError `own-unreadable`, `own-mismatch`, `own-expired`, `own-refused`
 */
export async function openOwnCertificate(
  paths: { readonly cert: string; readonly key: string },
  now: number,
): Promise<Certificates> {
  const cert = await readText('TLS_CERT', paths.cert);
  const key = await readText('TLS_KEY', paths.key);
  const certificate = parse('TLS_CERT', paths.cert, () => new X509Certificate(cert));
  const privateKey = parse('TLS_KEY', paths.key, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    const message = `TLS_KEY (${paths.key}) is not the key of the first certificate in TLS_CERT (${paths.cert}).`;
    throw new CertificateError('own-mismatch', message);
  }
  const { dns, ip } = namesIn(new x509.X509Certificate(certificate.raw));
  const expires = certificate.validToDate.getTime();
  if (now >= expires) {
    const date = certificate.validToDate.toISOString().slice(0, 10);
    throw new CertificateError(
      'own-expired',
      `The certificate in TLS_CERT (${paths.cert}) ran out on ${date}: renew it.`,
    );
  }
  expectServable(cert, key, paths.cert);
  return { cert, key, names: [...dns.map(name => name.toLowerCase()), ...ip], leftOut: [], expires };
}

/** What TLS itself has against it: a key that is too short, a chain that is cut. */
function expectServable(cert: string, key: string, path: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CertificateError('own-refused', `The certificate in TLS_CERT (${path}) cannot be served: ${why}.`, {
      cause,
    });
  }
}

async function readText(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CertificateError('own-unreadable', `${variable} names ${path}, which cannot be read.`, { cause });
  }
}

function parse<T>(variable: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CertificateError('own-unreadable', `${variable} (${path}) is not in PEM or not complete.`, { cause });
  }
}

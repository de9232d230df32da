import { OperatorFault } from '../operator-error.ts';

/**
 * Why no certificate can be served:
 * - `clock`: this machine's clock is earlier than Parley, or than the root
 * - `half-written`: the root's file has no whole key or no whole certificate
 * - `foreign-root`: the root's certificate is not of the key beside it, or is none of ours
 * - `root-expired`: ten years have passed
 * - `root-gone`: its file vanished while a server was running
 * - `unverifiable`: a fresh leaf does not pass the check and there is no older one to serve
 * - `own-unreadable`, `own-mismatch`, `own-expired`, `own-refused`: the files of TLS_CERT and TLS_KEY
 */
export type CertificateFault =
  | 'clock'
  | 'half-written'
  | 'foreign-root'
  | 'root-expired'
  | 'root-gone'
  | 'unverifiable'
  | 'own-unreadable'
  | 'own-mismatch'
  | 'own-expired'
  | 'own-refused';

/** The message is a sentence for the person at the terminal and says what to do. */
export class CertificateError extends OperatorFault<CertificateFault> {
  override readonly name = 'CertificateError';
}

import type { Certificates } from './certificates.ts';

/** The certificates served now; they change while the server runs. */
export type ServedCertificates = {
  current(): Certificates;
  /** Calls back after each change, until the answer is called. */
  onChange(listener: (now: Certificates) => void): () => void;
};

/** Certificates that stay as they are. */
export const unchanging = (certificates: Certificates): ServedCertificates => ({
  current: () => certificates,
  onChange: () => () => undefined,
});

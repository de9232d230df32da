import { CertificateError } from '../tls/certificate-error.ts';

/** Expects a rejection with this fault and a message that says so to a person. */
export async function expectFault(
  promise: Promise<unknown>,
  fault: CertificateError['fault'],
  sentence: RegExp,
): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CertificateError);
  if (!(error instanceof CertificateError)) return;
  expect(error.fault).toBe(fault);
  expect(error.message).toMatch(sentence);
}

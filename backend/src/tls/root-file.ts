import { join } from 'node:path';
import { readPrivateFile, writePrivateFile } from '../secrets/private-file.ts';
import { CertificateError } from './certificate-error.ts';
import { permittedFor } from './name-constraints.ts';
import { clockError, createRoot, readRoot, type Root } from './root.ts';

export interface RootOptions {
  /** Where root.pem, root.crt and server.pem are or will be. */
  readonly directory: string;
  /** `os.hostname()`. */
  readonly hostName: string;
  /** HOSTS: further names and addresses. */
  readonly hosts: readonly string[];
  /** ms since 1970. */
  readonly now: number;
  /** A moment that has certainly passed, ms since 1970: nothing is issued by a clock that is earlier. */
  readonly notBefore: number;
}

/**
 * @param mayMake whether a root is made where there is none; a server that runs already has one, so its file was lost
 * @throws CertificateError, FileError
 */
export async function openRoot(options: RootOptions, mayMake: boolean): Promise<Root> {
  const path = join(options.directory, 'root.pem');
  const text = await readPrivateFile(path);
  if (text !== undefined) return readRoot(text, path, options.now);
  if (mayMake) return makeRoot(options);
  const message = `${path} is gone: restore it from a backup. Without it the next start makes a new root, which every phone must trust anew.`;
  throw new CertificateError('root-gone', message);
}

/**
 * Makes a root and lets it take the place of an older one, which cannot be undone: devices that trusted the old one must trust this one.
 * @throws CertificateError `clock`
 * @throws FileError
 */
export async function makeRoot(options: RootOptions): Promise<Root> {
  const { directory, hostName, hosts, now, notBefore } = options;
  if (now < notBefore) throw clockError(now, 'Parley was built');
  const fresh = await createRoot(hostName, permittedFor(hostName, hosts), now);
  return putRoot(directory, fresh, now);
}

/**
 * Puts a root where it is looked for, in the place of any other.
 * @param text as `readRoot` takes it
 * @param now in ms
 * @throws CertificateError, FileError
 */
export async function putRoot(directory: string, text: string, now: number): Promise<Root> {
  const path = join(directory, 'root.pem');
  const root = await readRoot(text, path, now);
  // The key comes last: where the power fails in between there is either no root yet or still the older one.
  await writePrivateFile(join(directory, 'root.crt'), Buffer.from(root.certificate.rawData), 0o644);
  await writePrivateFile(path, text);
  return root;
}

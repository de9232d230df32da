import { createHash } from 'node:crypto';
import { SecretError, type Secrets } from './secrets.ts';

/** Keeps the first value that is given for a name, and answers with it. */
export type Pin = (name: string, value: string) => Promise<string>;

/**
 * Several processes must have the same secrets, or each would refuse the tokens of the others: the store keeps what the
 * first one's look like, as hashes that tell nothing about them.
 * @throws SecretError where this process has another one
 */
export async function pinSecrets(secrets: Secrets, pin: Pin): Promise<void> {
  for (const [name, secret] of Object.entries(secrets) as [string, Buffer][]) {
    const fingerprint = createHash('sha256').update(`parley ${name} `).update(secret).digest('base64url');
    if ((await pin(`secret:${name}`, fingerprint)) === fingerprint) continue;
    const advice = 'Give every process the same SECRETS_DIR.';
    throw new SecretError('foreign', `The secret ${name} is not the one the other processes have. ${advice}`);
  }
}

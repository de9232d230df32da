import type { OpenRefusal } from '../../../crypto/own-secrets.ts';
import { type Failure } from '../account/fetch-json';
import { isWrongPassword } from '../account/wrong-password';

/**
 * Why keys were not unlocked; `other-password`: it is the person's password, and the secrets were locked with another one, as after a
 * reset link.
 */
export type UnlockFault =
  'wrong-password' | 'other-password' | 'wrong-code' | 'no-answer' | 'unreadable' | 'no-secrets';

/** Of a password that the server was asked about. */
export const faultOf = (failure: Failure): UnlockFault => (isWrongPassword(failure) ? 'wrong-password' : 'no-answer');

/** Of secrets that did not open. */
export function faultOfCode(refusal: OpenRefusal): UnlockFault {
  switch (refusal) {
    case 'no-secrets':
      return 'no-secrets';
    case 'unreadable':
    case 'lower-number':
    case 'other-identity':
      return 'unreadable';
    default:
      return 'wrong-code';
  }
}

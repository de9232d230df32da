import { createHmac } from 'node:crypto';
import type { UserId } from '#protocol/ids';

export type TurnCredentials = { username: string; credential: string };

/**
 * Time-limited TURN credentials as draft-uberti-behave-turn-rest-00, 2.2 has them: any relay that has the secret checks
 * them without asking anybody. Relay and coturn alike read the expiry and sign the whole.
 * @param who `callId` is what joins those who may reach each other
 * @param expiresAt seconds since the epoch
 */
export function turnCredentials(
  secret: string,
  who: { userId: UserId; callId: string },
  expiresAt: number,
): TurnCredentials {
  const username = `${expiresAt}:${who.userId}:${who.callId}`;
  return { username, credential: passwordOf(secret, username) };
}

/** What the secret makes of a username. */
export const passwordOf = (secret: string, username: string): string =>
  createHmac('sha1', secret).update(username).digest('base64');

export type TurnUsername = { expiresAt: number; userId: string; callId: string };

/** @returns undefined where the text is no username of `turnCredentials` */
export function readUsername(text: string): TurnUsername | undefined {
  const [, expiresAt, userId, callId] = /^(\d{1,12}):([\w-]{1,64}):([\w-]{1,64})$/.exec(text) ?? [];
  if (expiresAt === undefined || userId === undefined || callId === undefined) return undefined;
  return { expiresAt: Number(expiresAt), userId, callId };
}

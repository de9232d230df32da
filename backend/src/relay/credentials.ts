import { createHmac } from 'node:crypto';
import type { CallId, DeviceAddress } from '#protocol/ids';

export type TurnCredentials = { username: string; credential: string };

/** Whose credentials are: a device, and the call in which it has a seat or may get one. A call joins those who may reach each other. */
export type TurnOwner = DeviceAddress & { callId: CallId | TestCallId };

/** What a test call has in place of a call's id: no call of two people begins so. */
const TEST = 'test-';
export type TestCallId = `${typeof TEST}${string}`;
export const testCallId = (random: string): TestCallId => `${TEST}${random}`;
export const isTestCall = (callId: string): callId is TestCallId => callId.startsWith(TEST);

/**
 * Time-limited TURN credentials as draft-uberti-behave-turn-rest-00, 2.2 has them: any relay that has the secret checks
 * them without asking anybody. Relay and coturn alike read the expiry and sign the whole.
 * @param expiresAt seconds since the epoch
 */
export function turnCredentials(secret: string, owner: TurnOwner, expiresAt: number): TurnCredentials {
  const username = `${expiresAt}:${owner.userId}:${owner.deviceId}:${owner.callId}`;
  return { username, credential: passwordOf(secret, username) };
}

/** What the secret makes of a username. */
export const passwordOf = (secret: string, username: string): string =>
  createHmac('sha1', secret).update(username).digest('base64');

export type TurnUsername = TurnOwner & { expiresAt: number };

/** An id of a person may have a kind before it: `guest:…`. */
const USERNAME = /^(\d{1,12}):((?:[a-z]{1,16}:)?[\w-]{1,64}):([\w-]{1,64}):([\w-]{1,64})$/;

/**
 * Reads a text as `turnCredentials` writes it. The ids in it are worth something once the signature of the request has been
 * checked.
 * @returns undefined where the text is no such username
 */
export function readUsername(text: string): TurnUsername | undefined {
  const [, expiresAt, userId, deviceId, callId] = USERNAME.exec(text) ?? [];
  if (expiresAt === undefined || userId === undefined || deviceId === undefined || callId === undefined)
    return undefined;
  const owner = { userId, deviceId, callId } as TurnOwner;
  return { expiresAt: Number(expiresAt), ...owner };
}

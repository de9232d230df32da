import { randomUUID } from 'node:crypto';
import type { IceServers } from '#protocol/api/calls';
import type { CallId, UserId } from '#protocol/ids';
import type { Config } from '../config.ts';
import { turnCredentials } from '../relay/credentials.ts';
import type { Relay } from '../relay/relay.ts';

export type IceConfig = Pick<Config, 'stunUrls' | 'turnUrls' | 'turnSecret' | 'turnTtl' | 'relayOnly'>;

/** Who asks. `origin` is the one that the page has come from, `relayCalls` their own wish, and a test call has no id. */
export type IceAsker = { userId: UserId; callId: CallId | undefined; origin: string; relayCalls: boolean };

/** Where TURN is, what its credentials are signed with, and how long they last. */
type Turn = { urls: readonly string[]; secret: string; seconds: number };

/**
 * What a user's call may use (RTCIceServer). Credentials are this user's and this call's, and expire.
 * @param relay of the installation; other TURN servers, where there are any, stand in its place
 */
export function iceServersFor(config: IceConfig, relay: Relay | undefined, asker: IceAsker, now: number): IceServers {
  const relayOnly = config.relayOnly === 'on' || asker.relayCalls;
  const own = config.turnUrls.length === 0 ? relay?.urls(asker.origin) : undefined;
  const stunUrls = config.stunUrls.length > 0 ? config.stunUrls : (own?.stun ?? []);
  const stun = stunUrls.length === 0 || relayOnly ? [] : [{ urls: [...stunUrls] }];
  const turn = relay !== undefined && own !== undefined ? { ...relay.credentials, urls: own.turn } : configured(config);
  if (turn === undefined || turn.urls.length === 0) return { iceServers: stun, relayOnly };
  const who = { userId: asker.userId, callId: asker.callId ?? randomUUID() };
  const credentials = turnCredentials(turn.secret, who, Math.floor(now / 1_000) + turn.seconds);
  const server = { urls: [...turn.urls], ...credentials };
  return { iceServers: [...stun, server], relayOnly, expiresInMs: turn.seconds * 1_000 };
}

const configured = ({ turnUrls: urls, turnSecret: secret, turnTtl: seconds }: IceConfig): Turn | undefined =>
  secret === undefined ? undefined : { urls, secret, seconds };

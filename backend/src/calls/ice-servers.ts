import type { IceServers } from '#protocol/api/calls';
import type { CallId, UserId } from '#protocol/ids';
import type { Config } from '../config.ts';
import { turnCredentials } from '../relay/credentials.ts';
import type { Relay } from '../relay/relay.ts';

export type IceConfig = Pick<Config, 'stunUrls' | 'turnUrls' | 'turnSecret' | 'turnTtl' | 'relayOnly'>;

/** Who asks. `origin` is the one that the page has come from, `relayCalls` their own wish, and a test call has no id. */
export type IceAsker = { userId: UserId; callId: CallId | undefined; origin: string; relayCalls: boolean };

/**
 * What a user's call may use (RTCIceServer). Credentials are this user's and this call's, and expire.
 * @param relay of the installation; other TURN servers, where there are any, stand in its place
 */
export function iceServersFor(config: IceConfig, relay: Relay | undefined, asker: IceAsker, now: number): IceServers {
  const relayOnly = config.relayOnly === 'on' || asker.relayCalls;
  const own = config.turnUrls.length === 0 ? relay?.urls(asker.origin) : undefined;
  const stunUrls = config.stunUrls.length > 0 ? config.stunUrls : (own?.stun ?? []);
  const stun = stunUrls.length === 0 || relayOnly ? [] : [{ urls: [...stunUrls] }];
  if (relay !== undefined && own !== undefined && own.turn.length > 0) {
    const { expiresInMs, ...credentials } = relay.credentials(asker.userId, asker.callId);
    return { iceServers: [...stun, { urls: own.turn, ...credentials }], relayOnly, expiresInMs };
  }
  if (config.turnUrls.length === 0 || config.turnSecret === undefined) return { iceServers: stun, relayOnly };
  const expiresAt = Math.floor(now / 1000) + config.turnTtl;
  const who = { userId: asker.userId, callId: asker.callId ?? 'test' };
  const turn = { urls: [...config.turnUrls], ...turnCredentials(config.turnSecret, who, expiresAt) };
  return { iceServers: [...stun, turn], relayOnly, expiresInMs: config.turnTtl * 1000 };
}

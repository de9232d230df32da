import { createHmac } from 'node:crypto';
import type { IceServers } from '#protocol/api/calls';
import type { UserId } from '#protocol/ids';
import type { Config } from '../config.ts';

export type IceConfig = Pick<Config, 'stunUrls' | 'turnUrls' | 'turnSecret' | 'turnTtl' | 'relayOnly'>;

/**
 * What a user's next call may use (RTCIceServer). TURN credentials are this user's own and end after `TURN_TTL` seconds:
 * `<expiry>:<userId>` with its HMAC-SHA1, as draft-uberti-behave-turn-rest-00, 2.2 has it and coturn checks it.
 */
export function iceServersFor(config: IceConfig, userId: UserId, now: number): IceServers {
  const relayOnly = config.relayOnly === 'on';
  const stun = config.stunUrls.length === 0 || relayOnly ? [] : [{ urls: [...config.stunUrls] }];
  if (config.turnUrls.length === 0 || config.turnSecret === undefined) return { iceServers: stun, relayOnly };
  const username = `${Math.floor(now / 1000) + config.turnTtl}:${userId}`;
  const credential = createHmac('sha1', config.turnSecret).update(username).digest('base64');
  const turn = { urls: [...config.turnUrls], username, credential };
  return { iceServers: [...stun, turn], relayOnly, expiresInMs: config.turnTtl * 1000 };
}

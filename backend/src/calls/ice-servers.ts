import { randomUUID } from 'node:crypto';
import type { IceServers } from '#protocol/ice-servers';
import type { CallId, DeviceAddress } from '#protocol/ids';
import type { Config } from '../config.ts';
import { testCallId, turnCredentials } from '../relay/credentials.ts';
import type { Relay } from '../relay/relay.ts';

export type IceConfig = Pick<Config, 'stunUrls' | 'turnUrls' | 'turnSecret' | 'turnTtl' | 'relayOnly'>;

/** Who asks: a device, by the origin that its page has come from. `relayCalls` is its person's own wish. */
export type IceAsker = DeviceAddress & { origin: string; relayCalls: boolean };

/** Where TURN is, what its credentials are signed with, and how long they last. */
type Turn = { urls: readonly string[]; secret: string; seconds: number };

/** How long credentials of a test call last, in seconds. */
const TEST_S = 60;

/**
 * What a device's call may use. Credentials are of this device and this call, and expire.
 * @param relay of the installation; other TURN servers, where there are any, stand in its place
 * @param call `test`: credentials of a test call, which has no other participant
 */
export function iceServersFor(
  config: IceConfig,
  relay: Relay | undefined,
  { userId, deviceId, origin, relayCalls }: IceAsker,
  call: CallId | 'test',
  now: number,
): IceServers {
  const relayOnly = config.relayOnly === 'on' || relayCalls;
  const own = config.turnUrls.length === 0 ? relay?.urls(origin) : undefined;
  const stunUrls = config.stunUrls.length > 0 ? config.stunUrls : (own?.stun ?? []);
  const stun = stunUrls.length === 0 || relayOnly ? [] : [{ urls: [...stunUrls] }];
  const turn = relay !== undefined && own !== undefined ? { ...relay.credentials, urls: own.turn } : configured(config);
  if (turn === undefined || turn.urls.length === 0) return { iceServers: stun, relayOnly };
  const callId = call === 'test' ? testCallId(randomUUID()) : call;
  const seconds = call === 'test' ? Math.min(TEST_S, turn.seconds) : turn.seconds;
  const credentials = turnCredentials(turn.secret, { userId, deviceId, callId }, Math.floor(now / 1_000) + seconds);
  const server = { urls: [...turn.urls], ...credentials };
  return { iceServers: [...stun, server], relayOnly, expiresInMs: seconds * 1_000 };
}

const configured = ({ turnUrls: urls, turnSecret: secret, turnTtl: seconds }: IceConfig): Turn | undefined =>
  secret === undefined ? undefined : { urls, secret, seconds };

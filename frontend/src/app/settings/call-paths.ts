import type { IceServers } from '#protocol/ice-servers';
import { isRelay } from '../call/ice-servers';

/** How sound and picture of a call travel, as the server's settings have it; `unknown` until it has answered. */
export type CallPaths = 'unknown' | 'direct' | 'stun' | 'relayed' | 'hidden';

/** Host of an ICE URI (RFC 7064, RFC 7065), e.g. `turn:turn.example:3478?transport=udp`. */
const hostOf = (url: string): string => /^\w+:(\[[^\]]+\]|[^:?]+)/.exec(url)?.[1] ?? url;

/** The TURN addresses of an answer (RFC 7065). */
export const relaysOf = ({ iceServers }: IceServers): string[] =>
  iceServers.flatMap(({ urls }) => urls).filter(isRelay);

/**
 * @param answer of POST /api/ice-servers; undefined while there is none
 * @returns how calls travel, and the hosts that take part in it, each once
 */
export function callPaths(answer: IceServers | undefined): { paths: CallPaths; hosts: readonly string[] } {
  if (answer === undefined) return { paths: 'unknown', hosts: [] };
  const relays = relaysOf(answer);
  const taking = relays.length > 0 ? relays : answer.iceServers.flatMap(({ urls }) => urls);
  const hosts = [...new Set(taking.map(hostOf))];
  if (relays.length > 0) return { paths: answer.relayOnly ? 'hidden' : 'relayed', hosts };
  return { paths: hosts.length > 0 ? 'stun' : 'direct', hosts };
}

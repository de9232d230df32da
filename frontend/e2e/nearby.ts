import type { ParleyServer } from './parley-server.ts';

/**
 * How another device of the LAN would call a server: by an address of this machine that its certificate names.
 * @returns undefined where this machine has none
 */
export function nearby(server: ParleyServer): { http: string; https: string } | undefined {
  const host = /https:\/\/(\d+\.[\d.]+|\[[0-9a-f:]+\]):\d+/.exec(server.output)?.[1];
  if (host === undefined) return undefined;
  return { http: `http://${host}:${server.httpPort}`, https: `https://${host}:${server.httpsPort}` };
}

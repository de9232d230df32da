import encodeQR from 'qr';
import { offerSetUp, type AdminDeps } from '../auth/administration.ts';

/**
 * Where this machine and others open the set-up link. A phone scans it only once it trusts this server, from wherever it
 * is then: the link never goes over plain http, where whoever is on the network could read it and be first.
 */
const linesFor = (code: string, here: string, elsewhere: string | undefined): string[] => {
  const path = `/set-up#${code}`;
  const lines = ['This server has no admin yet. Open this link to create the admin account; it works once:'];
  if (elsewhere === undefined) return [...lines, `  ${here}${path}`];
  return [
    ...lines,
    `  ${here}${path}`,
    `  ${elsewhere}${path}`,
    'A phone that already trusts this server can scan it here:',
    encodeQR(`${elsewhere}${path}`, 'ascii', { border: 2 }),
  ];
};

/**
 * The set-up link for the terminal, and for nothing else: never for a log. Every process prints the same one until it is
 * used. Undefined where there is an admin.
 * @param here the origin for this machine
 * @param elsewhere the one for others
 */
export async function setUpWords(
  deps: Pick<AdminDeps, 'store' | 'refreshKey'>,
  here: string,
  elsewhere: string | undefined,
): Promise<string | undefined> {
  const code = await offerSetUp(deps);
  return code === undefined ? undefined : linesFor(code, here, elsewhere).join('\n');
}

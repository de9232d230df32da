import encodeQR from 'qr';
import { offerSetUp, type AdminDeps } from '../auth/administration.ts';

/** The line that says where this machine and others open the set-up link, with one code to scan. */
const linesFor = (code: string, here: string, elsewhere: string | undefined): string[] => {
  const path = `/set-up#${code}`;
  const best = `${elsewhere ?? here}${path}`;
  return [
    'Nobody is the admin yet. Whoever opens this link makes the admin account; it works once:',
    `  ${here}${path}`,
    ...(elsewhere === undefined ? [] : [`  ${elsewhere}${path}`]),
    encodeQR(best, 'ascii', { border: 2 }),
  ];
};

/**
 * The set-up link for the terminal, and for nothing else: never for a log. A start makes a new one, and the one before it
 * works no longer. Undefined where there is an admin.
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

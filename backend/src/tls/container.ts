import { access } from 'node:fs/promises';

/** What Docker and Podman leave in every container. */
const marks = ['/.dockerenv', '/run/.containerenv'];

/**
 * What to say where this seems to be a container and nobody said by which names the outside reaches it: it knows only its own.
 * @param hosts HOSTS
 * @param publicOrigin PUBLIC_ORIGIN
 * @returns undefined where there is nothing to say
 */
export async function containerWarning(
  hosts: readonly string[],
  publicOrigin: string | undefined,
  isThere: (path: string) => Promise<boolean> = exists,
): Promise<string | undefined> {
  if (hosts.length > 0 || publicOrigin !== undefined) return undefined;
  const found = await Promise.all(marks.map(isThere));
  if (!found.includes(true)) return undefined;
  return 'This seems to be a container, which knows only its own addresses: HOSTS names those of the machine around it.';
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

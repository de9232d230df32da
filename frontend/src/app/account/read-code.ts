import { foldCode, invitationCode, linkCode } from '#protocol/invitation-code';

/**
 * The code of an invitation in what somebody typed, pasted or scanned: the letters themselves, or a whole link with them
 * behind its `#`. Undefined where it is none.
 */
export function readInvitation(text: string): string | undefined {
  const behind = text.includes('#') ? text.slice(text.lastIndexOf('#') + 1) : text;
  const code = foldCode(decoded(behind));
  return invitationCode.safeParse(code).success ? code : undefined;
}

/** What lets somebody in, as it was typed, pasted or scanned: an invitation, or the whole set-up link. */
export function readEntry(text: string): { invitation: string } | { setUp: string } | undefined {
  const [, setUp] = /\/set-up#([\w-]+)\s*$/.exec(text) ?? [];
  if (setUp !== undefined) return readLink(setUp) === undefined ? undefined : { setUp };
  const invitation = readInvitation(text);
  return invitation === undefined ? undefined : { invitation };
}

/** The code of a set-up or reset link, which nobody types. */
export const readLink = (fragment: string | null): string | undefined =>
  fragment !== null && linkCode.safeParse(fragment).success ? fragment : undefined;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { shownName } from '#protocol/display-name';
import type { UserId } from '#protocol/ids';
import { spacedCode } from '#protocol/invitation-code';
import {
  deleteAccountOf,
  disableAccount,
  enableAccount,
  makeResetLink,
  RESET_MS,
  type AdminDeps,
} from '../auth/administration.ts';
import { makeInvitation } from '../contacts/invitations.ts';
import type { SecurityLog } from '../security-log.ts';
import type { UserRow } from '../store/accounts.ts';
import type { AccountRow } from '../store/admin.ts';
import type { Command } from './command.ts';

/** The answer to a command, in sentences for the person at the terminal. */
export type Said = { ok: boolean; text: string };
export type CommandDeps = AdminDeps & {
  /** Where links lead, best first; none where nobody knows while the server is stopped. */
  origins: () => readonly string[];
  /** Where a device begins that does not trust the certificate yet, where there is something to trust. */
  welcome: () => string | undefined;
  signUp: 'open' | 'invitation' | 'closed';
  /** The server's; while it is stopped there is no log that a command could be in. */
  security?: SecurityLog;
};

const yes = (text: string): Said => ({ ok: true, text });
const no = (text: string): Said => ({ ok: false, text });

/** Does what was typed at the terminal, with the same functions the admin's page uses. */
export async function perform(deps: CommandDeps, command: Command): Promise<Said> {
  switch (command.do) {
    case 'list':
      return list(deps);
    case 'invite': {
      const said = await invite(deps, command);
      note(deps, 'invite', said);
      return said;
    }
    default: {
      const known = await deps.store.credentials(command.username);
      if (known === null) return no(`There is no account called ${command.username}.`);
      const said = await ABOUT_ONE[command.do](deps, known.user);
      note(deps, command.do, said, known.user.id);
      return said;
    }
  }
}

const note = ({ security }: CommandDeps, action: Command['do'], { ok }: Said, on?: UserId): void =>
  security?.note({ event: 'admin', action, outcome: ok ? 'done' : 'refused', who: 'terminal', on });

const onlyAdmin = (username: string): string =>
  `${username} is the only admin. Make somebody else one first: npm run accounts -- admin and a username.`;

type AboutOne = Extract<Command, { username: string }>['do'];
const ABOUT_ONE: Record<AboutOne, (deps: CommandDeps, user: UserRow) => Promise<Said>> = {
  disable: async (deps, { id, username }) => {
    if ((await disableAccount(deps, id)) === 'last-admin') return no(onlyAdmin(username));
    return yes(`${username} is disabled and signed out everywhere.`);
  },
  enable: async (deps, { id, username }) => {
    await enableAccount(deps, id);
    return yes(`${username} may sign in again.`);
  },
  delete: async (deps, { id, username }) => {
    if ((await deleteAccountOf(deps, id)) === 'last-admin') return no(onlyAdmin(username));
    return yes(`${username} is deleted. Their messages stay with the people who received them.`);
  },
  admin: async ({ store }, { id, username }) => {
    await store.setRole(id, 'admin');
    return yes(`${username} is an admin.`);
  },
  reset: async (deps, { id, username, disabled }) => {
    if (disabled) return no(`${username} is disabled. Enable the account first.`);
    const link = await makeResetLink(deps, id);
    if (link === null) return no(`There is no account called ${username}.`);
    const minutes = String(RESET_MS / 60_000);
    return yes(
      [`With this link ${username} can choose a new password, once, within ${minutes} minutes:`]
        .concat(linesOf(deps, `/reset#${link.code}`))
        .join('\n'),
    );
  },
};

async function invite(deps: CommandDeps, { uses, days, by }: Extract<Command, { do: 'invite' }>): Promise<Said> {
  if (deps.signUp === 'closed') return no('Nobody can create an account here: SIGN_UP is closed.');
  const inviter = by === undefined ? null : await deps.store.credentials(by);
  if (by !== undefined && inviter === null) return no(`There is no account called ${by}.`);
  if (inviter?.user.disabled) return no(`${inviter.user.username} is disabled and cannot invite people.`);
  const made = await makeInvitation(deps, inviter?.user.id ?? null, { uses, days });
  if (!made.ok) return no('Too many invitations are open. Revoke some in the app, or wait until they expire.');
  const { code } = made.value;
  const people = uses === 1 ? 'one person' : `${String(uses)} people`;
  const time = days === 1 ? 'one day' : `${String(days)} days`;
  return yes(
    [`An invitation for ${people}, for ${time}. The code is ${spacedCode(code)}; the links are:`]
      .concat(linesOf(deps, `/invite#${code}`), firstLines(deps))
      .join('\n'),
  );
}

function linesOf({ origins }: CommandDeps, path: string): string[] {
  const known = origins();
  return known.length > 0
    ? known.map(origin => `  ${origin}${path}`)
    : [`  the server's address, as npm start prints it, followed by ${path}`];
}

/** The link is https from its first letter, so a device that is new here needs to be told where to begin. */
function firstLines({ welcome }: CommandDeps): string[] {
  const at = welcome();
  return at === undefined
    ? []
    : [`A device that does not trust this server yet opens ${at} first, and the link afterwards.`];
}

async function list({ store }: CommandDeps): Promise<Said> {
  const lines: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.accounts(cursor, 500);
    if (page === 'bad-cursor') break;
    lines.push(...page.items.map(lineOf));
    cursor = page.next;
  } while (cursor !== undefined);
  return yes(lines.length === 0 ? 'There is no account yet.' : lines.join('\n'));
}

function lineOf({ username, displayName, role, disabled, lastSeen }: AccountRow): string {
  const marks = [role === 'admin' ? 'admin' : [], disabled ? 'disabled' : []].flat();
  const seen = lastSeen === null ? 'never seen' : `last seen ${new Date(lastSeen).toISOString().slice(0, 10)}`;
  return [username, shownName({ username, displayName }), seen, ...marks].join(' · ');
}

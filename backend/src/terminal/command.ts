import { parseArgs } from 'node:util';
import * as z from 'zod/mini';
import { invitationOffer } from '#protocol/api/invitations';
import { err, ok, type Result } from '#protocol/result';
import { foldUsername, username } from '#protocol/username';

const ABOUT_ONE = ['disable', 'enable', 'delete', 'reset', 'admin'] as const;

/** What may be asked at the terminal of the machine; no command ever takes or shows a password. */
export const command = z.union([
  z.strictObject({ ...invitationOffer.shape, do: z.literal('invite'), by: z.optional(username) }),
  z.strictObject({ do: z.literal('list') }),
  z.strictObject({ do: z.enum(ABOUT_ONE), username }),
]);
export type Command = z.infer<typeof command>;

const INVITE_USAGE = 'npm run invite [-- --uses 1…50 --days 1…30 --by <username>]';
const ACCOUNTS_USAGE = `npm run accounts -- list, or ${ABOUT_ONE.join(', ')} with a username`;

/** Reads what was typed behind `npm run invite --`; the error says how it is used. */
export function inviteCommand(args: readonly string[]): Result<Command, string> {
  const text = { type: 'string' } as const;
  const typed = parsed(() =>
    parseArgs({
      args: [...args],
      options: { uses: text, days: text, by: text },
      strict: true,
      allowPositionals: false,
    }),
  );
  const { uses = '1', days = '7', by } = typed?.values ?? { uses: '' };
  const named = by === undefined ? {} : { by: foldUsername(by) };
  return read({ do: 'invite', uses: Number(uses || NaN), days: Number(days || NaN), ...named }, INVITE_USAGE);
}

/** The same of `npm run accounts --`. */
export function accountsCommand(args: readonly string[]): Result<Command, string> {
  const [what = '', who, ...more] = args;
  const about = who === undefined ? {} : { username: foldUsername(who) };
  return more.length > 0 ? err(usage(ACCOUNTS_USAGE)) : read({ do: what, ...about }, ACCOUNTS_USAGE);
}

const usage = (line: string): string => `Usage: ${line}`;

function read(typed: unknown, line: string): Result<Command, string> {
  const result = command.safeParse(typed);
  return result.success ? ok(result.data) : err(usage(line));
}

/** `parseArgs` throws at what it does not know. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

import * as z from 'zod/mini';
import { person, role, secret } from '#protocol/api/account';
import { linkCode } from '#protocol/invitation-code';
import { username } from '#protocol/username';

const time = z.int().check(z.nonnegative());

/** GET /api/admin/accounts; then POST …/:id/{disable,enable,reset}, DELETE …/:id */
export const account = z.object({
  ...person.shape,
  role,
  disabled: z.boolean(),
  createdAt: time,
  /** When one of its devices was last here. */
  lastSeen: z.optional(time),
});
export type AdminAccount = z.infer<typeof account>;

/** The answer to POST /api/admin/accounts/:id/reset, which is the only time the code is seen. */
export const resetLink = z.object({ code: linkCode, expiresAt: time, origins: z.array(z.string()) });
export type ResetLink = z.infer<typeof resetLink>;

/** POST /api/auth/reset/open: whose password a link may change, which the browser needs for the secret. */
export const shownLink = z.strictObject({ code: linkCode });
export const resetAccount = z.object({ username, displayName: z.string() });
/** POST /api/auth/reset */
export const passwordReset = z.strictObject({ code: linkCode, loginSecret: secret });

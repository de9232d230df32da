import * as admin from '#protocol/api/admin';
import { accountOfReset, resetPassword } from '../auth/administration.ts';
import { addressKey } from './budgets.ts';
import { answer, done, open, refuse } from './route.ts';

const BUSY_MS = 2_000;

const look = open(
  {
    method: 'post',
    path: '/api/auth/reset/open',
    summary: 'Whose password a reset link may change',
    body: admin.shownLink,
    answer: admin.resetAccount,
    refusals: ['invalid-code'],
  },
  async (deps, { body, address }) => {
    const retryMs = await deps.budgets.take('codes', addressKey(address));
    if (retryMs > 0) return refuse('too-many-requests', { retryMs });
    const user = await accountOfReset(deps, body.code);
    return user === null ? refuse('invalid-code') : answer({ username: user.username, displayName: user.displayName });
  },
);

const reset = open(
  {
    method: 'post',
    path: '/api/auth/reset',
    summary: 'Choose a new password by a reset link; every device is signed out',
    body: admin.passwordReset,
    refusals: ['invalid-code', 'busy'],
  },
  async (deps, { body, address }) => {
    const retryMs = await deps.budgets.take('signIns', addressKey(address));
    if (retryMs > 0) return refuse('too-many-requests', { retryMs });
    const outcome = await resetPassword(deps, body.code, body.loginSecret);
    if (outcome.ok) return done();
    return outcome.error === 'busy' ? refuse('busy', { retryMs: BUSY_MS }) : refuse(outcome.error);
  },
);

export const resetRoutes = [look, reset];

import * as admin from '#protocol/api/admin';
import { shownName } from '#protocol/display-name';
import { accountOfReset, resetPassword } from '../auth/administration.ts';
import { answer, done, open, refuse } from './route.ts';

const look = open(
  {
    method: 'post',
    path: '/api/auth/reset/open',
    summary: 'Whose password a reset link may change',
    budget: 'codes',
    body: admin.shownLink,
    answer: admin.resetAccount,
    refusals: ['invalid-code'],
  },
  async (deps, { body }) => {
    const user = await accountOfReset(deps, body.code);
    return user === null ? refuse('invalid-code') : answer({ username: user.username, displayName: shownName(user) });
  },
);

const reset = open(
  {
    method: 'post',
    path: '/api/auth/reset',
    summary: 'Choose a new password by a reset link; every device is signed out',
    budget: 'signIns',
    body: admin.passwordReset,
    refusals: ['invalid-code', 'busy'],
  },
  async (deps, { body }) => {
    const outcome = await resetPassword(deps, body.code, body.loginSecret);
    return outcome.ok ? done() : refuse(outcome.error);
  },
);

export const resetRoutes = [look, reset];

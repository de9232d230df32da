import { me } from '#protocol/api/account';
import { shownLink } from '#protocol/api/admin';
import { setUpSeal } from '../auth/set-up-code.ts';
import { meOf } from '../auth/sign-in.ts';
import { answer, done, open, refuse, signedIn } from './route.ts';

const look = open(
  {
    method: 'post',
    path: '/api/set-up/open',
    summary: 'Whether a set-up link still makes the admin',
    budget: 'codes',
    body: shownLink,
    refusals: ['invalid-code'],
  },
  async (deps, { body }) => {
    const isOpen = await deps.store.isSetUpOpen(setUpSeal(deps.refreshKey, body.code));
    return isOpen ? done() : refuse('invalid-code');
  },
);

const claim = signedIn(
  {
    method: 'post',
    path: '/api/set-up/claim',
    summary: 'Make the account that asks the admin, by the set-up link',
    budget: 'codes',
    body: shownLink,
    answer: me,
    refusals: ['invalid-code'],
  },
  async (deps, { who, body }) => {
    const outcome = await deps.store.claimSetUp(setUpSeal(deps.refreshKey, body.code), who.userId);
    return outcome === 'claimed' ? answer(meOf({ ...who.user, role: 'admin' })) : refuse('invalid-code');
  },
);

export const setUpRoutes = [look, claim];

import * as z from 'zod/mini';
import * as account from '#protocol/api/account';
import { deleteAccount } from '../auth/account.ts';
import { meOf } from '../auth/sign-in.ts';
import { changeAvatar, changeDisplayName, changeSettings, removeAvatar } from '../contacts/profile.ts';
import type { AppDeps } from './deps.ts';
import { answer, done, refuse, signedIn, type Reply } from './route.ts';
import { sessionEnded } from './session-end.ts';
import type { Who } from '../auth/authenticate.ts';

const meNow = async ({ store }: AppDeps, { userId }: Who): Promise<Reply<account.Me>> => {
  const user = await store.userById(userId);
  return user === null ? refuse('unauthorized') : answer(meOf(user));
};

const get = signedIn(
  { method: 'get', path: '/api/me', summary: 'The account that asks', answer: account.me },
  (_deps, { who }) => answer(meOf(who.user)),
);

const change = signedIn(
  {
    method: 'patch',
    path: '/api/me',
    summary: 'Change the display name',
    body: account.profileChange,
    answer: account.me,
  },
  async (deps, { who, body }) => {
    await changeDisplayName(deps, who, body.displayName);
    return meNow(deps, who);
  },
);

const settings = signedIn(
  {
    method: 'put',
    path: '/api/me/settings',
    summary: 'Replace the preferences',
    body: account.settings,
    answer: account.me,
  },
  async (deps, { who, body }) => {
    await changeSettings(deps, who, body);
    return meNow(deps, who);
  },
);

const remove = signedIn(
  {
    method: 'delete',
    path: '/api/me',
    summary: 'Delete the account',
    budget: 'provenSignIns',
    body: account.accountDeletion,
    refusals: ['wrong-credentials', 'last-admin', 'too-many-attempts', 'busy'],
  },
  async (deps, { who, body }) => {
    const outcome = await deleteAccount(deps, who, body.loginSecret);
    return outcome.ok ? done(sessionEnded(deps.installation.id)) : refuse(outcome.error);
  },
);

const putAvatar = signedIn(
  {
    method: 'put',
    path: '/api/me/avatar',
    summary: 'Set the picture',
    upload: { types: account.AVATAR_TYPES, bytes: account.AVATAR_BYTES },
    answer: account.me,
    refusals: ['unsupported-media-type'],
  },
  async (deps, { who, body }) =>
    (await changeAvatar(deps, who, body.bytes)) === 'changed'
      ? meNow(deps, who)
      : refuse('unsupported-media-type', { detail: 'The bytes are not an image of that kind.' }),
);

const removePicture = signedIn(
  { method: 'delete', path: '/api/me/avatar', summary: 'Remove the picture', answer: account.me },
  async (deps, { who }) => {
    await removeAvatar(deps, who);
    return meNow(deps, who);
  },
);

const VERSION = /^[0-9a-f]{1,64}$/;
/** An `<img>` cannot send a bearer token: the app fetches the bytes, keeps them itself and draws them from a blob URL. */
const avatar = signedIn(
  {
    method: 'get',
    path: '/api/users/:id/avatar/:version',
    summary: "One version of somebody's picture",
    params: z.object({ id: account.person.shape.id, version: z.string().check(z.regex(VERSION)) }),
    download: account.AVATAR_TYPES,
    refusals: ['not-found'],
  },
  async ({ store }, { params }) => {
    const found = await store.avatar(params.id, params.version);
    if (found === null) return refuse('not-found');
    return { kind: 'bytes', type: found.type, bytes: found.bytes };
  },
);

export const meRoutes = [get, change, settings, remove, putAvatar, removePicture, avatar];

import * as keys from '#protocol/keys/api';
import type { DeviceAddress } from '#protocol/ids';
import { CHANGES_PAGE_ROWS, KEYS_BODY_BYTES } from '#protocol/keys/limits';
import { deviceList, type KeyUser, userIdOf } from '#protocol/keys/objects';
import { knowsSecret } from '../auth/account.ts';
import {
  addSignatures,
  areKeysOf,
  changeKeyring,
  claimKeys,
  inboxPage,
  isIdentityOf,
  queryKeys,
  sendToDevice,
} from '../keys/keys.ts';
import { numberOf, placeOf } from '../keys/keyring.ts';
import { refusalOf, refuseChange } from './keyring-refusal.ts';
import { answer, done, refuse, signedIn } from './route.ts';

/** Bodies and answers beyond the size of everything else: both may be gzipped. */
const large = { bodyBytes: KEYS_BODY_BYTES, compressed: true } as const;

/** The device that asks, without what else is known of it. */
const addressOf = ({ userId, deviceId }: DeviceAddress): DeviceAddress => ({ userId, deviceId });

const foreign = (path: string) =>
  refuse('bad-request', { errors: [{ path, message: 'These are not of the device and the account that ask.' }] });

const upload = signedIn(
  {
    method: 'post',
    path: '/api/keys/upload',
    summary: "Publish this device's keys, one-time keys and fallback key",
    body: keys.keysUpload,
    answer: keys.keysUploaded,
    budget: 'keyChanges',
    refusals: ['keys-fixed', 'no-room'],
  },
  async (deps, { who: { userId, deviceId }, body }) => {
    const { device_keys: own, ...oneTime } = body;
    if (own && !areKeysOf(own, userId, deviceId)) return foreign('device_keys');
    if (own) {
      const refused = refusalOf(await changeKeyring(deps, 'putDeviceKeys', userId, { id: deviceId, keys: own }));
      if (refused) return refused;
    }
    const count = await deps.store.putOneTimeKeys({ userId, deviceId }, oneTime, deps.clock.now());
    if (count === 'no-room') return refuse(count);
    return answer({ one_time_key_counts: { signed_curve25519: count } });
  },
);

const query = signedIn(
  {
    method: 'post',
    path: '/api/keys/query',
    summary: 'Devices, identities and lists of devices of people one shares with',
    body: keys.keysQuery,
    answer: keys.keysFound,
    budget: 'keyQueries',
    ...large,
  },
  async (deps, { who, body }) =>
    answer(await queryKeys(deps, who.userId, (Object.keys(body.device_keys) as KeyUser[]).map(userIdOf))),
);

const claim = signedIn(
  {
    method: 'post',
    path: '/api/keys/claim',
    summary: 'A one-time key of each of these devices, else its fallback key',
    body: keys.keysClaim,
    answer: keys.keysClaimed,
    budget: 'keyQueries',
    ...large,
  },
  async (deps, { who, body }) =>
    answer(
      await claimKeys(deps, who.userId, body.one_time_keys, async ({ userId, deviceId }) => {
        // The person's first: it bounds how many pairs are remembered, whether or not there are such devices.
        if ((await deps.budgets.take('claims', who.userId)) > 0) return false;
        return (await deps.budgets.take('claimsOfPair', `${who.deviceId} ${placeOf(userId, deviceId)}`)) === 0;
      }),
    ),
);

const state = signedIn(
  { method: 'get', path: '/api/keys/state', summary: 'What this device must know of its keys', answer: keys.keyState },
  async ({ store }, { who }) => answer(await store.keyState(addressOf(who))),
);

const changes = signedIn(
  {
    method: 'get',
    path: '/api/keys/changes',
    summary: 'Whose keys have changed behind a number, and who is not shared with any more',
    query: keys.changesQuery,
    answer: keys.changesPage,
  },
  async ({ store }, { who, query: { after = 0, limit = CHANGES_PAGE_ROWS } }) =>
    answer(await store.keyChanges(who.userId, after, limit)),
);

const signatures = signedIn(
  {
    method: 'post',
    path: '/api/keys/signatures',
    summary: 'Add signatures of this account',
    body: keys.signaturesUpload,
    answer: keys.signaturesUploaded,
    budget: 'keyChanges',
    refusals: ['no-room'],
    ...large,
  },
  async (deps, { who, body }) => {
    const added = await addSignatures(deps, who.userId, body);
    return typeof added === 'string' ? refuseChange(added) : answer(added);
  },
);

const crossSigning = signedIn(
  {
    method: 'put',
    path: '/api/keys/cross-signing',
    summary: "Publish this account's identity; in the place of another one with the password",
    body: keys.crossSigning,
    budget: 'keyChanges',
    refusals: ['identity-exists', 'stale', 'no-room', 'wrong-credentials', 'too-many-attempts', 'busy'],
  },
  async (deps, { who, body: { loginSecret, ...identity } }) => {
    const { userId: user } = who;
    if (!isIdentityOf(user, identity)) return foreign('master_key');
    if (identity.deviceList && numberOf(identity.deviceList, user) === null) return foreign('deviceList');
    const put = (replace: boolean) => changeKeyring(deps, 'putIdentity', user, { user, keys: identity, replace });
    let outcome = await put(false);
    if (outcome === 'identity-exists' && loginSecret !== undefined) {
      const retryMs = await deps.budgets.take('provenSignIns', who.deviceId);
      if (retryMs > 0) return refuse('too-many-attempts', { retryMs });
      const known = await knowsSecret(deps, who, loginSecret);
      if (!known.ok) return refuse(known.error);
      outcome = await put(true);
    }
    return refusalOf(outcome) ?? done();
  },
);

const list = signedIn(
  {
    method: 'put',
    path: '/api/keys/device-list',
    summary: "Publish this account's signed list of devices, of a higher number",
    body: deviceList,
    budget: 'keyChanges',
    refusals: ['stale', 'no-room'],
  },
  async (deps, { who: { userId: user }, body }) => {
    if (numberOf(body, user) === null) return foreign('signed');
    return refusalOf(await changeKeyring(deps, 'putDeviceList', user, { user, list: body })) ?? done();
  },
);

const toDevice = signedIn(
  {
    method: 'put',
    path: '/api/to-device/:txn',
    summary: 'Send an event to the inboxes of devices, once for each transaction id of this device',
    params: keys.toDeviceParams,
    body: keys.toDevice,
    budget: 'toDevice',
    refusals: ['inbox-full'],
    ...large,
  },
  async (deps, { who: { userId, deviceId }, params, body }) => {
    const full = await sendToDevice(deps, { userId, deviceId }, params.txn, body);
    return full ? refuse('inbox-full', { full, retryMs: INBOX_FULL_MS }) : done();
  },
);
/** When a full inbox may have been read, in ms. */
const INBOX_FULL_MS = 60_000;

const inbox = signedIn(
  {
    method: 'get',
    path: '/api/inbox',
    summary: "This device's to-device events behind a number, or the last one confirmed",
    query: keys.inboxQuery,
    answer: keys.inboxPage,
    compressed: true,
  },
  async (deps, { who, query: asked }) => answer(await inboxPage(deps, addressOf(who), asked)),
);

const confirm = signedIn(
  {
    method: 'post',
    path: '/api/inbox/confirm',
    summary: 'Let the events of this inbox go up to a number',
    body: keys.inboxConfirm,
  },
  async ({ store }, { who, body }) => {
    await store.confirmInbox(addressOf(who), body.upTo);
    return done();
  },
);

export const keysRoutes = [
  upload,
  query,
  claim,
  state,
  changes,
  signatures,
  crossSigning,
  list,
  toDevice,
  inbox,
  confirm,
];

import * as keys from '#protocol/keys/api';
import { BACKUP_PAGE_BATCHES, KEYS_BODY_BYTES, KEYS_PAGE_BYTES } from '#protocol/keys/limits';
import { areKeysOf, changeKeyring, inboxPage } from '../keys/keys.ts';
import { refusalOf } from './keyring-refusal.ts';
import { answer, done, refuse, signedIn } from './route.ts';

const secrets = signedIn(
  {
    method: 'get',
    path: '/api/secrets',
    summary: "This account's sealed secrets",
    answer: keys.sealedSecrets,
    refusals: ['not-found'],
  },
  async ({ store }, { who }) => {
    const found = await store.secretsOf(who.userId);
    return found ? answer(found) : refuse('not-found');
  },
);

const putSecrets = signedIn(
  {
    method: 'put',
    path: '/api/secrets',
    summary: 'Replace the sealed secrets, under the next number',
    body: keys.sealedSecrets,
    bodyBytes: KEYS_BODY_BYTES,
    refusals: ['stale', 'no-room'],
  },
  async (deps, { who, body }) => refusalOf(await changeKeyring(deps, 'putSecrets', who.userId, body)) ?? done(),
);

const listBackups = signedIn(
  {
    method: 'get',
    path: '/api/backups',
    summary: 'Versions of the sealed backup, the newest first',
    answer: keys.backups,
  },
  async ({ store }, { who }) => answer({ items: await store.backupsOf(who.userId) }),
);

const addBackup = signedIn(
  {
    method: 'post',
    path: '/api/backups',
    summary: 'Begin a new version of the sealed backup',
    body: keys.backupVersion,
    refusals: ['no-room', 'stale'],
  },
  async ({ store, clock }, { who, body }) => {
    const outcome = await store.addBackup(who.userId, body, clock.now());
    return outcome === 'added' ? done() : refuse(outcome);
  },
);

const removeBackup = signedIn(
  {
    method: 'delete',
    path: '/api/backups/:version',
    summary: 'Remove a version of the sealed backup',
    params: keys.backupParams,
    refusals: ['not-found'],
  },
  async ({ store }, { who, params }) => {
    const all = await store.backupsOf(who.userId);
    if (!all.some(({ version }) => version === params.version)) return refuse('not-found');
    await store.removeBackup(who.userId, params.version);
    return done();
  },
);

const addBatch = signedIn(
  {
    method: 'put',
    path: '/api/backups/:version/batches/:number',
    summary: 'Add the next batch to a version of the sealed backup',
    params: keys.backupBatchParams,
    body: keys.backupBatch,
    bodyBytes: KEYS_BODY_BYTES,
    refusals: ['not-found', 'stale', 'no-room'],
  },
  async ({ store }, { who, params: { version, number }, body }) => {
    const outcome = await store.addBatch(who.userId, version, { number, ...body });
    return outcome === 'added' ? done() : refuse(outcome);
  },
);

const listBatches = signedIn(
  {
    method: 'get',
    path: '/api/backups/:version/batches',
    summary: 'Batches of a version of the sealed backup, the newest first',
    params: keys.backupParams,
    query: keys.backupBatchesQuery,
    answer: keys.backupBatches,
    compressed: true,
    refusals: ['not-found'],
  },
  async ({ store }, { who, params, query: { before = Number.MAX_SAFE_INTEGER, limit = BACKUP_PAGE_BATCHES } }) => {
    const page = { limit, bytes: KEYS_PAGE_BYTES };
    const items = await store.batchesOf(who.userId, params.version, before, page);
    return items === 'not-found' ? refuse(items) : answer({ items });
  },
);

const listDehydrated = signedIn(
  {
    method: 'get',
    path: '/api/keys/dehydrated',
    summary: "This account's dehydrated devices: the current one, and one that its successor has retired",
    answer: keys.dehydratedDevices,
  },
  async ({ store }, { who: { userId } }) => {
    const [row] = await store.keyrings([userId]);
    const items = (row?.ring.dehydrated ?? []).map(async ({ id, data, state, takenBy }) => {
      const { head } = await store.inboxRows({ userId, deviceId: id }, Number.MAX_SAFE_INTEGER, { limit: 1, bytes: 1 });
      return { device_id: id, device_data: data, state, takenBy, inbox: head };
    });
    return answer({ items: await Promise.all(items) });
  },
);

const putDehydrated = signedIn(
  {
    method: 'put',
    path: '/api/keys/dehydrated',
    summary: 'Make a dehydrated device the current one',
    body: keys.dehydratedPut,
    bodyBytes: KEYS_BODY_BYTES,
    budget: 'keyChanges',
    refusals: ['stale', 'no-room'],
  },
  async (deps, { who: { userId }, body: { replaces, device } }) => {
    const { device_id: deviceId } = device;
    if (!areKeysOf(device.device_keys, userId, deviceId))
      return refuse('bad-request', {
        errors: [{ path: 'device.device_keys', message: 'These are of another device.' }],
      });
    const refused = refusalOf(await changeKeyring(deps, 'putDehydrated', userId, { replaces, device }));
    if (refused) return refused;
    const { one_time_keys, fallback_keys } = device;
    const oneTime = { one_time_keys, fallback_keys };
    const count = await deps.store.putOneTimeKeys({ userId, deviceId }, oneTime, deps.clock.now());
    return count === 'no-room' ? refuse(count) : done();
  },
);

const takeDehydrated = signedIn(
  {
    method: 'post',
    path: '/api/keys/dehydrated/take',
    summary: 'Take a dehydrated device, to read its inbox',
    body: keys.dehydratedTake,
    refusals: ['not-found', 'stale'],
  },
  async (deps, { who, body }) => {
    const taking = { id: body.device_id, by: who.deviceId, at: deps.clock.now() };
    return refusalOf(await changeKeyring(deps, 'takeDehydrated', who.userId, taking)) ?? done();
  },
);

const dehydratedInbox = signedIn(
  {
    method: 'get',
    path: '/api/keys/dehydrated/inbox',
    summary: "A dehydrated device's to-device events behind a number",
    query: keys.dehydratedInboxQuery,
    answer: keys.inboxPage,
    compressed: true,
  },
  async (deps, { who: { userId }, query: { device: deviceId, ...asked } }) =>
    answer(await inboxPage(deps, { userId, deviceId }, asked)),
);

const deleteDehydrated = signedIn(
  {
    method: 'delete',
    path: '/api/keys/dehydrated',
    summary: 'Delete a dehydrated device whose inbox was read up to a number',
    query: keys.dehydratedDelete,
    budget: 'keyChanges',
    refusals: ['stale'],
  },
  async (deps, { who: { userId }, query: { device: deviceId, upTo } }) => {
    const { head } = await deps.store.inboxRows({ userId, deviceId }, upTo, { limit: 1, bytes: 1 });
    if (head > upTo) return refuse('stale');
    return refusalOf(await changeKeyring(deps, 'deleteDehydrated', userId, { id: deviceId })) ?? done();
  },
);

export const sealedRoutes = [
  secrets,
  putSecrets,
  listBackups,
  addBackup,
  removeBackup,
  addBatch,
  listBatches,
  listDehydrated,
  putDehydrated,
  takeDehydrated,
  dehydratedInbox,
  deleteDehydrated,
];

import { randomUUID, timingSafeEqual } from 'node:crypto';
import * as guests from '#protocol/api/guests';
import { iceServers } from '#protocol/ice-servers';
import { deviceId, GUEST, userId, type CallId } from '#protocol/ids';
import { iceServersFor } from '../calls/ice-servers.ts';
import { personOf } from '../contacts/profile.ts';
import type { AppDeps } from './deps.ts';
import { answer, open, refuse } from './route.ts';

/** The person who has made a link; null where it is unknown, used up, closed or over: the answer does not say which. */
async function hostOf({ store, door }: AppDeps, { callId, door: shown }: { callId: CallId; door: string }) {
  const known = door(callId);
  // Both are 43 characters, by their shape.
  if (!known || !timingSafeEqual(Buffer.from(known.proof), Buffer.from(shown))) return null;
  const host = await store.userById(known.host.userId);
  return host === null || host.disabled || host.deleted ? null : personOf(host);
}

const look = open(
  {
    method: 'post',
    path: '/api/guest/look',
    summary: 'Whom a guest comes to by a link',
    budget: 'codes',
    body: guests.shownLink,
    answer: guests.openedLink,
    refusals: ['invalid-code'],
  },
  async (deps, { body }) => {
    const host = await hostOf(deps, body);
    if (host === null) return refuse('invalid-code');
    return answer({ host, is: deps.guestFinds(body.callId, null) === 'taken' ? 'taken' : 'open' });
  },
);

const knock = open(
  {
    method: 'post',
    path: '/api/guest/knock',
    summary: 'Be a guest of one call, once somebody lets one in',
    budget: 'codes',
    body: guests.knock,
    answer: guests.admitted,
    refusals: ['invalid-code', 'busy'],
  },
  async (deps, { body }) => {
    const host = await hostOf(deps, body);
    if (host === null) return refuse('invalid-code');
    if (deps.guestFinds(body.callId, null) === 'taken')
      return refuse('busy', { detail: 'Another guest uses this link now.' });
    const sub = userId.parse(`${GUEST}${randomUUID()}`);
    const did = deviceId.parse(randomUUID());
    const token = deps.tokens.issueGuest({ sub, did, call: body.callId, name: body.name });
    return answer({ token, userId: sub, deviceId: did, host });
  },
);

const ice = open(
  {
    method: 'post',
    path: '/api/guest/ice-servers',
    summary: 'What the call of a guest may use now',
    budget: 'codes',
    body: guests.guestAsks,
    answer: iceServers,
    refusals: ['not-found'],
  },
  ({ tokens, config, relay, clock, isSeated }, { body, origin }) => {
    const guest = tokens.verifyGuest(body.token);
    const device = guest && { userId: guest.sub, deviceId: guest.did };
    if (!device || !isSeated(device, guest.call)) return refuse('not-found');
    return answer(iceServersFor(config, relay, { ...device, origin, relayCalls: false }, guest.call, clock.now()));
  },
);

export const guestRoutes = [look, knock, ice];

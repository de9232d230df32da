import { relaysCalls } from '#protocol/api/account';
import * as calls from '#protocol/api/calls';
import { iceServers } from '#protocol/ice-servers';
import { pageQuery } from '#protocol/api/page';
import type { UserId } from '#protocol/ids';
import { iceServersFor } from '../calls/ice-servers.ts';
import { personOf } from '../contacts/profile.ts';
import { answeredAt, isCaller, othersThan, partyOf } from '../store/call-parties.ts';
import type { CallRow } from '../store/calls.ts';
import type { Store } from '../store/store.ts';
import { answer, done, refuse, signedIn } from './route.ts';
import { storePage } from './store-page.ts';

/** A call as one of its people remembers it. */
function entryFor(me: UserId, row: CallRow, others: calls.CallEntry['others']): calls.CallEntry {
  const { reason = null, joinedAt = null, leftAt = null } = partyOf(row, me) ?? {};
  const answered = answeredAt(row);
  const { conversationId } = row;
  return {
    callId: row.callId,
    position: row.position,
    media: row.media,
    at: row.at,
    others,
    direction: isCaller(row, me) ? 'outgoing' : 'incoming',
    ...(answered === null ? {} : { answeredAt: answered }),
    ...(joinedAt === null ? {} : { joinedAt }),
    ...(leftAt === null ? {} : { leftAt }),
    ...(reason === null ? {} : { reason }),
    ...(conversationId === null ? {} : { conversationId }),
  };
}

async function entriesFor(store: Store, me: UserId, rows: CallRow[]): Promise<calls.CallEntry[]> {
  const users = await store.usersById([
    ...new Set(rows.flatMap(row => othersThan(row, me)).map(({ userId }) => userId)),
  ]);
  const people = new Map(users.map(user => [user.id, personOf(user)]));
  return rows.flatMap(row => {
    const [first, ...more] = othersThan(row, me).flatMap(({ userId }) => people.get(userId) ?? []);
    return first === undefined ? [] : entryFor(me, row, [first, ...more]);
  });
}

const list = signedIn(
  { method: 'get', path: '/api/calls', summary: 'The call log, newest first', query: pageQuery, answer: calls.callLog },
  async ({ store }, { who: { userId: me }, query }) => {
    const page = await storePage(
      query,
      (cursor, limit) => store.callsOf(me, cursor, limit),
      rows => entriesFor(store, me, rows),
    );
    if (page.kind !== 'answer') return page;
    return answer({ ...page.body, ...(await store.callsSeen(me)) });
  },
);

const seen = signedIn(
  { method: 'post', path: '/api/calls/seen', summary: 'Raise the mark on the call log', body: calls.callsSeen },
  async ({ store, events }, { who, body }) => {
    await store.markCallsSeen(who.userId, body.upTo);
    events.say({
      kind: 'deliver',
      deliveries: [{ userId: who.userId, except: who.deviceId, frame: { type: 'calls.changed' } }],
    });
    return done();
  },
);

const ice = signedIn(
  {
    method: 'post',
    path: '/api/ice-servers',
    summary: 'What a test call, or a call in which this device has a seat, may use now',
    body: calls.iceServersFor,
    answer: iceServers,
    refusals: ['not-found'],
  },
  ({ config, relay, clock, isSeated }, { who: { userId, deviceId, user }, body, origin }) => {
    if (body.for === 'call' && !isSeated({ userId, deviceId }, body.callId)) return refuse('not-found');
    const asker = { userId, deviceId, origin, relayCalls: relaysCalls(user.settings) };
    return answer(iceServersFor(config, relay, asker, body.for === 'call' ? body.callId : 'test', clock.now()));
  },
);

export const callsRoutes = [list, seen, ice];

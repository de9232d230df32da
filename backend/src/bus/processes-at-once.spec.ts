import fc from 'fast-check';
import type { CallId, ConversationId, MessageId } from '#protocol/ids';
import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { runs, seeds, SLOW_MS } from '../store/contract/seeds.ts';
import { openBrowser, signUp, type Person } from '../testing/browser.ts';
import { suiteOnMongo } from '../testing/mongo.ts';
import type { TestDevice } from '../testing/people.ts';
import { Processes, type Process } from '../testing/processes.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';
import { until } from '../testing/until.ts';

const PROCESSES = 3;
const process = fc.nat(PROCESSES - 1);
const person = fc.nat(2);

type Post = { who: number; at: number; id: number };
const posts = fc.array(fc.record<Post>({ who: fc.nat(1), at: process, id: fc.nat(12) }), {
  minLength: 10,
  maxLength: 50,
  size: 'max',
});
type Invite = { from: number; at: number; to: number };
type Round = { invites: Invite[]; accepts: boolean[] };
const round = fc.record<Round>({
  invites: fc.array(fc.record({ from: person, at: process, to: person }), { minLength: 1, maxLength: 6 }),
  accepts: fc.array(fc.boolean(), { minLength: PROCESSES * 3, maxLength: PROCESSES * 3 }),
});
const rotations = fc.array(fc.array(process, { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 4 });

suiteNeeds(['redis'], 'at three processes at once', () => {
  suiteOnMongo('over a real Redis and a real MongoDB', () => {
    let processes: Processes;
    let all: Process[];
    let people: TestDevice[];
    let conversationId: ConversationId;
    /** Of each person one device at each process. */
    let lines: TestClient[][];

    beforeAll(async () => {
      processes = await Processes.open();
      all = await processes.running(PROCESSES);
      people = await Promise.all(['ada', 'ben', 'eve'].map(name => processes.people.person(name)));
      const [ada, ben, eve] = people as [TestDevice, TestDevice, TestDevice];
      conversationId = await processes.people.befriend(ada, ben);
      await Promise.all([processes.people.befriend(ada, eve), processes.people.befriend(ben, eve)]);
      lines = await Promise.all(
        people.map(who =>
          Promise.all(all.map(async at => processes.connect(at, await processes.people.otherDevice(who)))),
        ),
      );
    }, SLOW_MS);
    afterAll(() => processes.close(), SLOW_MS);

    const line = (who: number, at: number): TestClient => lines[who]![at]!;

    /** The same post said twice, anywhere, is one; and the places have no gap. */
    async function postAll(plan: Post[]): Promise<void> {
      const before = await processes.store.lastSeq(conversationId);
      const ids = Array.from({ length: 2 }, () => Array.from({ length: 13 }, () => newId<MessageId>()));
      const answers = plan.map(async ({ who, at, id: which }) => {
        const id = ids[who]![which]!;
        line(who, at).say({ type: 'chat.post', counts: true, id, conversationId, data: `${who} ${which}` });
        return { id, seq: (await line(who, at).next('chat.posted', posted => posted.id === id)).seq };
      });
      const places = new Map<string, number>();
      for (const { id, seq } of await Promise.all(answers)) {
        if ((places.get(id) ?? seq) !== seq) throw new Error('one post has two places');
        places.set(id, seq);
      }
      const taken = [...places.values()].sort((one, other) => one - other);
      if (taken.some((seq, i) => seq !== before + i + 1)) throw new Error(`places ${taken.join()} after ${before}`);
      const kept = await processes.store.messagesSince(conversationId, people[0]!.userId, before, 100);
      if (kept.map(({ seq }) => seq).join() !== taken.join()) throw new Error('what is kept is not what was answered');
    }

    type Placed = Invite & { callId: CallId };
    type Outcome = { answers: string[]; devices: string[] };

    /** Places all calls, has every ringing device answer, and waits until each caller knows. */
    async function callAll(placed: Placed[], accepts: boolean[]): Promise<Map<string, Outcome>> {
      const outcomes = new Map<string, Outcome>(placed.map(({ callId }) => [callId, { answers: [], devices: [] }]));
      for (const { from, at, to, callId } of placed) {
        line(from, at).say({ type: 'call.invite', receiverId: people[to]!.userId, callId, media: 'audio' });
      }
      await until(() => {
        lines.flat().forEach((one, i) => {
          for (const { callId, senderId } of one.drain('call.invited')) {
            one.say({ type: accepts[i] ? 'call.accept' : 'call.decline', receiverId: senderId, callId });
          }
        });
        for (const { from, at, callId } of placed) {
          const { answers, devices } = outcomes.get(callId)!;
          const own = <T extends { callId: string }>(frame: T) => frame.callId === callId;
          const accepted = line(from, at).unread('call.accepted').filter(own);
          const ended = line(from, at).unread('call.ended').filter(own);
          answers.splice(0, Infinity, ...accepted.map(() => 'accepted'), ...ended.map(({ reason }) => reason));
          devices.splice(0, Infinity, ...accepted.map(({ deviceId }) => deviceId));
        }
        return [...outcomes.values()].every(({ answers }) => answers.length > 0);
      });
      return outcomes;
    }

    async function nobodyThrice({ invites, accepts }: Round): Promise<void> {
      const placed = invites.filter(({ from, to }) => from !== to).map(one => ({ ...one, callId: newId<CallId>() }));
      const outcomes = await callAll(placed, accepts);
      const live = await processes.store.liveCalls();
      const seats = live.flatMap(({ parties }) =>
        parties.map(({ userId, deviceId }) => ({ who: userId, at: deviceId })),
      );
      for (const { userId } of people) {
        const own = seats.filter(({ who }) => who === userId);
        if (own.length > 2) throw new Error('somebody is in a third call');
        if (new Set(own.map(({ at }) => at)).size > 1) throw new Error('somebody is in calls at two devices');
      }
      for (const call of live) {
        const outcome = outcomes.get(call.callId);
        if (call.state !== 'active' || outcome?.answers.join() !== 'accepted')
          throw new Error('it is not answered once');
        if (outcome.devices.join() !== call.parties[1]?.deviceId) throw new Error('another device has the seat');
      }
      const accepted = [...outcomes.values()].filter(({ answers }) => answers.includes('accepted'));
      if (accepted.length !== live.length) throw new Error('a call that was accepted is not there');
      for (const { callId, from, at, to } of placed) {
        if (live.some(call => call.callId === callId)) {
          line(from, at).say({ type: 'call.hangup', receiverId: people[to]!.userId, callId });
        }
      }
      await until(async () => (await processes.store.liveCalls()).length === 0);
      for (const one of lines.flat()) for (const type of ['call.accepted', 'call.ended'] as const) one.drain(type);
    }

    let signedUp: Person;
    const origin = (at: number) => `http://localhost:${all[at]!.http}`;

    /** The cookie that comes of refreshing with these at this process, and the number of the rotation. */
    async function refreshed(at: number, cookies: Map<string, string>): Promise<string> {
      const browser = openBrowser(origin(at), new Map(cookies));
      const { deviceId, deviceSecret } = signedUp;
      const { status, body } = await browser.ask('POST', '/api/auth/refresh', { json: { deviceId, deviceSecret } });
      if (status !== 200) throw new Error(`refreshing: ${status}`);
      const [, claims = ''] = String(body.accessToken).split('.');
      const { gen } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { gen: number };
      return JSON.stringify([gen, [...browser.cookies]]);
    }

    async function rotateAll(plan: number[][]): Promise<void> {
      for (const at of plan) {
        const outcomes = new Set(await Promise.all(at.map(one => refreshed(one, signedUp.browser.cookies))));
        const [outcome = ''] = outcomes;
        if (outcomes.size !== 1) throw new Error('there are two successors');
        const [gen, cookies] = JSON.parse(outcome) as [number, [string, string][]];
        if (gen !== rotation + 1) throw new Error(`rotation ${gen} follows ${rotation}`);
        rotation = gen;
        for (const [name, value] of cookies) signedUp.browser.cookies.set(name, value);
      }
    }
    let rotation = 1;

    for (const seed of seeds()) {
      it(
        `S1, M1: messages have places without gap or duplicate, and one each (seed ${seed})`,
        () => fc.assert(fc.asyncProperty(posts, postAll), runs<[Post[]]>(seed, 6)).then(() => expect().nothing()),
        SLOW_MS,
      );
      it(
        `CA1a: nobody is in a third call, and one device has the seats (seed ${seed})`,
        () => fc.assert(fc.asyncProperty(round, nobodyThrice), runs<[Round]>(seed, 10)).then(() => expect().nothing()),
        SLOW_MS,
      );
      it(
        `A6a: a refresh token has one successor, whoever asks where (seed ${seed})`,
        async () => {
          signedUp ??= await signUp(origin(0), 'mira');
          await fc.assert(fc.asyncProperty(rotations, rotateAll), runs<[number[][]]>(seed, 6));
          expect().nothing();
        },
        SLOW_MS,
      );
    }
  });
});

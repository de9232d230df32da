import type { CallParty, CallRecord } from '../calls.ts';
import type { Store } from '../store.ts';
import { partyOf } from '../call-parties.ts';
import { active, ended, everyPage, ringing, somebody, times, withCallee, type Person } from './people.ts';
import type { DeviceId } from '#protocol/ids';
import { newId } from '../../testing/new-id.ts';

export function describeCalls(store: () => Store): void {
  const some = (count: number): Promise<Person[]> => Promise.all(times(count, () => somebody(store())));
  const liveOf = async (...people: Person[]) =>
    (await store().liveCalls()).filter(call => people.some(({ id }) => partyOf(call, id) !== undefined));
  const logOf = async (me: Person, limit = 50) =>
    (await everyPage(cursor => store().callsOf(me.id, cursor, limit))).map(({ callId }) => callId);
  const record = async (...calls: CallRecord[]): Promise<void> => {
    for (const call of calls) expect(await store().recordCall(call)).toBe('recorded');
  };

  describe('calls', () => {
    it('keeps a call as it goes from ringing to active to ended', async () => {
      const [ada, bob] = await some(2);
      const call = ringing(ada!, bob!);
      for (const state of [call, active(call, bob!.device), ended(active(call, bob!.device), 'peer-lost', 'hung-up')]) {
        await record(state);
        expect(await store().call(call.callId)).toEqual(jasmine.objectContaining(state));
      }
      expect(await store().call(newId())).toBeNull();
      expect(await liveOf(ada!, bob!)).toEqual([]);
    });

    it('S14: of 20 calls of one person at once one is recorded, and nothing of the others', async () => {
      const [ada, ...others] = await some(21);
      const calls = others.map((other, i) => (i % 2 ? ringing(ada!, other) : ringing(other, ada!)));
      const answers = await Promise.all(calls.map(call => store().recordCall(call)));
      expect(answers.filter(answer => answer === 'recorded').length).toBe(1);
      const won = calls[answers.indexOf('recorded')]!;
      expect((await liveOf(ada!)).map(({ callId }) => callId)).toEqual([won.callId]);
      expect(await logOf(ada!)).toEqual([won.callId]);
      for (const call of calls) if (call !== won) expect(await store().call(call.callId)).toBeNull();
    });

    it('S14: two crossing calls are one, and the next one waits for its end', async () => {
      const [ada, bob, eve] = await some(3);
      const crossing = [ringing(ada!, bob!), ringing(bob!, ada!)];
      const answers = await Promise.all(crossing.map(call => store().recordCall(call)));
      expect([...answers].sort()).toEqual(['recorded', 'refused']);
      expect(await store().recordCall(ringing(eve!, bob!))).toBe('refused');
      await record(ended(crossing[answers.indexOf('recorded')]!), ringing(eve!, bob!));
    });

    it('S14: who is in a call can be rung and have a second one, and no third', async () => {
      const [ada, bob, eve, dan] = await some(4);
      const [one, two, three] = [ringing(ada!, bob!), ringing(eve!, bob!), ringing(dan!, bob!)];
      await record(one, active(one, bob!.device), two);
      expect(await store().recordCall(three)).toBe('refused');
      expect(await logOf(bob!)).toEqual([two.callId, one.callId]);
      await record(active(two, bob!.device), three);
      expect((await liveOf(bob!)).map(({ callId }) => callId)).toEqual([one.callId, two.callId, three.callId]);
      expect(await store().recordCall(active(three, bob!.device))).toBe('refused');
      await record(ended(active(one, bob!.device)), active(three, bob!.device), active(two, bob!.device));
      expect((await liveOf(bob!)).flatMap(({ parties }) => parties.map(({ withheld }) => withheld))).toEqual(
        times(4, () => false),
      );
    });

    it('S14: a call that is withheld from its callee keeps them from no other, and is in their log with a reason alone', async () => {
      const [ada, bob, eve] = await some(3);
      const unheard = withCallee(ringing(ada!, bob!), { withheld: true });
      await record(unheard);
      expect([await logOf(ada!), await logOf(bob!)]).toEqual([[unheard.callId], []]);
      expect(await store().recordCall(ringing(eve!, ada!))).toBe('refused');
      const other = ringing(eve!, bob!);
      await record(other);
      expect((await liveOf(ada!, bob!)).map(({ callId, parties }) => [callId, parties[1]?.withheld])).toEqual([
        [unheard.callId, true],
        [other.callId, false],
      ]);
      const concealed = withCallee(other, { withheld: true, reason: 'cancelled', leftAt: 6_500 });
      await record(concealed, ringing(bob!, (await some(1))[0]!));
      expect(await logOf(bob!)).toHaveSize(2);
      await record(ended(unheard, 'no-answer', null), ended(other, 'no-answer', 'cancelled'));
      expect(await logOf(bob!)).toHaveSize(2);
      expect((await store().callsSeen(bob!.id)).missed).toBe(1);
    });

    it('S67: has a line for each person: which device, when they joined, when and why they left, and of which conversation', async () => {
      const [ada, bob] = await some(2);
      const call = active(ringing(ada!, bob!), bob!.device);
      await record(ringing(ada!, bob!, call.callId), call, ended(call, 'peer-lost', 'hung-up'));
      const [line] = await everyPage(cursor => store().callsOf(bob!.id, cursor, 5));
      expect(line?.conversationId).toBe(call.conversationId);
      expect(line?.parties).toEqual([
        {
          userId: ada!.id,
          deviceId: ada!.device,
          joinedAt: 5_000,
          leftAt: 7_000,
          reason: 'peer-lost',
          withheld: false,
        },
        { userId: bob!.id, deviceId: bob!.device, joinedAt: 6_000, leftAt: 7_000, reason: 'hung-up', withheld: false },
      ]);
    });

    it('S67: the line of a person whose call has moved names the device that has their seat now', async () => {
      const [ada, bob] = await some(2);
      const call = active(ringing(ada!, bob!), bob!.device);
      const [laptop, phone] = [newId<DeviceId>(), newId<DeviceId>()];
      const moved = withCallee(call, { deviceId: phone });
      const both = {
        ...moved,
        parties: moved.parties.map((party, i) => (i === 0 ? { ...party, deviceId: laptop } : party)),
      };
      await record(ringing(ada!, bob!, call.callId), call, moved, both);
      expect((await store().call(call.callId))?.parties.map(({ deviceId }) => deviceId)).toEqual([laptop, phone]);
      const { calls } = await store().takeOverCalls();
      expect(calls.find(({ callId }) => callId === call.callId)?.parties).toEqual(both.parties);
      await record(ended(both));
    });

    it('S14, S67: somebody may come into a call, and who has left it is free for another one', async () => {
      const [ada, bob, eve, dan] = await some(4);
      const two = ringing(ada!, bob!);
      const talk = active(two, bob!.device);
      const line = (person: Person, joinedAt: number | null): CallParty => ({
        userId: person.id,
        deviceId: person.device,
        joinedAt,
        leftAt: null,
        reason: null,
        withheld: false,
      });
      const three = { ...talk, parties: [...talk.parties, line(eve!, null)] };
      await record(two, talk, three);
      expect(await store().recordCall(ringing(dan!, eve!))).toBe('refused');
      expect(await store().recordCall(talk)).toBe('refused');
      const met = { ...three, parties: [...talk.parties, line(eve!, 6_500)] };
      await record(met);
      const gone = met.parties.map((party, i) =>
        i === 1 ? { ...party, leftAt: 6_600, reason: 'hung-up' as const } : party,
      );
      await record({ ...met, parties: gone });
      const next = ringing(dan!, bob!);
      await record(next, active(next, bob!.device));
      expect((await liveOf(bob!)).map(({ callId }) => callId)).toEqual([met.callId, next.callId]);
      expect(await store().recordCall(ringing(ada!, (await some(1))[0]!))).toBe('refused');
      expect(await logOf(eve!)).toEqual([met.callId]);
    });

    it('S14: nobody is in a call with themselves', async () => {
      const [ada] = await some(1);
      expect(await store().recordCall(ringing(ada!, ada!))).toBe('refused');
      expect(await liveOf(ada!)).toEqual([]);
    });

    it('S14: an ended call stays as it is, a live one keeps its people and never goes back', async () => {
      const [ada, bob, eve] = await some(3);
      const call = ringing(ada!, bob!);
      await record(call, active(call, bob!.device));
      expect(await store().recordCall(call)).toBe('refused');
      for (const [caller, callee] of [[eve!, bob!] as const, [ada!, eve!] as const]) {
        const foreign = active(ringing(caller, callee, call.callId), callee.device);
        expect(await store().recordCall(foreign)).toBe('refused');
        expect(await store().recordCall(ended(foreign))).toBe('refused');
      }
      await record(ended(call));
      for (const again of [call, active(call, bob!.device), ended(call, 'cancelled')]) {
        expect(await store().recordCall(again)).toBe('refused');
      }
      expect((await store().call(call.callId))?.parties[0]?.reason).toBe('hung-up');
      expect(await liveOf(ada!, bob!, eve!)).toEqual([]);
    });

    it('S30: the registrar that takes over has the highest number and what is live, and no earlier one changes a call', async () => {
      const [ada, bob, eve, dan] = await some(4);
      const [call, other] = [ringing(ada!, bob!), ringing(eve!, dan!)];
      const before = await store().takeOverCalls();
      expect(await store().recordCall(call, before.fence)).toBe('recorded');
      const taken = await Promise.all(times(5, () => store().takeOverCalls()));
      const fences = taken.map(({ fence }) => fence).sort((a, b) => a - b);
      expect(new Set([before.fence, ...fences]).size).toBe(6);
      expect(fences[0]).toBeGreaterThan(before.fence);
      for (const { calls } of taken) expect(calls.map(({ callId }) => callId)).toContain(call.callId);
      expect(await store().recordCall(active(call, bob!.device), before.fence)).toBe('outranked');
      expect(await store().recordCall(active(call, bob!.device), fences.at(-2))).toBe('outranked');
      expect((await store().call(call.callId))?.state).toBe('ringing');
      expect(await store().recordCall(ended(call), fences.at(-1))).toBe('recorded');
      expect(await store().recordCall(other, fences.at(-1))).toBe('recorded');
      await record(ended(other));
    });

    it('S30: a late call of an earlier registrar keeps no person out of a call', async () => {
      const [ada, bob, eve] = await some(3);
      const { fence: early } = await store().takeOverCalls();
      const { fence } = await store().takeOverCalls();
      const late = ringing(ada!, bob!);
      // A store that cannot compare both in one step may let it in, but not for long.
      expect(['recorded', 'outranked']).toContain(await store().recordCall(late, early));
      const call = ringing(eve!, bob!);
      expect(await store().recordCall(call, fence)).toBe('recorded');
      expect((await liveOf(ada!, bob!, eve!)).map(({ callId }) => callId)).toEqual([call.callId]);
      expect((await store().call(late.callId))?.state ?? 'ended').toBe('ended');
    });

    it('S67: logs a call that never rang for its caller alone, unless the callee has a reason', async () => {
      const [ada, bob] = await some(2);
      const [unheard, missed] = [
        ended(ringing(ada!, bob!), 'unavailable', null),
        ended(ringing(ada!, bob!), 'busy', 'missed'),
      ];
      await record(unheard, missed);
      expect(await logOf(ada!)).toEqual([missed.callId, unheard.callId]);
      expect(await logOf(bob!)).toEqual([missed.callId]);
    });

    it('logs the newest first, each once, whatever the page', async () => {
      const [ada, bob] = await some(2);
      const calls = times(9, i => ended(i % 3 ? ringing(ada!, bob!) : ringing(bob!, ada!)));
      await record(...calls);
      const newestFirst = calls.map(({ callId }) => callId).reverse();
      for (const limit of [1, 4, 9, 100]) expect(await logOf(bob!, limit)).toEqual(newestFirst);
    });

    it('S15: the mark only grows, stops at the newest call, and counts what was missed above it', async () => {
      const [ada, bob] = await some(2);
      expect(await store().callsSeen(bob!.id)).toEqual({ seen: 0, missed: 0 });
      const missed = ended(ringing(ada!, bob!), 'no-answer', 'missed');
      const answered = ended(active(ringing(ada!, bob!), bob!.device));
      const cancelled = ended(ringing(ada!, bob!), 'cancelled');
      const own = ended(ringing(bob!, ada!), 'no-answer', 'missed');
      await record(missed, answered, cancelled, own);
      expect((await store().callsSeen(bob!.id)).missed).toBe(2);
      const first = (await store().call(missed.callId))!.position;
      const newest = (await store().call(own.callId))!.position;
      const marks = await Promise.all([1e15, first, -1].map(upTo => store().markCallsSeen(bob!.id, upTo)));
      expect(marks).toEqual([newest, newest, newest]);
      expect(await store().callsSeen(bob!.id)).toEqual({ seen: newest, missed: 0 });
      await record(ended(ringing(ada!, bob!), 'no-answer', 'missed'));
      expect((await store().callsSeen(bob!.id)).missed).toBe(1);
    });
  });
}

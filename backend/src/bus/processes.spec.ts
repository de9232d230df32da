import { randomBytes } from 'node:crypto';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { CLOSE_CODES } from '#protocol/close-codes';
import { suiteOnMongo } from '../testing/mongo.ts';
import type { TestDevice } from '../testing/people.ts';
import { run } from '../testing/process.ts';
import { Processes, type Process } from '../testing/processes.ts';
import { Talk } from '../testing/talk.ts';
import { typeCommand } from '../testing/type-command.ts';
import { Writer } from '../testing/writer.ts';
import { newId } from '../testing/new-id.ts';
import { until } from '../testing/until.ts';

const LIMIT_MS = 120_000;
/** Not the one that tells a new origin. */
const isAgain = ({ how }: { how: string }): boolean => how === 'again';
/** A registrar is replaced within this, in ms; and what a machine that is busy adds. */
const REPLACED_MS = 5_000 + 1_500;

suiteNeeds(['redis'], 'several processes', () => {
  suiteOnMongo('over a real Redis and a real MongoDB', () => {
    let processes: Processes;
    let names = 0;
    /** `one` decides about calls. */
    let [one, two, three]: Process[] = [];
    let [ada, ben]: TestDevice[] = [];
    let talk: Talk;

    beforeAll(async () => {
      processes = await Processes.open();
    }, LIMIT_MS);
    beforeEach(async () => {
      const all = await processes.running(3);
      one = processes.registrar().process;
      [two, three] = all.filter(process => process !== one);
      names++;
      [ada, ben] = await Promise.all(['ada', 'ben'].map(name => processes.people.person(`${name}-${names}`)));
      talk = new Talk(ada!, ben!, await processes.people.befriend(ada!, ben!));
    }, LIMIT_MS);
    afterAll(() => processes.close(), LIMIT_MS);

    const seat = () => jasmine.objectContaining({ callId: talk.callId, as: 'seat', state: 'active' });
    /** This device at another process, with the call its page is in. */
    async function elsewhere(process: Process, device: TestDevice) {
      const line = processes.client(process);
      expect((await line.hello(device.token(), { session: null, calls: [talk.callId] })).calls).toEqual([seat()]);
      return line;
    }

    const metrics = async ({ ops }: Process) => (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();

    it('I6a print the same set-up link', () => {
      const links = [one, two, three].map(process => /set-up#[\w-]{22}/.exec(process!.run.output())?.[0]);
      expect(links[0]).toBeDefined();
      expect(new Set(links).size).toBe(1);
    });

    it(
      'are one: a message, a call between them, and a registrar that is killed in the middle of it',
      async () => {
        const [adaLine, benLine] = [await processes.connect(one!, ada!), await processes.connect(two!, ben!)];
        talk.post(adaLine, 'hello');
        expect((await benLine.next('chat.message')).message.seq).toBe(1);
        await talk.active(adaLine, benLine);
        await talk.offered(adaLine, benLine, 'between processes');
        const [{ fence }, killedAt] = [processes.registrar(), performance.now()];
        one!.run.process.kill('SIGKILL');
        expect((await benLine.next('welcome', isAgain)).calls).toEqual([seat()]);
        expect(performance.now() - killedAt).toBeLessThan(REPLACED_MS);
        expect(processes.registrar().fence).toBeGreaterThan(fence);
        const back = await elsewhere(three!, ada!);
        expect((await benLine.next('call.peer-absent', ({ absent }) => !absent)).absent).toBeFalse();
        await talk.offered(back, benLine, 'on another process');
        expect(await talk.hungUp(back, benLine)).toBe('hung-up');
        // Where a busy machine had no registrar at that moment, a page says it again.
        while ((await processes.store.liveCalls()).length > 0) {
          back.say({ type: 'call.hangup', ...talk.to(ben!) });
          await back.settled();
        }
      },
      LIMIT_MS,
    );

    it(
      'let a registrar that was stopped past its lease do no harm when it goes on',
      async () => {
        const [adaLine, benLine] = [await processes.connect(one!, ada!), await processes.connect(two!, ben!)];
        const benPhone = await processes.connect(three!, await processes.people.otherDevice(ben!));
        for (const line of [benLine, benPhone]) line.drain('welcome');
        one!.run.process.kill('SIGSTOP');
        // It waits in the process that sleeps, and must not ring when it wakes: by then Ben is in another call.
        adaLine.say({ type: 'call.invite', ...talk.to(ben!), media: 'audio' });
        await Promise.all([benLine.next('welcome', isAgain), benPhone.next('welcome', isAgain)]);
        const eve = await processes.people.person(`eve-${names}`);
        const other = new Talk(eve, ben!, await processes.people.befriend(eve, ben!));
        const eveLine = await processes.connect(three!, eve);
        await other.active(eveLine, benLine);
        one!.run.process.kill('SIGCONT');
        expect(await adaLine.closed).toBe(CLOSE_CODES.restart.code);
        talk.callId = newId();
        const adaBack = await processes.connect(one!, ada!);
        adaBack.say({ type: 'call.invite', ...talk.to(ben!), media: 'audio' });
        const beside = await benLine.next('call.invited', ({ waiting }) => waiting === true);
        expect(beside.callId).toBe(talk.callId);
        adaBack.say({ type: 'call.hangup', ...talk.to(ben!) });
        expect((await benLine.next('call.ended')).callId).toBe(talk.callId);
        expect(benPhone.unread('call.invited').map(({ callId }) => callId)).toEqual([other.callId]);
        expect((await processes.store.liveCalls()).map(({ callId }) => callId)).toEqual([other.callId]);
        await other.offered(eveLine, benLine, 'undisturbed');
        await other.hungUp(eveLine, benLine);
      },
      LIMIT_MS,
    );

    it(
      'go on without Redis, say so, refuse new calls, and catch up when it is back',
      async () => {
        const [adaLine, benLine] = [await processes.connect(two!, ada!), await processes.connect(two!, ben!)];
        const benPhone = await processes.connect(three!, await processes.people.otherDevice(ben!));
        await talk.active(adaLine, benLine);
        await processes.redis.kill();
        await until(async () => (await processes.readyz(two!)).includes('the bus is gone'));
        expect(await metrics(two!)).toContain('\nparley_bus_up 0\n');
        for (const line of [adaLine, benPhone]) line.drain('welcome');
        await talk.offered(adaLine, benLine, 'without Redis');
        talk.post(adaLine, 'stored all the same');
        expect((await benLine.next('chat.message')).message.seq).toBe(1);
        adaLine.say({ type: 'call.invite', receiverId: ben!.userId, callId: newId(), media: 'audio' });
        expect((await adaLine.next('fault')).code).toBe('try-later');
        await processes.redis.start();
        expect((await adaLine.next('welcome', isAgain)).calls).toEqual([seat()]);
        // Told on the other process that it missed something: the message is paged from the store.
        await benPhone.next('welcome', isAgain);
        await talk.offered(adaLine, benLine, 'with Redis');
        await until(async () => (await processes.readyz(two!)) === '200 ok');
        await until(async () => (await metrics(two!)).includes('\nparley_bus_up 1\n'));
        await talk.hungUp(adaLine, benLine);
      },
      LIMIT_MS,
    );

    it(
      'are restarted one after the other while two people write and call: all is there once, and the call goes on',
      async () => {
        const [adaLine, benLine] = [await processes.connect(one!, ada!), await processes.connect(two!, ben!)];
        const [adaWrites, benWrites] = [new Writer(talk, adaLine), new Writer(talk, benLine)];
        await talk.active(adaLine, benLine);
        /** Ends a process as a deploy does, while both write; whoever was there goes on at another. */
        async function restarted(from: Process, to: Process, who: TestDevice, writes: Writer): Promise<Process> {
          adaWrites.write('a', 'b', 'c');
          benWrites.write('d', 'e', 'f');
          from.run.process.kill('SIGTERM');
          expect(await writes.line.closed).toBe(CLOSE_CODES.restart.code);
          expect(writes.line.unread('server.restarting')).toHaveSize(1);
          writes.on(await elsewhere(to, who));
          expect(await from.run.exit).toBe(0);
          await Promise.all([adaWrites.settled(), benWrites.settled()]);
          return processes.start(from.env);
        }
        const first = await restarted(one!, three!, ada!, adaWrites);
        expect(await processes.readyz(first)).toBe('200 ok');
        await restarted(two!, first, ben!, benWrites);
        await talk.offered(adaWrites.line, benWrites.line, 'after two restarts');
        const kept = await processes.store.messagesSince(talk.conversationId, ben!.userId, 0, 100);
        const acknowledged = new Map([...adaWrites.acknowledged, ...benWrites.acknowledged]);
        expect(kept.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
        expect(kept.map(message => 'data' in message && message.data)).toEqual(
          kept.map(({ seq }) => acknowledged.get(seq) ?? 'never acknowledged'),
        );
        await talk.hungUp(adaWrites.line, benWrites.line);
      },
      LIMIT_MS,
    );

    it(
      'close the sockets of whom a command shuts out, wherever they are, whether its own process runs or not',
      async () => {
        const adaLine = await processes.connect(two!, ada!);
        const done = jasmine.objectContaining({ code: 0 });
        expect(await typeCommand(three!.env, 'accounts', 'disable', `ada-${names}`)).toEqual(done);
        expect(await adaLine.closed).toBe(CLOSE_CODES.unauthorized.code);
        const benLine = await processes.connect(two!, ben!);
        three!.run.process.kill('SIGTERM');
        await three!.run.exit;
        expect(await typeCommand(three!.env, 'accounts', 'delete', `ben-${names}`)).toEqual(done);
        expect(await benLine.closed).toBe(CLOSE_CODES.unauthorized.code);
      },
      LIMIT_MS,
    );

    it(
      'refuse one whose secrets are not there, or are others: it says so in a sentence and ends with 1',
      async () => {
        const none = run({ ...processes.env(), SECRETS_DIR: '/nowhere' });
        const others = join(one!.env['DATA_DIR'] ?? '', 'others');
        await cp(one!.env['SECRETS_DIR'] ?? '', others, { recursive: true });
        await writeFile(join(others, 'refresh.key'), `${randomBytes(32).toString('base64url')}\n`);
        const foreign = run({ ...processes.env(), SECRETS_DIR: others });
        expect([await none.exit, await foreign.exit]).toEqual([1, 1]);
        const sentence = 'The secret refreshKey is not the one the other processes have.';
        expect(none.output()).toMatch(/^The secret \/nowhere\/access-token.key is not there\. /m);
        expect(foreign.output()).toContain(`\n${sentence} Give every process the same SECRETS_DIR.\n`);
        expect(foreign.output()).not.toMatch(/\n\s+at |listening/);
      },
      LIMIT_MS,
    );
  });
});

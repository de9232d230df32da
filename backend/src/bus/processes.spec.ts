import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { CLOSE_CODES } from '#protocol/close-codes';
import type { TestDevice } from '../testing/live-server.ts';
import { suiteOnMongo } from '../testing/mongo.ts';
import { Processes, type Process } from '../testing/processes.ts';
import type { TestClient } from '../testing/test-client.ts';

const LIMIT_MS = 60_000;

suiteNeeds(['redis'], 'several processes', () => {
  suiteOnMongo('over a real Redis and a real MongoDB', () => {
    let processes: Processes;
    let [one, two]: Process[] = [];
    let [ada, ben]: TestDevice[] = [];
    let conversationId: string;
    let callId: string;

    beforeEach(async () => {
      processes = await Processes.open();
      [one, two] = [await processes.start(), await processes.start()];
      [ada, ben] = await Promise.all(['ada', 'ben'].map(name => processes.person(name)));
      conversationId = await processes.befriend(ada!, ben!);
      callId = crypto.randomUUID();
    }, LIMIT_MS);
    afterEach(() => processes.close(), LIMIT_MS);

    const to = ({ userId }: TestDevice) => ({ receiverId: userId, callId });
    const post = (line: TestClient, data: string) =>
      line.say({ type: 'chat.post', id: crypto.randomUUID(), conversationId, data });
    async function active(adaLine: TestClient, benLine: TestClient): Promise<void> {
      adaLine.say({ type: 'call.invite', ...to(ben!), media: 'video' });
      await benLine.next('call.invited');
      benLine.say({ type: 'call.accept', ...to(ada!) });
      await adaLine.next('call.accepted');
    }
    async function offered(adaLine: TestClient, benLine: TestClient, data: string): Promise<void> {
      adaLine.say({ type: 'call.offer', ...to(ben!), link: 1, data });
      expect((await benLine.next('call.offer')).data).toBe(data);
    }

    it(
      'are one: a message, a call between them, and a registrar that is killed in the middle of it',
      async () => {
        const [adaLine, benLine] = [await processes.connect(one!, ada!), await processes.connect(two!, ben!)];
        post(adaLine, 'hello');
        expect((await benLine.next('chat.message')).message.seq).toBe(1);
        await active(adaLine, benLine);
        await offered(adaLine, benLine, 'between processes');
        const killedAt = performance.now();
        one!.run.process.kill('SIGKILL');
        expect((await benLine.next('welcome')).call).toEqual(jasmine.objectContaining({ callId, as: 'seat' }));
        expect(performance.now() - killedAt).toBeLessThan(6_500);
        const back = processes.client(two!);
        const welcome = await back.hello(ada!.token(), { session: null, call: callId });
        expect(welcome.call).toEqual(jasmine.objectContaining({ callId, as: 'seat', state: 'active' }));
        await offered(back, benLine, 'on the other process');
        back.say({ type: 'call.hangup', ...to(ben!) });
        expect((await benLine.next('call.ended')).reason).toBe('hung-up');
      },
      LIMIT_MS,
    );

    it(
      'let one that was stopped past its lease do no harm when it goes on',
      async () => {
        const [adaLine, benLine] = [await processes.connect(one!, ada!), await processes.connect(two!, ben!)];
        one!.run.process.kill('SIGSTOP');
        benLine.say({ type: 'call.invite', ...to(ada!), media: 'audio' });
        await benLine.next('welcome');
        one!.run.process.kill('SIGCONT');
        expect(await adaLine.closed).toBe(CLOSE_CODES.restart.code);
        expect(adaLine.unread('call.invited')).toEqual([]);
        callId = crypto.randomUUID();
        const adaBack = await processes.connect(one!, ada!);
        await active(adaBack, benLine);
        await offered(adaBack, benLine, 'after the pause');
        expect(await processes.store.liveCalls()).toHaveSize(1);
      },
      LIMIT_MS,
    );

    it(
      'go on without Redis, say so, refuse new calls, and catch up when it is back',
      async () => {
        const readyz = async () => (await fetch(`http://127.0.0.1:${two!.ops}/readyz`)).text();
        const [adaLine, benLine] = [await processes.connect(two!, ada!), await processes.connect(two!, ben!)];
        await active(adaLine, benLine);
        await processes.redis.kill();
        while (!(await readyz()).includes('the bus is gone')) await new Promise(resolve => setImmediate(resolve));
        await offered(adaLine, benLine, 'without Redis');
        post(adaLine, 'stored all the same');
        expect((await benLine.next('chat.message')).message.seq).toBe(1);
        adaLine.say({ type: 'call.invite', receiverId: ben!.userId, callId: crypto.randomUUID(), media: 'audio' });
        expect((await adaLine.next('fault')).code).toBe('try-later');
        await processes.redis.start();
        expect((await adaLine.next('welcome')).call).toEqual(jasmine.objectContaining({ callId, as: 'seat' }));
        await offered(adaLine, benLine, 'with Redis');
        expect(await readyz()).toBe('ok\n');
      },
      LIMIT_MS,
    );

    it(
      'refuse one with other secrets',
      async () => {
        await expectAsync(processes.start({ SECRETS_DIR: '/nowhere' })).toBeRejectedWithError(/is not there/);
      },
      LIMIT_MS,
    );
  });
});

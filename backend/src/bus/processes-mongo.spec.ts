import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { CLOSE_CODES } from '#protocol/close-codes';
import { PATIENCE_MS } from '../store/mongo/connection.ts';
import { openBrowser } from '../testing/browser.ts';
import { canOwn, OwnEngine, suiteOnMongo } from '../testing/mongo.ts';
import { Processes } from '../testing/processes.ts';
import { Talk } from '../testing/talk.ts';
import { Writer } from '../testing/writer.ts';

/**
 * How long MongoDB is gone, in ms. What is different after half a minute is over by then: the driver has given up its
 * connections, has waited for another server as long as it ever does, twice, and buffers nothing.
 */
const GONE_MS = Number(process.env['PARLEY_GONE_MS'] ?? 2 * PATIENCE_MS + 1_000);

suiteNeeds(['redis'], 'several processes whose MongoDB dies', () => {
  suiteOnMongo('under them', () => {
    if (!canOwn) return it('runs', () => pending('needs a mongod of its own'));

    it(
      'keep sockets and calls, refuse posts for now, lose nothing that was acknowledged, and go on by themselves',
      async () => {
        const directory = await mkdtemp(join(tmpdir(), 'parley-mongod-'));
        const engine = await OwnEngine.start(directory);
        const processes = await Processes.open(engine);
        const [one, two] = [await processes.start(), await processes.start()];
        const { people } = processes;
        const [ada, ben] = [await people.person('ada'), await people.person('ben')];
        const talk = new Talk(ada, ben, await people.befriend(ada, ben));
        const [adaLine, benLine] = [await processes.connect(one, ada), await processes.connect(two, ben)];
        const [adaWrites, benWrites] = [new Writer(talk, adaLine), new Writer(talk, benLine)];
        adaWrites.write(...texts('before, by ada'));
        benWrites.write(...texts('before, by ben'));
        await Promise.all([adaWrites.settled(), benWrites.settled()]);
        await talk.active(adaLine, benLine);

        adaWrites.write(...texts('while it dies'));
        await engine.kill();
        const goneAt = performance.now();
        benWrites.write(...texts('while it is gone'));
        for (const process of [one, two]) {
          await adaWrites.until(
            async () => (await processes.readyz(process)) === '503 not ready: the store is unreachable',
          );
        }
        await adaWrites.until(() => adaWrites.refused > 0);
        await talk.offered(adaLine, benLine, 'without MongoDB');
        // It is known to be away: nobody waits to be told so, one behind the other.
        const knownAt = performance.now();
        const before = adaWrites.refused;
        adaWrites.write(...texts('and one'), ...texts('and two'), ...texts('and three'));
        await adaWrites.until(() => adaWrites.refused >= before + 9);
        const read = await openBrowser(`http://localhost:${one.http}`).ask('GET', '/api/me', { token: ada.token() });
        expect([read.status, read.body.type]).toEqual([429, 'busy']);
        const late = processes.client(one);
        await late.open();
        late.write({ type: 'hello', token: ben.token() });
        expect(await late.closed).toBe(CLOSE_CODES.restart.code);
        expect(performance.now() - knownAt).toBeLessThan(2 * PATIENCE_MS);
        await Promise.all(
          [adaWrites, benWrites].map(writes =>
            writes.until(() => performance.now() - goneAt > GONE_MS && writes.refused > texts('').length),
          ),
        );

        await engine.restart();
        await Promise.all([adaWrites.settled(), benWrites.settled()]);
        for (const process of [one, two]) expect(await processes.readyz(process)).toBe('200 ok');
        const kept = await processes.store.messagesSince(talk.conversationId, ben.userId, 0, 100);
        const acknowledged = new Map([...adaWrites.acknowledged, ...benWrites.acknowledged]);
        expect(kept.map(({ seq }) => seq)).toEqual(Array.from({ length: 7 * texts('').length }, (_, i) => i + 1));
        for (const message of kept) {
          expect('data' in message && message.data).toBe(acknowledged.get(message.seq) ?? 'never acknowledged');
        }
        expect(await talk.hungUp(adaLine, benLine)).toBe('hung-up');
        await processes.close();
        await rm(directory, { recursive: true });
      },
      GONE_MS + 120_000,
    );
  });
});

const texts = (what: string): string[] => ['one', 'two', 'three'].map(which => `${what}: ${which}`);

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { CLOSE_CODES } from '#protocol/close-codes';
import { PATIENCE_MS } from '../store/mongo/connection.ts';
import { openBrowser } from '../testing/browser.ts';
import { canOwn, OwnEngine, suiteOnMongo } from '../testing/mongo.ts';
import { endAll } from '../testing/process.ts';
import { Processes } from '../testing/processes.ts';
import { Talk } from '../testing/talk.ts';
import { Writer } from '../testing/writer.ts';

/** How long MongoDB is gone, in ms. */
const GONE_MS = 30_000;
/** Everything works again within this after it is back, in ms. */
const BACK_MS = 5_000;
/** What a machine adds that is busy with other specs, in ms. */
const BUSY_MS = 1_500;

/** How MongoDB goes and comes back, and how many processes are over it. */
type Outage = {
  how: string;
  count: number;
  leave(engine: OwnEngine): void;
  comeBack(engine: OwnEngine): Promise<void>;
};

const OUTAGES: Outage[] = [
  { how: 'killed', count: 2, leave: engine => void engine.kill(), comeBack: engine => engine.restart() },
  // It keeps its connections and says nothing.
  { how: 'stopped', count: 1, leave: engine => engine.freeze(), comeBack: async engine => engine.thaw() },
];

suiteNeeds(['redis'], 'processes whose MongoDB is gone for half a minute', () => {
  suiteOnMongo('under them', () => {
    if (!canOwn) return it('runs', () => pending('needs a mongod of its own'));

    it(
      'keep sockets and calls, answer in time that it has to wait, lose nothing that was acknowledged, and go on by themselves',
      async () => {
        const ended = await Promise.all(OUTAGES.map(outage => goneUnder(outage)));
        await endAll();
        for (const end of ended) await end();
      },
      GONE_MS + 120_000,
    );
  });
});

/** @returns what ends its engines, once no process is left */
async function goneUnder({ how, count, leave, comeBack }: Outage): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-mongod-'));
  const engine = await OwnEngine.start(directory);
  const processes = await Processes.open(engine);
  const all = await Promise.all(Array.from({ length: count }, () => processes.start()));
  const [one, other] = [all[0]!, all.at(-1)!];
  const { people } = processes;
  const [ada, ben] = [await people.person('ada'), await people.person('ben')];
  const talk = new Talk(ada, ben, await people.befriend(ada, ben));
  const [adaLine, benLine] = [await processes.connect(one, ada), await processes.connect(other, ben)];
  const [adaWrites, benWrites] = [new Writer(talk, adaLine), new Writer(talk, benLine)];
  const both = [adaWrites, benWrites];
  adaWrites.write(...texts('before, by ada'));
  benWrites.write(...texts('before, by ben'));
  await Promise.all(both.map(writes => writes.settled()));
  await talk.active(adaLine, benLine);

  adaWrites.write(...texts('while it goes'));
  leave(engine);
  const goneAt = performance.now();
  benWrites.write(...texts('while it is gone'));
  const token = ada.token();
  const read = async () => {
    const { status, body } = await openBrowser(`http://localhost:${one.http}`).ask('GET', '/api/me', { token });
    return [status, body.type as string];
  };
  expect(await read())
    .withContext(how)
    .toEqual([429, 'busy']);
  expect(performance.now() - goneAt)
    .withContext(`${how}: a page that reads`)
    .toBeLessThan(PATIENCE_MS + BUSY_MS);
  for (const process of all)
    await adaWrites.until(async () => (await processes.readyz(process)) === '503 not ready: the store is unreachable');
  await Promise.all(both.map(writes => writes.until(() => writes.refused > 0)));
  await talk.offered(adaLine, benLine, 'without MongoDB');
  // The store knows that MongoDB is away: each post is refused at once, not one after the other.
  const knownAt = performance.now();
  const before = adaWrites.refused;
  adaWrites.write(...texts('and one'), ...texts('and two'), ...texts('and three'));
  await adaWrites.until(() => adaWrites.refused >= before + 9);
  expect(await read())
    .withContext(how)
    .toEqual([429, 'busy']);
  const late = processes.client(one);
  await late.open();
  late.write({ type: 'hello', token: ben.token() });
  expect(await late.closed)
    .withContext(how)
    .toBe(CLOSE_CODES.restart.code);
  expect(performance.now() - knownAt)
    .withContext(`${how}: three asked one after the other`)
    .toBeLessThan(PATIENCE_MS + BUSY_MS);
  await Promise.all(both.map(writes => writes.until(() => performance.now() - goneAt > GONE_MS)));
  for (const { longestMs } of both)
    expect(longestMs)
      .withContext(`${how}: a post`)
      .toBeLessThan(PATIENCE_MS + BUSY_MS);

  await comeBack(engine);
  const backAt = performance.now();
  await Promise.all(both.map(writes => writes.settled()));
  for (const process of all) await adaWrites.until(async () => (await processes.readyz(process)) === '200 ok');
  expect((await read())[0])
    .withContext(how)
    .toBe(200);
  expect(performance.now() - backAt)
    .withContext(`${how}: back`)
    .toBeLessThan(BACK_MS + BUSY_MS);
  // The store of this spec finds MongoDB again by itself, too, and no sooner than those of the processes.
  let kept: Awaited<ReturnType<typeof processes.store.messagesSince>> = [];
  await adaWrites.until(async () => {
    kept = await processes.store.messagesSince(talk.conversationId, ben.userId, 0, 100).catch(() => []);
    return kept.length > 0;
  });
  const acknowledged = new Map(both.flatMap(writes => [...writes.acknowledged]));
  expect(kept.map(({ seq }) => seq)).toEqual(Array.from({ length: 7 * texts('').length }, (_, i) => i + 1));
  for (const message of kept)
    expect('data' in message && message.data).toBe(acknowledged.get(message.seq) ?? 'never acknowledged');
  expect(await talk.hungUp(adaLine, benLine)).toBe('hung-up');
  return async () => {
    await processes.close();
    await rm(directory, { recursive: true });
  };
}

const texts = (what: string): string[] => ['one', 'two', 'three'].map(which => `${what}: ${which}`);

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoGate } from './testing/mongo-gate.ts';
import { specDatabase, suiteOnMongo } from './testing/mongo.ts';
import { endAll, run, said } from './testing/process.ts';
import { until } from './testing/until.ts';

describe('A process that cannot have its MongoDB', () => {
  afterEach(endAll);

  for (const [where, sentence] of [
    ['127.0.0.1:1/parley', 'MongoDB at 127.0.0.1:1 cannot be reached'],
    ['127.0.0.1:1/parley?safety=yes', 'STORE cannot be used: option safety is not supported'],
  ] as const)
    it(`stops with a sentence, and without the password: ${sentence}`, async () => {
      const directory = await mkdtemp(join(tmpdir(), 'parley-store-'));
      const environment = { DATA_DIR: directory, TLS: 'off', HTTP_PORT: '0', OPS_LISTEN: '127.0.0.1:0' };
      const process = run({ ...environment, STORE: `mongodb://ada:open-sesame@${where}` });
      expect(await process.exit).toBe(1);
      expect(process.output()).toContain(sentence);
      expect(process.output()).not.toMatch(/open-sesame|\n\s+at /);
      await rm(directory, { recursive: true });
    }, 60_000);
});

suiteOnMongo('A process on MongoDB', () => {
  afterEach(endAll);

  it('serves, says what is missing while the engine is away, and goes on by itself', async () => {
    const { url, drop } = await specDatabase();
    const gate = await MongoGate.before(url);
    const directory = await mkdtemp(join(tmpdir(), 'parley-store-'));
    const environment = { DATA_DIR: directory, TLS: 'off', HTTP_PORT: '0', OPS_LISTEN: '127.0.0.1:0' };
    const process = run({ ...environment, STORE: gate.through(url) });
    const [, ops] = await said(process, /"opsPort":(\d+)/);
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${ops}/readyz`);
      return `${response.status} ${await response.text()}`;
    };
    const becomes = (wanted: string) => until(async () => (await ready()) === wanted);
    expect(await ready()).toBe('200 ok\n');
    gate.cut();
    await becomes('503 not ready: the store is unreachable\n');
    gate.join();
    await becomes('200 ok\n');
    expect(process.output()).toContain('STORE names no user');
    process.process.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    await gate.close();
    await rm(directory, { recursive: true });
    await drop();
  }, 60_000);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canOwn, OwnEngine, suiteOnMongo } from '../../backend/src/testing/mongo.ts';
import { Processes, type Process } from '../../backend/src/testing/processes.ts';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { Caller } from './caller.ts';
import { GROUND, openBrowser } from './chromium.ts';
import { acquainted } from './installation.ts';
import { Person } from './person.ts';

import { until } from './until.ts';
import { Wire } from './wire.ts';

/** Mira's browser is led to one process or another, as a proxy would; Jonas stays at his. */
suiteNeeds(['chromium', 'redis'], 'Two people at different processes', () => {
  suiteOnMongo('over a real Redis and a real MongoDB', () => {
    if (!canOwn) return it('runs', () => pending('needs a mongod of its own'));
    let directory: string;
    let engine: OwnEngine;
    let processes: Processes;
    let [hers, his, third]: Process[] = [];
    let wire: Wire;
    let mira: Person;
    let jonas: Person;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'parley-mongod-'));
      engine = await OwnEngine.start(directory);
      processes = await Processes.open(engine);
      [hers, his, third] = await processes.running(3);
      wire = await Wire.to(hers!.http);
      const browsers = await Promise.all([openBrowser(GROUND.mira), openBrowser(GROUND.jonas)]);
      mira = await Person.at(browsers[0], wire.origin, 'Mira Sand');
      jonas = await Person.at(browsers[1], `http://localhost:${his!.http}`, 'Jonas Weber');
      await acquainted(mira, jonas);
    });
    afterAll(async () => {
      expect([mira, jonas].flatMap(({ complaints }) => complaints.all)).toEqual([]);
      await Promise.all([mira, jonas].map(({ browser }) => browser.close()));
      await wire.close();
      await processes.close();
      await rm(directory, { recursive: true });
    });

    /** The process dies, and with it whatever led to it. */
    function killed(process: Process): void {
      wire.down();
      process.run.process.kill('SIGKILL');
    }
    async function ledTo(process: Process): Promise<void> {
      wire.lead(process.http);
      wire.up();
      await mira.isLive();
    }

    it('write, and call each other: one process after another dies, and the call goes on until it is hung up', async () => {
      await Promise.all([mira.openChat(jonas), jonas.openChat(mira)]);
      await mira.write('Are you on the other one');
      await jonas.reads('Are you on the other one');
      await jonas.write('I am');
      await mira.reads('I am');

      const [caller, called] = [new Caller(mira), new Caller(jonas)];
      await caller.calls(jonas);
      await called.isRung(mira);
      await called.accepts();
      const seeEachOther = () => Promise.all([caller.sees(GROUND.jonas), called.sees(GROUND.mira), called.hears()]);
      await seeEachOther();

      killed(hers!);
      await caller.reads('No connection to the server');
      await seeEachOther();
      await ledTo(third!);
      await caller.presses('Mute');
      await called.reads('Mira Sand is muted');
      await caller.presses('Mute');
      await seeEachOther();

      killed(third!);
      await caller.reads('No connection to the server');
      await seeEachOther();
      await called.hangsUp();
      await Promise.all([called.isFree(), called.holdsNothing()]);
      await ledTo(await processes.start());
      await caller.reads('Call ended');
      await caller.holdsNothing();
      for (const one of [caller, called]) await one.closesOutcome();
    });

    it('write while MongoDB is gone: it waits on their devices, and is there once when it is back', async () => {
      await Promise.all([mira.openChat(jonas), jonas.openChat(mira)]);
      await engine.kill();
      await until(
        'a process says that its store is gone',
        () => processes.readyz(his!),
        said => said === '503 not ready: the store is unreachable',
      );
      await mira.write('Written by Mira without a store');
      await jonas.write('Written by Jonas without a store');
      for (const person of [mira, jonas]) await person.page.locator('parley-bubble.waiting').waitFor();
      await engine.restart();
      for (const person of [mira, jonas]) {
        for (const name of ['Mira', 'Jonas']) await person.reads(`Written by ${name} without a store`);
        await person.page.locator('parley-bubble.waiting').waitFor({ state: 'detached' });
        expect(await person.page.locator('parley-bubble').count()).toBe(4);
      }
    });

    it('are told that calls wait while Redis is gone, and read what was written meanwhile when it is back', async () => {
      await processes.redis.kill();
      await until(
        'a process says that the bus is gone',
        () => processes.readyz(his!),
        said => said === '200 the bus is gone: new calls wait',
      );
      await mira.write('Written by Mira without a bus');
      await mira.page.locator('parley-bubble.waiting').waitFor({ state: 'detached' });
      const caller = new Caller(mira);
      await caller.calls(jonas);
      await caller.reads('The server cannot place calls at the moment.');
      await caller.closesOutcome();
      expect(await jonas.bubble('Written by Mira without a bus').count()).toBe(0);
      await processes.redis.start();
      await jonas.reads('Written by Mira without a bus');
      expect(await jonas.page.locator('parley-incoming-call').count()).toBe(0);
    });
  });
});

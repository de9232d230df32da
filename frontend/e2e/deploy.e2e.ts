import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { faultsOf } from './accessibility.ts';
import { Caller } from './caller.ts';
import { WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { copyOfBuild, deployAnother, removeBuild } from './second-build.ts';
import { until } from './until.ts';

/** What a page says of a part of its app that is gone; the app mends it, and the browser says it all the same. */
const GONE = /Failed to fetch dynamically imported module/;

describe('A new version, deployed while a page is open', () => {
  let app: string;
  let installation: Installation;
  let mira: Person;
  let jonas: Person;

  beforeAll(async () => {
    app = await copyOfBuild();
    installation = await Installation.open({ APP_DIR: app });
    // One worker fetches each new app; a second one would cost as much again and show nothing more.
    [mira, jonas] = await installation.miraAndJonas(WITH_WORKER);
  });
  afterAll(async () => {
    const complaints = await installation.close();
    await removeBuild(app);
    expect(complaints.filter(line => !GONE.test(line))).toEqual([]);
  });

  const entry = (page: Page) => page.locator('script[type=module][src]').first().getAttribute('src');
  const offer = (page: Page) => page.getByText('A new version of Parley is ready.');

  async function deploy(): Promise<void> {
    await deployAnother(app);
    await installation.server.restart();
    await Promise.all([mira.isLive(), jonas.isLive()]);
  }

  it('announces itself, and is used without losing the place, a draft or a message that waits', async () => {
    await mira.openChat(jonas);
    await holdsTheWorker(mira.page);
    const [before, place] = [await entry(mira.page), mira.page.url()];
    await deploy();
    await offer(mira.page).waitFor();
    expect(await faultsOf(mira.page, 'update')).toEqual([]);

    await installation.server.stop();
    await mira.page.getByText('The server does not answer').filter({ visible: true }).waitFor();
    await mira.write('Waits for the new one');
    await mira.page.locator('parley-bubble.waiting').waitFor();
    await mira.composer.fill('Half a thought');
    await mira.page.getByRole('button', { name: 'Reload' }).click();
    await until(
      'the new app runs',
      async () => entry(mira.page).catch(() => before),
      now => now !== before,
    );
    expect(mira.page.url()).toBe(place);
    await mira.hasDraft('Half a thought');
    await mira.bubble('Waits for the new one').getByText('Waiting to be sent').waitFor({ state: 'attached' });
    await installation.server.start();
    await jonas.openChat(mira);
    await jonas.reads('Waits for the new one');
  });

  it('comes twice while the page waits, which then runs the newest and nothing of the one between', async () => {
    await mira.openChat(jonas);
    await holdsTheWorker(mira.page);
    const first = await newestOf(mira.page);
    for (let known = first, times = 0; times < 2; times += 1) {
      await deploy();
      known = await until(
        'the worker has it',
        () => newestOf(mira.page),
        newest => newest !== known,
      );
    }
    await offer(mira.page).waitFor();
    await mira.page.getByRole('button', { name: 'Reload' }).click();
    const served = new Set(await readdir(app));
    await until(
      'the newest app runs',
      async () => (await entry(mira.page).catch(() => null)) ?? '',
      now => served.has(now.replace('/', '')),
    );
    await mira.isLive();
    await mira.go('Settings');
    const loaded = await mira.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.slice(1)),
    );
    const scripts = loaded.filter(name => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.filter(name => !served.has(name))).toEqual([]);
  });

  it('leaves a call alone, and is offered when it is over', async () => {
    await holdsTheWorker(mira.page);
    // His page has no worker: what it has not loaded yet of its app is gone by now.
    await jonas.reload();
    const [caller, called] = [new Caller(mira), new Caller(jonas)];
    await caller.calls(jonas);
    await called.isRung(mira);
    await called.accepts();
    await caller.seesMotion();
    await mira.page.evaluate(() => {
      navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
        if (data.type === 'VERSION_READY') document.documentElement.dataset['ready'] = 'yes';
      });
    });
    const before = await newestOf(mira.page);
    // A server that came and went just before takes nothing from the one that brings the new app.
    await installation.server.restart();
    await mira.isLive();
    await deploy();
    await until(
      'the worker has the new app',
      () => newestOf(mira.page),
      newest => newest !== before,
    );
    await mira.page.locator('html[data-ready]').waitFor();
    await caller.seesMotion();
    expect(await offer(mira.page).count()).toBe(0);
    await Promise.all([caller.hangsUp(), called.reads('Call ended')]);
    await offer(mira.page).waitFor();
  });
});

describe('A page without a worker, whose app was replaced', () => {
  let app: string;
  let installation: Installation;
  let ada: Person;
  let loads = 0;

  beforeAll(async () => {
    app = await copyOfBuild();
    installation = await Installation.open({ APP_DIR: app });
    // A certificate that was only clicked through: browsers give such a page no worker.
    ada = await installation.member(
      'Ada Okafor',
      { ...WITH_WORKER, ignoreHTTPSErrors: true },
      installation.server.httpsOrigin,
    );
    ada.page.on('load', () => loads++);
  });
  afterAll(async () => {
    const complaints = await installation.close();
    await removeBuild(app);
    expect(complaints.filter(line => !GONE.test(line))).toEqual([]);
  });

  it('is loaded again where its person wanted to go, once', async () => {
    await deployAnother(app);
    await ada.go('Contacts');
    expect(loads).toBe(1);
    await ada.go('Settings');
    expect(loads).toBe(1);
  });

  it('says so, and stays, where the server does not have it either', async () => {
    const scripts = (await readdir(app)).filter(name => name.endsWith('.js'));
    for (const name of scripts) {
      if ((await readFile(join(app, name), 'utf8')).includes('parley-call-log-page')) await rm(join(app, name));
    }
    await ada.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Calls' }).click();
    await ada.page.getByText('This part of Parley could not be loaded.').waitFor();
    expect(loads).toBe(1);
    await ada.page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  });
});

/** The worker has this page: only then does it know which version the page runs. */
async function holdsTheWorker(page: Page): Promise<void> {
  await until(
    'the worker controls the page',
    () => page.evaluate(() => navigator.serviceWorker.controller !== null),
    controls => controls,
  );
}

/** What the worker says of the newest app it has. */
const newestOf = (page: Page) =>
  page.evaluate(async () => /Latest manifest hash: \w+/.exec(await (await fetch('/ngsw/state')).text())?.[0]);

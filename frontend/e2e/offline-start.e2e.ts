import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import { Person } from './person.ts';
import { Profile } from './profile.ts';
import { tracesOf } from './traces.ts';
import { until } from './until.ts';

suiteNeeds(['certutil'], 'Parley over https', () => {
  let installation: Installation;
  let profile: Profile;

  beforeAll(async () => {
    installation = await Installation.open();
    profile = await Profile.make();
    await profile.trust(installation.server.rootCertificate);
  });
  afterAll(async () => {
    await profile.dispose();
    expect(await installation.close()).toEqual([]);
  });

  it('starts cold while the server is stopped, where its certificate is trusted, and shows what was read', async () => {
    const { server } = installation;
    const jonas = await installation.member('Jonas Weber');
    const context = await profile.open();
    const mira = new Person('Mira Sand', context, await context.newPage(), server.httpsOrigin);
    await mira.signUp();
    await mira.ask(jonas);
    await jonas.accept(mira);
    await mira.openChat(jonas);
    await mira.write('The kettle is on');
    await jonas.openChat(mira);
    // Else his answer may be the first of the two.
    await jonas.reads('The kettle is on');
    await jonas.write('Coming over');
    await mira.reads('Coming over');
    // It is drawn before it is stored.
    await until(
      'it is stored',
      () => tracesOf(mira.page, [], { said: 'Coming over' }),
      places => places.includes('databases: said'),
    );
    const conversation = new URL(mira.page.url()).pathname;
    await mira.open('/settings/storage');
    await mira.page.getByText('Parley opens without a connection.').waitFor();
    await holdsTheApp(mira);
    await mira.page.close();
    await server.stop();

    const later = new Person('Mira Sand', context, await context.newPage(), server.httpsOrigin);
    await later.open('/chats');
    await later.page.locator('parley-chat-row').getByText('Coming over').waitFor();
    await later.open(conversation);
    await Promise.all([later.reads('The kettle is on'), later.reads('Coming over')]);
    await later.page.getByText('The server does not answer').filter({ visible: true }).waitFor();
    await later.write('Read on the way');
    await later.bubble('Read on the way').getByText('Waiting to be sent').waitFor({ state: 'attached' });

    await server.start();
    await jonas.reads('Read on the way');
    expect([...mira.complaints.all, ...later.complaints.all]).toEqual([]);
    await context.close();
  });

  it('runs where its certificate was only clicked through, and says that it cannot start offline', async () => {
    const ada = await installation.member(
      'Ada Okafor',
      { ...WITH_WORKER, ignoreHTTPSErrors: true },
      installation.server.httpsOrigin,
    );
    await ada.open('/settings/storage');
    await ada.page.getByText('Parley cannot open without a connection here').waitFor();
  });
});

/** The worker has fetched everything it serves without a server: its caches no longer grow. */
async function holdsTheApp(person: Person): Promise<void> {
  await until(
    'the worker controls the page',
    () => person.page.evaluate(() => navigator.serviceWorker.controller !== null || location.reload()),
    controls => controls === true,
  );
  let before = -1;
  await until(
    'the worker has everything',
    () =>
      person.page.evaluate(async () => {
        const { assetGroups } = (await (await fetch('/ngsw.json')).json()) as { assetGroups: { urls: string[] }[] };
        const wanted = assetGroups.flatMap(group => group.urls).length;
        const names = (await caches.keys()).filter(name => name.includes(':assets:') && name.endsWith(':cache'));
        const held = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).length));
        return held.reduce((sum, count) => sum + count, 0) - wanted;
      }),
    missing => {
      const settled = missing >= 0 || (missing === before && missing > -3);
      before = missing;
      return settled;
    },
  );
}

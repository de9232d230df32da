import type { Page } from 'playwright-core';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { faultsOf } from './accessibility.ts';
import { SIZES, WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { Profile } from './profile.ts';
import { until } from './until.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1';

/** The members of our manifest that name files. */
interface Manifest {
  readonly id: string;
  readonly icons: { src: string; type: string; purpose: string }[];
  readonly screenshots: { src: string; type: string }[];
  readonly shortcuts: { url: string; icons: { src: string; type: string }[] }[];
}

suiteNeeds(['certutil'], 'Parley over https, in a profile that trusts its root', () => {
  it('can be installed: Chromium has nothing against it, and all that the manifest names is there', async () => {
    const installation = await Installation.open();
    const profile = await Profile.make();
    await profile.trust(installation.server.rootCertificate);
    const context = await profile.open();
    const page = await context.newPage();
    await page.goto(`${installation.server.httpsOrigin}/sign-in`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const devtools = await context.newCDPSession(page);
    await until(
      'nothing is against installing',
      async () => (await devtools.send('Page.getInstallabilityErrors')).installabilityErrors,
      errors => errors.length === 0,
      30_000,
    );
    const { errors, data = '' } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { id, icons, screenshots, shortcuts } = JSON.parse(data) as Manifest;
    expect(id).toBe('/');
    expect(new Set(icons.map(({ purpose }) => purpose))).toEqual(new Set(['any', 'maskable', 'monochrome']));
    const files = [...icons, ...screenshots, ...shortcuts.flatMap(shortcut => shortcut.icons)];
    for (const { src, type } of files) {
      const answer = await page.request.get(`${installation.server.origin}/${src}`);
      expect([src, answer.status(), answer.headers()['content-type']]).toEqual([src, 200, type]);
    }
    await context.close();
    await profile.dispose();
    expect(await installation.close()).toEqual([]);
  });
});

describe('The offer to install', () => {
  let installation: Installation;
  let mira: Person;
  const card = (page: Page) => page.locator('parley-install-card .note');

  beforeAll(async () => {
    installation = await Installation.open();
    [mira] = await installation.miraAndJonas(WITH_WORKER);
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  /** What Chromium sends where it finds that somebody uses the app often enough, which no test can wait for. */
  const offer = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const event = new Event('beforeinstallprompt', { cancelable: true });
      const prompt = () => {
        document.title = 'asked';
        return Promise.resolve({ outcome: 'accepted' });
      };
      window.dispatchEvent(Object.assign(event, { prompt }));
    });

  it('comes with the browser’s own, asks it, and is gone', async () => {
    expect(await card(mira.page).count()).toBe(0);
    await offer(mira.page);
    await card(mira.page).waitFor();
    expect(await faultsOf(mira.page, 'install card')).toEqual([]);
    await card(mira.page).getByRole('button', { name: 'Install' }).click();
    await card(mira.page).waitFor({ state: 'detached' });
    expect(await mira.page.title()).toBe('asked');
  });

  it('is dismissed for good, and stays in the settings', async () => {
    await offer(mira.page);
    await card(mira.page).getByRole('button', { name: 'Not now' }).click();
    await mira.open('/settings/install');
    await offer(mira.page);
    await mira.page.getByRole('button', { name: 'Install', exact: true }).waitFor();
    expect(await faultsOf(mira.page, 'settings, install')).toEqual([]);
    await mira.go('Chats');
    await mira.page.locator('parley-chat-row').first().waitFor();
    expect(await card(mira.page).count()).toBe(0);
  });

  it('is nowhere in an app that is installed', async () => {
    // Only a launch from the system gives a page this mode, and no headless browser has one.
    await mira.page.addInitScript(() => {
      const native = window.matchMedia.bind(window);
      window.matchMedia = query => native(query.includes('standalone') ? 'all' : query);
    });
    await mira.open('/settings');
    await mira.page.getByRole('link', { name: 'Storage' }).waitFor();
    expect(await mira.page.getByRole('link', { name: 'Install Parley' }).count()).toBe(0);
  });

  it('is a pictured guide on an iPhone', async () => {
    const ada = await installation.member('Ada Okafor', { userAgent: IPHONE, viewport: SIZES.phone, hasTouch: true });
    await ada.befriend(mira);
    const note = ada.page.locator('parley-notify-card').getByRole('button', { name: 'Not now' });
    const how = card(ada.page).getByRole('link', { name: 'Show me how' });
    // Both are loaded late: which one stands here is not known before one of them does.
    await note.or(how).first().waitFor();
    if (await note.isVisible()) await note.click();
    await how.click();
    await ada.page.getByRole('heading', { name: '2. Choose “Add to Home Screen”' }).waitFor();
    expect(await ada.page.locator('parley-install-guide svg').count()).toBe(3);
    expect(await faultsOf(ada.page, 'guide for iOS')).toEqual([]);
  });
});

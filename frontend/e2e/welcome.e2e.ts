import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { faultsOf } from './accessibility.ts';
import { openBrowser, SIZES } from './chromium.ts';
import { nearby } from './nearby.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';
import { Profile } from './profile.ts';
import { until } from './until.ts';

/** How long the app waits before it shows other addresses, and between two attempts at most (src/app/signaling/), ms. */
const ELSEWHERE_AFTER_MS = 15_000;
const BACKOFF_MOST_MS = 20_000;

const SYSTEMS = [
  ...['ios', 'ipados', 'android-chrome', 'android-firefox', 'macos-safari', 'macos-chrome', 'macos-firefox'],
  ...['windows-chrome', 'windows-firefox', 'linux-chrome', 'linux-firefox'],
];

/** How often a page has asked whether the certificate is trusted, and in vain. */
function unanswered(page: Page): () => number {
  let count = 0;
  page.on('requestfailed', request => (count += request.url().endsWith('/trust') ? 1 : 0));
  return () => count;
}

/** What a page's content security policy has kept it from. */
function violations(page: Page): string[] {
  const found: string[] = [];
  page.on('console', message => {
    if (message.text().includes('Content Security Policy')) found.push(message.text());
  });
  return found;
}

suiteNeeds(['certutil'], 'A device on the LAN', () => {
  let server: ParleyServer;
  let profile: Profile;
  let context: BrowserContext;
  let lan: { http: string; https: string };

  beforeAll(async () => {
    server = await ParleyServer.start({ INSTALLATION_NAME: 'Parley at home' });
    const found = nearby(server);
    if (found === undefined) throw new Error('this machine has no private address');
    lan = found;
    profile = await Profile.make();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await server.dispose();
    await profile.dispose();
  });

  it('is told how to trust the server, gets the root, and waits without trust for as long as it takes', async () => {
    context = await profile.open();
    const page = await context.newPage();
    const [count, refused] = [unanswered(page), violations(page)];
    await page.goto(lan.http);
    await page.getByRole('heading', { name: 'Trust this server, once' }).waitFor();
    await page.getByText('Waiting for a safe connection').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download parley.crt' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('parley.crt');
    const root = new X509Certificate(await readFile(await download.path()));
    expect(root.fingerprint256).toBe(new X509Certificate(await readFile(server.rootCertificate)).fingerprint256);
    await page.locator('.step.current').getByText('Add it to Chrome').waitFor();
    await until('it has asked in two rounds', () => Promise.resolve(count() >= 3), Boolean);
    expect(await page.locator('.trusted').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'I have done it' }).getAttribute('href')).toBe(`${lan.https}/sign-up`);
    expect(refused).toEqual([]);
  });

  it('turns green by itself once the root is trusted, and leads to the sign-up page with a worker', async () => {
    await profile.trust(server.rootCertificate);
    // A browser that runs has read what it trusts already: like a phone after its settings, it opens the page once more.
    context = await profile.open();
    const page = await context.newPage();
    const [count, refused] = [unanswered(page), violations(page)];
    await context.route('**/trust', route => route.abort());
    await page.goto(lan.http);
    await until('it has asked in vain', () => Promise.resolve(count() > 0), Boolean);
    await page.getByText('Waiting for a safe connection').waitFor();
    await context.unroute('**/trust');
    await page.getByText('The safe connection works.').waitFor();
    await page.getByRole('link', { name: 'Open Parley' }).click();
    await page.waitForURL(/^https:.*\/sign-up$/);
    await page.getByRole('button', { name: 'Create account' }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready);
    expect(refused).toEqual([]);
  });

  it('shows the other addresses once the server no longer answers at its own', async () => {
    context = await profile.open();
    const page = await context.newPage();
    await page.clock.install();
    const mira = await new Person('Mira Sand', context, page, lan.https).signUp();
    await mira.isLive();
    // The line comes late, so that it is away says little of a page this young: the welcome has come when it is remembered.
    await page.waitForFunction(() => localStorage.getItem('parley.origins') !== null);
    await server.stop();
    await page.getByText('The server does not answer').filter({ visible: true }).first().waitFor();
    await page.clock.fastForward(ELSEWHERE_AFTER_MS);
    await page.getByText('The server may have another address:').filter({ visible: true }).first().waitFor();
    const links = await page
      .locator('parley-connection-banner .others a')
      .evaluateAll(all => all.map(one => (one as HTMLAnchorElement).origin));
    expect(links.length).toBeGreaterThan(0);
    expect(links).not.toContain(lan.https);
    for (const link of links) expect(link).toMatch(new RegExp(`^https://(?!localhost|127).*:${server.httpsPort}$`));
    await server.start();
    await page.clock.fastForward(BACKOFF_MOST_MS);
    await mira.isLive();
  });
});

describe('The welcome page', () => {
  let server: ParleyServer;
  let browser: Browser;
  let origin: string;
  beforeAll(async () => {
    [server, browser] = await Promise.all([ParleyServer.start(), openBrowser()]);
    origin = nearby(server)?.http ?? `http://127.0.0.1:${server.httpPort}`;
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  it('has no barriers for any system, open to its last line, in both languages', async () => {
    const page = await browser.newPage();
    const faults: string[] = [];
    for (const [index, system] of SYSTEMS.entries()) {
      const language = index % 2 === 0 ? 'en' : 'de';
      await page.goto(`${origin}/?lang=${language}&system=${system}`);
      await page.locator('.step.current').waitFor();
      if (index < 2) faults.push(...(await faultsOf(page, `${system}, as it begins`)));
      await page.evaluate(() => {
        document.documentElement.classList.remove('live');
        document.querySelectorAll('details').forEach(one => (one.open = !one.classList.contains('languages')));
      });
      faults.push(...(await faultsOf(page, `${system}, ${language}`)));
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it('begins its first step within 225 px on a phone', async () => {
    const page = await browser.newPage({ viewport: SIZES.phone });
    for (const system of ['android-chrome', 'ios'])
      for (const language of ['en', 'de']) {
        await page.goto(`${origin}/?lang=${language}&system=${system}`);
        const first = await page.locator('.step').first().boundingBox();
        expect(first?.y).withContext(`${system}, ${language}`).toBeLessThan(225);
      }
    await page.close();
  });

  it('knows an iPad by its touch screen', async () => {
    const userAgent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15';
    const page = await browser.newPage({ userAgent, hasTouch: true });
    await page.goto(origin);
    await page.waitForURL(/system=ipados/);
    await page.getByRole('link', { name: 'Download the profile' }).waitFor();
    expect(await page.locator('a[aria-current]').textContent()).toBe('iPad');
    await page.close();
  });

  it('is where an app comes back to whose certificate was only clicked through, and leads it nowhere', async () => {
    const page = await browser.newPage({ ignoreHTTPSErrors: true });
    const asked: string[] = [];
    page.on('request', request => asked.push(new URL(request.url()).pathname));
    await page.goto(`${origin.replace('http:', 'https:').replace(/\d+$/, String(server.httpsPort))}/sign-up`);
    await page.getByText('does not trust this server’s certificate').waitFor();
    await page.getByRole('link', { name: 'Show me the steps' }).click();
    await page.waitForURL(`${origin}/?missing`);
    await page.getByText('This browser opened Parley').waitFor();
    await page.locator('.step.current').waitFor();
    expect(asked).not.toContain('/trust');
    await page.getByRole('link', { name: 'I have done it' }).click();
    await page.getByText('does not trust this server’s certificate').waitFor();
    await page.close();
  });
});

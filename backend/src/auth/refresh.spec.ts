import fc from 'fast-check';
import { loginSecret, openBrowser, signIn, signUp, type Browser, type Person } from '../testing/browser.ts';
import { testClock, type TestClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { ABSOLUTE_MS, GRACE_MS, IDLE_MS } from './refresh.ts';

const HOUR = 3_600_000;

describe('refreshing', () => {
  let clock: TestClock;
  let server: TestServer;
  let ada: Person;
  beforeEach(async () => {
    clock = testClock();
    server = await startTestServer({ clock, budgets: { refreshes: { points: 100_000, seconds: 60 } } });
    ada = await signUp(server.origin, 'ada');
  });
  afterEach(() => server.stop());

  const halves = ({ deviceId, deviceSecret }: Person) => ({ deviceId, deviceSecret });
  const refresh = (browser: Browser, json: object = halves(ada)) => browser.ask('POST', '/api/auth/refresh', { json });
  /** Another browser with the cookies that this one has now. */
  const copy = ({ cookies }: Browser) => openBrowser(server.origin, new Map(cookies));
  const use = (token: string) => ada.browser.ask('GET', '/api/me', { token });

  it('A5a, E3b exchanges both halves for a token, the epoch and the next cookie', async () => {
    const before = [...ada.browser.cookies.values()][0];
    const { status, body, headers } = await refresh(ada.browser);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.epoch).toBe((await server.store.installation()).epoch);
    expect((await use(String(body.accessToken))).status).toBe(200);
    expect([...ada.browser.cookies.values()][0]).not.toBe(before);
  });

  it('A5a asks a copied cookie without the device secret to sign in, and costs the device nothing', async () => {
    const thief = copy(ada.browser);
    for (const json of [
      { ...halves(ada), deviceSecret: loginSecret('guess') },
      { deviceId: (await signUp(server.origin, 'eve')).deviceId, deviceSecret: ada.deviceSecret },
    ]) {
      const { status, body } = await refresh(thief, json);
      expect(status).toBe(401);
      expect(body.type).toBe('sign-in-required');
    }
    expect((await refresh(ada.browser)).status).toBe(200);
  });

  it('A5a refuses the device secret without the cookie, and with a cookie that is none', async () => {
    expect((await refresh(openBrowser(server.origin))).status).toBe(401);
    const [name = ''] = ada.browser.cookies.keys();
    for (const value of ['', 'x', loginSecret('x'), '"'.repeat(50)])
      expect((await refresh(openBrowser(server.origin, new Map([[name, value]])))).status).toBe(401);
    expect((await refresh(ada.browser)).status).toBe(200);
  });

  it('A5b takes the cookie back with a refusal, so that none is left where a device was removed', async () => {
    const phone = await signIn(server.origin, 'ada');
    expect((await ada.ask('DELETE', `/api/devices/${phone.deviceId}`)).status).toBe(204);
    expect(phone.browser.cookies.size).toBe(1);
    expect((await refresh(phone.browser, halves(phone))).status).toBe(401);
    expect(phone.browser.cookies.size).toBe(0);
  });

  it('A6b gives a token whose answer was lost the same successor, after an hour of sleep too', async () => {
    const asleep = copy(ada.browser);
    expect((await refresh(ada.browser)).status).toBe(200);
    clock.advance(HOUR);
    expect((await refresh(asleep)).status).toBe(200);
    expect([...asleep.cookies.values()]).toEqual([...ada.browser.cookies.values()]);
    clock.advance(HOUR);
    expect((await refresh(asleep)).status).toBe(200);
  });

  it('A6a lets two tabs refresh at the same moment', async () => {
    const tabs = [ada.browser, copy(ada.browser), copy(ada.browser)];
    const answers = await Promise.all(tabs.map(tab => refresh(tab)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(tabs.map(tab => [...tab.cookies.values()][0])).size).toBe(1);
    for (const { body } of answers) expect((await use(String(body.accessToken))).status).toBe(200);
    expect((await refresh(ada.browser)).status).toBe(200);
  });

  for (const [how, confirm] of [
    ['its successor', () => refresh(ada.browser)],
    ['an access token minted with it', async (token: string) => use(token)],
  ] as const) {
    it(`A7a, A7b ends the family when a token comes long after ${how} was first used`, async () => {
      const old = copy(ada.browser);
      const { body } = await refresh(ada.browser);
      expect((await confirm(String(body.accessToken))).status).toBe(200);
      clock.advance(GRACE_MS - 1);
      expect((await refresh(copy(old))).status).toBe(200);
      clock.advance(2);
      const late = await refresh(copy(old));
      expect(late.status).toBe(401);
      expect(late.body.type).toBe('sign-in-required');
      expect((await refresh(ada.browser)).status).toBe(401);
      // The device itself is not lost: with its secret and the password it begins another family.
      const device = { deviceId: ada.deviceId, deviceSecret: ada.deviceSecret };
      const json = { username: 'ada', loginSecret: loginSecret('ada'), deviceName: 'x', device };
      const again = await ada.browser.ask('POST', '/api/auth/login', { json });
      expect(again.body.deviceId).toBe(ada.deviceId);
      const { deviceId, deviceSecret } = again.body as Person;
      expect((await refresh(ada.browser, { deviceId, deviceSecret })).status).toBe(200);
      expect((await refresh(old, { deviceId, deviceSecret })).status).toBe(401);
    });
  }

  it('A7c ends after sixty idle days, and after a year in any case', async () => {
    const idle = await signUp(server.origin, 'idle');
    for (let at = 0; at < ABSOLUTE_MS; at += IDLE_MS - 1) {
      expect((await refresh(ada.browser)).status).toBe(200);
      clock.advance(IDLE_MS - 1);
    }
    expect((await refresh(ada.browser)).status).toBe(401);
    expect((await refresh(idle.browser, halves(idle))).status).toBe(401);
  });

  it('A8 shares a host with another installation without losing a cookie', async () => {
    const second = await startTestServer({ clock });
    try {
      // One jar for both, as a browser has one for all ports of a host.
      const other = openBrowser(second.origin, ada.browser.cookies);
      const json = { username: 'ada', displayName: 'Ada', loginSecret: loginSecret('ada'), deviceName: 'x' };
      expect((await other.ask('POST', '/api/auth/register', { json })).status).toBe(201);
      expect(ada.browser.cookies.size).toBe(2);
      expect((await refresh(ada.browser)).status).toBe(200);
    } finally {
      await second.stop();
    }
  });

  it('A6b, A7a keeps an honest browser signed in, whatever answer is lost or late, and refuses a forged secret', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('refresh' as const), lost: fc.boolean() }),
      fc.record({ kind: fc.constant('use' as const) }),
      fc.record({ kind: fc.constant('sleep' as const), ms: fc.integer({ min: 1, max: HOUR }) }),
      fc.record({ kind: fc.constant('forge' as const) }),
    );
    let people = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const person = await signUp(server.origin, `person${(people += 1)}`);
        let token = person.accessToken;
        for (const one of steps) {
          if (one.kind === 'sleep') clock.advance(one.ms);
          if (one.kind === 'use') await person.browser.ask('GET', '/api/me', { token });
          if (one.kind === 'forge')
            expect(
              (await refresh(copy(person.browser), { ...halves(person), deviceSecret: token.slice(-43) })).status,
            ).toBeGreaterThanOrEqual(400);
          if (one.kind === 'refresh') {
            const browser = one.lost ? copy(person.browser) : person.browser;
            const { status, body } = await refresh(browser, halves(person));
            expect(status).toBe(200);
            // An answer that is lost leaves the old cookie and the old token.
            if (!one.lost) token = String(body.accessToken);
          }
        }
        expect((await refresh(person.browser, halves(person))).status).toBe(200);
      }),
      { numRuns: 40, seed: Number(process.env['SEED'] ?? 20260101), verbose: 1 },
    );
  }, 30_000);
});

import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { openBrowser, signUp, type Person } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { ROUTES } from './routes.ts';

const ENDLESS = { points: 1_000_000, seconds: 60 };

describe('arbitrary requests', () => {
  let server: TestServer;
  let ada: Person;
  beforeAll(async () => {
    const budgets = { signIns: ENDLESS, requests: ENDLESS, searches: ENDLESS, provenSignIns: ENDLESS };
    server = await startTestServer({ budgets });
    ada = await signUp(server.origin, 'ada');
  });
  afterAll(() => server.stop());

  const NAMES = [
    'username',
    'displayName',
    'loginSecret',
    'deviceName',
    'device',
    'deviceId',
    'userId',
    'upTo',
    '__proto__',
  ];
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('a'.repeat(43), 'ada', '\u0000', '\ud800', -1, 1e308, randomUUID(), []),
  );
  const body = fc.oneof(value, fc.dictionary(fc.constantFrom(...NAMES), value));
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('%', '..', '%2e%2e%2f', '0', randomUUID(), "'; DROP TABLE users; --"),
  );
  // Signing out and deleting would end the run, and are tried elsewhere.
  const routes = ROUTES.filter(
    ({ path, method }) => !/logout|others/.test(path) && !(method === 'delete' && path === '/api/me'),
  );

  it('R1a are answered with what the table says, never with a defect', async () => {
    const request = fc.record({
      route: fc.constantFrom(...routes),
      body,
      part,
      query: fc.dictionary(fc.string(), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ route, body: json, part: id, query }) => {
        const path = route.path.replace(/:\w+/g, encodeURIComponent(id.toWellFormed()) || 'x');
        const search = new URLSearchParams(query).toString();
        const sent = route.method === 'get' ? {} : { json };
        const { status, headers } = await ada.ask(route.method.toUpperCase(), `${path}?${search}`, sent);
        expect(status)
          .withContext(`${route.method} ${path} ${JSON.stringify(json)}`)
          .toBeLessThan(500);
        if (status >= 400) expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }),
      { numRuns: 300, seed: Number(process.env['SEED'] ?? 20260102), verbose: 1 },
    );
    expect(server.logged.filter(line => line.includes('"level":50'))).toEqual([]);
    expect((await ada.ask('GET', '/api/me')).status).toBe(200);
    expect((await openBrowser(server.origin).ask('GET', '/api/installation')).status).toBe(200);
  }, 60_000);
});

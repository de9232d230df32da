import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GRACE_MS } from '../auth/refresh.ts';
import { createLog } from '../log.ts';
import { createSecurityLog, EVENTS, eventTable } from '../security-log.ts';
import { loginSecret, openBrowser, signIn, signUp } from '../testing/browser.ts';
import { testClock, type TestClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { ROUTES } from './routes.ts';
import { WATCHED } from './security-events.ts';

type Line = {
  level: number;
  event: string;
  outcome?: string;
  who?: string;
  on?: string;
  action?: string;
  address?: string;
};
const [INFO, WARN] = [30, 40];

describe('The security log', () => {
  let server: TestServer;
  let clock: TestClock;
  beforeEach(async () => {
    clock = testClock();
    server = await startTestServer({ clock, budgets: { searches: { points: 3, seconds: 60 } } });
  });
  afterEach(() => server.stop());

  const lines = () =>
    server.logged.map(line => JSON.parse(line) as Line & { msg: string }).filter(({ msg }) => msg === 'security');
  const last = () => {
    const { level, event, outcome, who, on, action, address } = lines().at(-1)!;
    return { level, event, outcome, who, on, action, address };
  };
  const line = (level: number, event: string, outcome: string, rest: Partial<Line>) => ({
    level,
    event,
    outcome,
    who: undefined,
    on: undefined,
    action: undefined,
    address: jasmine.stringMatching(/^(127\.0\.0\.1|::1)$/),
    ...rest,
  });
  const post = (path: string, json: object) => openBrowser(server.origin).ask('POST', path, { json });
  const wrong = { loginSecret: loginSecret('wrong'), deviceName: 'x' };

  it('has a line for accounts made, signed in to, and for wrong passwords, by the id of the account', async () => {
    const ada = await signUp(server.origin, 'ada');
    const who = ada.me.id;
    expect(last()).toEqual(line(INFO, 'sign-up', 'done', { who }));
    await signIn(server.origin, 'ada');
    expect(last()).toEqual(line(INFO, 'sign-in', 'done', { who }));
    await post('/api/auth/login', { username: 'ada', ...wrong });
    expect(last()).toEqual(line(WARN, 'sign-in', 'wrong-credentials', { who }));
  });

  it('never holds a name that was typed: it may be a password in the wrong field', async () => {
    await signUp(server.origin, 'ada');
    await post('/api/auth/login', { username: 'hunter2', ...wrong });
    expect(last()).toEqual(line(WARN, 'sign-in', 'wrong-credentials', {}));
    expect(server.logged.join()).not.toContain('hunter2');
    expect(server.logged.join()).not.toMatch(/"ada"/);
  });

  it('has a line for a lock-out', async () => {
    const ada = await signUp(server.origin, 'ada');
    for (let tries = 0; tries < 6; tries += 1) await post('/api/auth/login', { username: 'ada', ...wrong });
    expect(last()).toEqual(line(WARN, 'sign-in', 'too-many-attempts', { who: ada.me.id }));
  });

  it('has a line for refused and reused tokens, and none for an everyday renewal', async () => {
    const ada = await signUp(server.origin, 'ada');
    const { deviceId, deviceSecret } = ada;
    const stolen = [...ada.browser.cookies];
    const before = lines().length;
    const renew = () => ada.browser.ask('POST', '/api/auth/refresh', { json: { deviceId, deviceSecret } });
    // The successor's first use ends the time in which a superseded one may come again.
    for (let times = 0; times < 3; times += 1) expect((await renew()).status).toBe(200);
    expect(lines().length).toBe(before);
    clock.advance(GRACE_MS + 1);
    for (const [name, value] of stolen) ada.browser.cookies.set(name, value);
    expect((await renew()).status).toBe(401);
    expect(last()).toEqual(line(WARN, 'refresh', 'reused', { who: ada.me.id }));
    await openBrowser(server.origin).ask('GET', '/api/me', { headers: { authorization: 'Bearer a.b.c' } });
    expect(last()).toEqual(line(WARN, 'token', 'invalid', {}));
  });

  it('has a line for each kind of code that is guessed', async () => {
    const code = 'abcdefghijklmnopqrstuv';
    await post('/api/auth/reset/open', { code });
    expect(last()).toEqual(line(WARN, 'reset-code', 'invalid-code', {}));
    await post('/api/set-up/open', { code });
    expect(last()).toEqual(line(WARN, 'set-up-code', 'invalid-code', {}));
    await post('/api/auth/reset', { code, loginSecret: loginSecret('x') });
    expect(last()).toEqual(line(WARN, 'password-reset', 'invalid-code', {}));
    await post('/api/push/decline', { token: 'a'.repeat(43) });
    expect(last()).toEqual(line(WARN, 'decline-token', 'not-found', {}));
    expect(server.logged.join()).not.toContain(code);
  });

  it('has a line for a budget that is used up', async () => {
    const ada = await signUp(server.origin, 'ada');
    for (let times = 0; times < 4; times += 1) await ada.ask('GET', '/api/users?search=somebody');
    expect(last()).toEqual(line(WARN, 'budget', 'searches', { who: ada.me.id }));
  });

  it('has a line for a request by another Host or from another page', async () => {
    const browser = openBrowser(server.origin);
    await browser.ask('POST', '/api/auth/login', { json: {}, headers: { origin: 'https://evil.example' } });
    expect(last()).toEqual(line(WARN, 'origin', 'forbidden', {}));
  });

  it('has a line for what admins do and to whom, and for others who try', async () => {
    const [ada, bob] = [await signUp(server.origin, 'ada'), await signUp(server.origin, 'bob')];
    await bob.ask('POST', `/api/admin/accounts/${ada.me.id}/disable`);
    const tried = { who: bob.me.id, on: ada.me.id, action: 'disable' };
    expect(last()).toEqual(line(WARN, 'denied', 'forbidden', tried));
    await server.store.setRole(ada.me.id, 'admin');
    await ada.ask('POST', `/api/admin/accounts/${bob.me.id}/disable`);
    expect(last()).toEqual(line(INFO, 'admin', 'done', { who: ada.me.id, on: bob.me.id, action: 'disable' }));
  });

  it('has a line for a password that was changed and a device that was removed', async () => {
    const ada = await signUp(server.origin, 'ada');
    const who = ada.me.id;
    const change = { currentSecret: loginSecret('ada'), newSecret: loginSecret('new') };
    await ada.ask('POST', '/api/auth/password', { json: { ...change, currentSecret: loginSecret('x') } });
    expect(last()).toEqual(line(WARN, 'password-change', 'wrong-credentials', { who }));
    await ada.ask('POST', '/api/auth/password', { json: change });
    expect(last()).toEqual(line(INFO, 'password-change', 'done', { who }));
    await ada.ask('POST', '/api/devices/sign-out-others');
    expect(last()).toEqual(line(INFO, 'device-removal', 'done', { who, action: 'others' }));
    await ada.ask('DELETE', `/api/devices/${ada.deviceId}`);
    expect(last()).toEqual(line(INFO, 'device-removal', 'done', { who, on: ada.deviceId, action: 'one' }));
  });

  it('watches each route by which a person signs up, signs in or out, is removed or administered', () => {
    const routes = ROUTES.map(({ method, path }) => `${method} ${path}`);
    for (const watched of Object.keys(WATCHED)) expect(routes).toContain(watched);
    const matters = /^(post|delete|patch|put) \/api\/(auth|admin|set-up|devices|invitations|guest\/(look|knock))\b/;
    for (const route of routes.filter(one => matters.test(one))) expect(Object.keys(WATCHED)).toContain(route);
  });
});

describe('The security log under a flood', () => {
  it('writes so many lines a minute and counts the rest', () => {
    const written: Record<string, unknown>[] = [];
    const log = createLog('info', { write: line => void written.push(JSON.parse(line) as Record<string, unknown>) });
    let now = 0;
    const security = createSecurityLog(log, () => now);
    const guess = (address: string) => security.note({ event: 'sign-in', outcome: 'wrong-credentials', address });
    for (let times = 0; times < 500; times += 1) guess('192.0.2.1');
    expect(written.length).toBe(20);
    for (let host = 0; host < 5_000; host += 1) guess(`2001:db8::${host.toString(16)}`);
    expect(written.length).toBe(1_000);
    now = 60_000;
    guess('192.0.2.2');
    expect(written.length).toBe(1_002);
    expect(written[1_000]).toEqual(jasmine.objectContaining({ event: 'unlogged', count: 480 + 4_020 }));
    expect(written[1_001]).toEqual(jasmine.objectContaining({ address: '192.0.2.2' }));
  });

  it('is described in SECURITY.md event by event', () => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'SECURITY.md'), 'utf8');
    expect(page).toContain(eventTable());
    expect(Object.keys(EVENTS).length).toBeGreaterThan(15);
  });
});

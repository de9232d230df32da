import { randomUUID } from 'node:crypto';
import { offerSetUp } from '../auth/administration.ts';
import { EventHub } from '../events/event-hub.ts';
import { createLog } from '../log.ts';
import { createSecurityLog, EVENTS } from '../security-log.ts';
import { perform } from '../terminal/perform.ts';
import { loginSecret, openBrowser, signIn, signUp } from '../testing/browser.ts';
import { TestClient } from '../testing/test-client.ts';
import { testClock, type TestClock } from '../testing/test-clock.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

type Line = { msg: string; event: string; outcome: string; who?: string; on?: string; action?: string };

describe('Each event of the security log', () => {
  let clock: TestClock;
  let server: TestServer;
  beforeEach(async () => {
    clock = testClock();
    server = await startTestServer({ clock, budgets: { searches: { points: 1, seconds: 60 } } });
  });
  afterEach(() => server.stop());

  const lines = () => server.logged.map(line => JSON.parse(line) as Line).filter(({ msg }) => msg === 'security');
  const post = (path: string, json: object) => openBrowser(server.origin).ask('POST', path, { json });
  const code = 'abcdefghijklmnopqrstuv';

  /** What is typed at the terminal of a server, whose commands are in its log. */
  const type = (command: Parameters<typeof perform>[1]) =>
    perform(
      {
        store: server.store,
        clock,
        refreshKey: server.secrets.refreshKey,
        signUp: 'open' as const,
        events: new EventHub(),
        origins: () => ['https://parley.test'],
        welcome: () => undefined,
        security: createSecurityLog(createLog('debug', { write: line => void server.logged.push(line) })),
      },
      command,
    );

  it('has its line, by the id of the account and without a name or a code, and the table has no others', async () => {
    const produced = new Set<string>();
    const expectLine = async (line: Omit<Line, 'msg'>, act: () => Promise<unknown>): Promise<void> => {
      const before = lines().length;
      await act();
      const after = lines().slice(before);
      expect(after).withContext(JSON.stringify(line)).toContain(jasmine.objectContaining(line));
      produced.add(line.event);
    };

    const ada = await signUp(server.origin, 'astrid');
    const who = ada.me.id;
    await expectLine({ event: 'sign-up', outcome: 'done' }, () => signUp(server.origin, 'bjorn'));
    const bob = await signIn(server.origin, 'bjorn');
    await expectLine({ event: 'sign-in', outcome: 'done', who }, () => signIn(server.origin, 'astrid'));
    const phone = await signIn(server.origin, 'astrid');
    await expectLine({ event: 'sign-out', outcome: 'done', who }, () => phone.ask('POST', '/api/auth/logout'));
    await expectLine({ event: 'token', outcome: 'removed' }, () => phone.ask('GET', '/api/me'));
    const { deviceId, deviceSecret } = phone;
    const renewal = { json: { deviceId, deviceSecret } };
    await expectLine({ event: 'refresh', outcome: 'sign-in-required' }, () =>
      phone.browser.ask('POST', '/api/auth/refresh', renewal),
    );
    await expectLine({ event: 'socket', outcome: 'unauthorized' }, async () => {
      const client = new TestClient(server.origin.replace('http', 'ws'));
      await client.open();
      client.write({ type: 'hello', token: 'a.b.c' });
      await client.closed;
    });
    await expectLine({ event: 'origin', outcome: 'forbidden' }, () =>
      openBrowser(server.origin).ask('POST', '/api/auth/login', {
        json: {},
        headers: { origin: 'https://evil.example' },
      }),
    );
    await expectLine({ event: 'denied', outcome: 'forbidden', who: bob.me.id, on: who, action: 'disable' }, () =>
      bob.ask('POST', `/api/admin/accounts/${who}/disable`),
    );
    await expectLine({ event: 'budget', outcome: 'searches', who }, async () => {
      for (let times = 0; times < 2; times += 1) await ada.ask('GET', '/api/users?search=somebody');
    });
    const change = { currentSecret: loginSecret('astrid'), newSecret: loginSecret('astrid') };
    await expectLine({ event: 'password-change', outcome: 'done', who }, () =>
      ada.ask('POST', '/api/auth/password', { json: change }),
    );
    await expectLine({ event: 'device-removal', outcome: 'done', who, action: 'others' }, () =>
      ada.ask('POST', '/api/devices/sign-out-others'),
    );
    await expectLine({ event: 'invitation', outcome: 'done', who, action: 'make' }, () =>
      ada.ask('POST', '/api/invitations', { json: { uses: 1, days: 7 } }),
    );
    await expectLine({ event: 'invitation-code', outcome: 'invalid-code' }, () =>
      post('/api/invitations/open', { code: 'ABCDEFGHJK' }),
    );
    await expectLine({ event: 'decline-token', outcome: 'not-found' }, () =>
      post('/api/push/decline', { token: 'a'.repeat(43) }),
    );
    const shown = { callId: randomUUID(), door: 'd'.repeat(43) };
    await expectLine({ event: 'guest-link', outcome: 'invalid-code', action: 'look' }, () =>
      post('/api/guest/look', shown),
    );
    await expectLine({ event: 'set-up-code', outcome: 'invalid-code' }, () => post('/api/set-up/open', { code }));
    const setUp = (await offerSetUp({ store: server.store, refreshKey: server.secrets.refreshKey })) ?? '';
    await expectLine({ event: 'set-up', outcome: 'done', who }, () =>
      ada.ask('POST', '/api/set-up/claim', { json: { code: setUp } }),
    );
    await expectLine({ event: 'reset-code', outcome: 'invalid-code' }, () => post('/api/auth/reset/open', { code }));
    const link = (await ada.ask('POST', `/api/admin/accounts/${bob.me.id}/reset`)).body;
    await expectLine({ event: 'password-reset', outcome: 'done' }, () =>
      post('/api/auth/reset', { code: link.code, loginSecret: loginSecret('bjorn') }),
    );
    await expectLine({ event: 'admin', outcome: 'done', who, on: bob.me.id, action: 'disable' }, () =>
      ada.ask('POST', `/api/admin/accounts/${bob.me.id}/disable`),
    );
    await expectLine({ event: 'admin', outcome: 'done', who: 'terminal', on: bob.me.id, action: 'enable' }, () =>
      type({ do: 'enable', username: 'bjorn' }),
    );
    await expectLine({ event: 'admin', outcome: 'refused', who: 'terminal', on: who, action: 'disable' }, () =>
      type({ do: 'disable', username: 'astrid' }),
    );
    await expectLine({ event: 'admin', outcome: 'done', who: 'terminal', action: 'invite' }, () =>
      type({ do: 'invite', uses: 1, days: 7 }),
    );
    const again = await signIn(server.origin, 'bjorn');
    await expectLine({ event: 'account-deletion', outcome: 'done', who: bob.me.id }, () =>
      again.ask('DELETE', '/api/me', { json: { loginSecret: loginSecret('bjorn') } }),
    );

    // What is counted under a flood has a spec of its own (security-events.spec.ts).
    expect([...produced, 'unlogged'].sort()).toEqual(Object.keys(EVENTS).sort());
    for (const secret of ['astrid', 'bjorn', code, setUp, String(link.code), 'ABCDEFGHJK'])
      expect(lines().some(line => JSON.stringify(line).includes(secret)))
        .withContext(secret)
        .toBeFalse();
  });
});

import type { IncomingMessage } from 'node:http';
import { openBrowser, signUp } from '../testing/browser.ts';
import { startTestServer } from '../testing/test-server.ts';
import { networks } from '../variables.ts';
import { addressKey } from '../ip-address.ts';
import { BUDGETS } from './budgets.ts';
import { clientAddress } from './client-address.ts';

describe('budgets', () => {
  it('R13a end with a problem that says how long to wait', async () => {
    const few = { points: 2, seconds: 60 };
    const server = await startTestServer({
      budgets: { usernames: few, searches: few, requests: { points: 4, seconds: 60 } },
    });
    const ada = await signUp(server.origin, 'ada');
    const third = async (ask: () => ReturnType<typeof ada.ask>) => {
      expect((await ask()).status).toBe(200);
      expect((await ask()).status).toBe(200);
      const { status, body, headers } = await ask();
      expect(status).toBe(429);
      expect(body.type).toBe('too-many-requests');
      expect(body.retryMs).toBeGreaterThan(0);
      expect(body.retryMs).toBeLessThanOrEqual(60_000);
      expect(Number(headers.get('retry-after'))).toBe(Math.ceil(Number(body.retryMs) / 1000));
    };
    await third(() => openBrowser(server.origin).ask('POST', '/api/auth/username', { json: { name: 'bob' } }));
    await third(() => ada.ask('GET', '/api/users?search=bob'));
    expect((await ada.ask('GET', '/api/me')).status).toBe(200);
    expect((await ada.ask('GET', '/api/me')).status).toBe(429);
    const bob = await signUp(server.origin, 'bob');
    expect((await bob.ask('GET', '/api/me')).status).toBe(200);
    await server.stop();
  });

  it('R13b, A9a, I5b, I5c are as wide as the protocol says', () => {
    const widths = Object.entries(BUDGETS).map(([name, { points, seconds }]) => [name, `${points} in ${seconds} s`]);
    expect(Object.fromEntries(widths)).toEqual(
      jasmine.objectContaining({
        signIns: '100 in 600 s',
        usernames: '20 in 60 s',
        invitedUsernames: '20 in 86400 s',
        codes: '100 in 600 s',
        searches: '60 in 60 s',
        relationChanges: '60 in 600 s',
        pushTests: '5 in 60 s',
        requests: '1200 in 60 s',
      }),
    );
  });

  it('R13c let so many wait to be hashed, and no more', async () => {
    const server = await startTestServer({ passwords: { cost: 11, atOnce: 1, waiting: 1 } });
    const login = { username: 'nobody', loginSecret: 'a'.repeat(43), deviceName: 'x' };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => openBrowser(server.origin).ask('POST', '/api/auth/login', { json: login })),
    );
    const busy = answers.filter(({ body }) => body.type === 'busy');
    expect(busy.length).toBe(2);
    expect(busy.every(({ status, headers }) => status === 429 && headers.has('retry-after'))).toBeTrue();
    await server.stop();
  });

  it('A9a belong to an IPv4 address, or to an IPv6 network of 64 bits', () => {
    expect(addressKey('192.168.1.7')).toBe('192.168.1.7');
    expect(addressKey('::ffff:192.168.1.7')).toBe('192.168.1.7');
    expect(addressKey('2001:db8:0:42::1')).toBe(addressKey('2001:0DB8:0000:0042:ffff:1:2:3'));
    expect(addressKey('2001:db8:0:42::1')).not.toBe(addressKey('2001:db8:0:43::1'));
    expect(addressKey('fe80::1%eth0')).toBe(addressKey('fe80::2'));
    expect(addressKey('::1')).toBe('0000000000000000');
  });

  const from = (remoteAddress: string, forwarded?: string | string[]) =>
    clientAddress(
      { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage,
      networks(['10.0.0.1', 'fd00::/8']),
    );
  it('R3c believe X-Forwarded-For from trusted proxies alone, and only as far as those wrote it', () => {
    expect(from('192.168.1.7', '1.1.1.1')).toBe('192.168.1.7');
    expect(from('::ffff:10.0.0.1', '1.1.1.1')).toBe('1.1.1.1');
    expect(from('10.0.0.1', '6.6.6.6, 1.1.1.1')).toBe('1.1.1.1');
    expect(from('10.0.0.1', '6.6.6.6, 1.1.1.1, fd00::5')).toBe('1.1.1.1');
    expect(from('10.0.0.1', '6.6.6.6, rubbish')).toBe('10.0.0.1');
    expect(from('10.0.0.1')).toBe('10.0.0.1');
    expect(from('10.0.0.1', '10.0.0.1, 10.0.0.1')).toBe('10.0.0.1');
  });
});

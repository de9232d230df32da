import { loginSecret, signUp } from './testing/browser.ts';
import { startTestServer } from './testing/test-server.ts';
import { createLog } from './log.ts';

describe('the log', () => {
  it('R15 holds no token, cookie, query, body or secret of a whole sign-in, not even at debug', async () => {
    const server = await startTestServer();
    const ada = await signUp(server.origin, 'ada', 'Ada Lovelace');
    const cookies = [...ada.browser.cookies.values()];
    const { deviceId, deviceSecret } = ada;
    const refreshed = await ada.browser.ask('POST', '/api/auth/refresh', { json: { deviceId, deviceSecret } });
    await ada.ask('GET', '/api/users?search=somebody-private');
    await ada.ask('GET', `/api/nothing?token=${ada.accessToken}`);
    await ada.ask('PATCH', '/api/me', { json: { displayName: 'Ada Byron' } });
    await ada.ask('PATCH', '/api/me', {
      raw: '{"displayName":"Ada Br',
      headers: { 'content-type': 'application/json' },
    });
    await ada.ask('POST', '/api/auth/password', {
      json: { currentSecret: loginSecret('x'), newSecret: loginSecret('y') },
    });
    await server.stop();
    const logged = server.logged.join('\n');
    const secrets = [
      ...[ada.accessToken, ada.accessToken.split('.')[2] ?? '', String(refreshed.body.accessToken), deviceSecret],
      ...[...cookies, ...ada.browser.cookies.values(), ...['ada', 'x', 'y'].map(loginSecret)],
      ...['somebody-private', 'Ada L', 'Ada B', '__Host-', 'Bearer'],
    ];
    for (const secret of secrets) expect(logged.includes(secret)).withContext(secret).toBeFalse();
    expect(logged).toContain('"path":"/api/users"');
    expect(logged).toContain('"status":400');
  });

  it('R15 cuts what must not be there, wherever it was put', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: line => void lines.push(line) });
    const secret = 'do-not-print';
    log.info(
      { token: secret, request: { headers: { authorization: secret, cookie: secret } }, body: { loginSecret: secret } },
      'x',
    );
    log.info({ frame: { type: 'chat.post', counts: true, data: secret }, a: { b: { accessToken: secret } } }, 'y');
    expect(lines.length).toBe(2);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('chat.post');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLOSE_CODES } from '#protocol/close-codes';
import { loginSecret, openBrowser } from '../testing/browser.ts';
import { endAll, run, said } from '../testing/process.ts';
import { TestClient } from '../testing/test-client.ts';
import { typeCommand } from '../testing/type-command.ts';

describe('a new installation and its terminal', () => {
  let directory: string;
  let environment: Record<string, string>;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-terminal-'));
    environment = { DATA_DIR: directory, TLS: 'off', HTTP_PORT: '0', OPS_LISTEN: '127.0.0.1:0', SIGN_UP: 'invitation' };
  });
  afterEach(async () => {
    await endAll();
    await rm(directory, { recursive: true });
  });

  const type = (script: 'invite' | 'accounts', ...args: string[]) => typeCommand(environment, script, ...args);

  it('I6a, I10b print the set-up link until it is used, and commands work on a running server and a stopped one', async () => {
    const server = run(environment);
    const [, port = '', setUp = ''] = await said(server, /http:\/\/localhost:(\d+)\/set-up#([\w-]{22})/);
    const origin = `http://localhost:${port}`;
    const register = (username: string, more: object) => {
      const json = { username, displayName: username, loginSecret: loginSecret(username), deviceName: 'x', ...more };
      return openBrowser(origin).ask('POST', '/api/auth/register', { json });
    };
    expect((await register('first', {})).body.type).toBe('invitation-needed');
    expect((await register('mira', { setUp })).body.me.role).toBe('admin');
    expect((await type('accounts', 'list')).text).toMatch(/^mira · mira · last seen \d{4}-\d\d-\d\d · admin$/);

    const invited = await type('invite', '--by', 'mira');
    const code = new RegExp(`${origin}/invite#([A-Z]{10})`).exec(invited.text)?.[1];
    const guest = await register('jonas', { invitation: code });
    expect(guest.status).toBe(201);
    const socket = new TestClient(origin.replace('http', 'ws'));
    await socket.hello(String(guest.body.accessToken));
    expect(await type('accounts', 'disable', 'jonas')).toEqual({
      code: 0,
      text: 'jonas is disabled and signed out everywhere.',
    });
    expect(await socket.closed).toBe(CLOSE_CODES.unauthorized.code);
    expect((await type('accounts', 'reset', 'jonas')).code).toBe(1);
    expect(await type('accounts', 'reset', 'nobody')).toEqual({ code: 1, text: 'There is no account called nobody.' });
    // What is secret went to the terminal alone, and none of it through the log.
    expect(
      server
        .output()
        .split('\n')
        .filter(line => line.includes('"level"'))
        .join(),
    ).not.toContain(setUp);
    server.process.kill('SIGTERM');
    expect(await server.exit).toBe(0);

    expect((await type('accounts', 'enable', 'jonas')).text).toBe('jonas may sign in again.');
    expect((await type('accounts', 'reset', 'jonas')).text).toMatch(/within 30 minutes:\n.*\/reset#[\w-]{22}$/);
    expect((await type('accounts', 'admin', 'jonas')).code).toBe(0);
    expect((await type('accounts', 'delete', 'mira')).code).toBe(0);
    expect((await type('accounts', 'list')).text).toMatch(/^jonas · jonas · never seen · admin$/);
    const second = run(environment);
    await said(second, /on this machine/);
    await said(second, /"msg":"listening"/);
    expect(second.output()).not.toContain('set-up#');
    second.process.kill('SIGTERM');
    await second.exit;
  }, 120_000);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suiteNeeds } from './suite-needs.ts';
import { whereIs } from './tools.mjs';

suiteNeeds(['chromium'], 'The browser that runs the specs of the app', () => {
  it('is the program itself, so that nothing of it is left when it is killed', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'parley-shell-'));
    const browser = whereIs('headless-shell') ?? whereIs('chromium')!;
    const args = [
      '--headless',
      '--no-sandbox',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ];
    const shell = spawn(browser, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>(started => {
      let said = '';
      shell.stderr.on('data', chunk => (said += String(chunk)).includes('DevTools listening on') && started());
    });
    // Its standard error closes with the last process that has it open.
    const closed = once(shell, 'close');
    shell.kill('SIGKILL');
    await closed;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    expect(shell.signalCode).toBe('SIGKILL');
  }, 20_000);
});

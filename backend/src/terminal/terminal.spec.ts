import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../log.ts';
import { accountsCommand, inviteCommand, type Command } from './command.ts';
import { askServer, controlPath, isServerAt, openControl } from './control-socket.ts';

describe('commands of the terminal', () => {
  it('I10c are read, and any other argument, such as a password, is answered with how to use them', () => {
    const value = (read: ReturnType<typeof inviteCommand>) => (read.ok ? read.value : read.error);
    expect(value(inviteCommand([]))).toEqual({ do: 'invite', uses: 1, days: 7 });
    const full = ['--uses', '3', '--days=30', '--by', 'Mira'];
    expect(value(inviteCommand(full))).toEqual({ do: 'invite', uses: 3, days: 30, by: 'mira' });
    for (const wrong of [['--uses', '0'], ['--uses'], ['--uses', ''], ['--days', '1e9'], ['--password', 'x'], ['mira']])
      expect(value(inviteCommand(wrong)))
        .withContext(wrong.join(' '))
        .toMatch(/^Usage: npm run invite/);
    expect(value(accountsCommand(['list']))).toEqual({ do: 'list' });
    expect(value(accountsCommand(['reset', 'Mira']))).toEqual({ do: 'reset', username: 'mira' });
    for (const wrong of [
      [],
      ['reset'],
      ['list', 'x'],
      ['password', 'mira'],
      ['reset', 'a b'],
      ['reset', 'mira', 'secret'],
    ])
      expect(value(accountsCommand(wrong)))
        .withContext(wrong.join(' '))
        .toMatch(/^Usage: npm run accounts/);
  });

  describe('by a socket', () => {
    const log = createLog('silent');
    let directory: string;
    let path: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'parley-control-'));
      path = controlPath(directory);
    });
    afterEach(() => rm(directory, { recursive: true }));
    const run = async (command: Command) => ({ ok: true, text: command.do });
    /** What the server answers to whatever is written. */
    const write = (text: string) =>
      new Promise<string>(resolve => {
        let heard = '';
        const socket = connect(path, () => socket.end(text));
        socket.on('data', part => (heard += part.toString())).on('error', () => resolve('error'));
        socket.on('close', () => resolve(heard));
      });

    it('I10a reach a server through a file that only its user can open, and find none where none runs', async () => {
      expect(await askServer(path, { do: 'list' })).toBeUndefined();
      // What a crash has left.
      await writeFile(path, '');
      const control = await openControl({ path, run, log });
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await askServer(path, { do: 'list' })).toEqual({ ok: true, text: 'list' });
      await control.close();
      expect(await askServer(path, { do: 'list' })).toBeUndefined();
    });

    it('I10a are refused when they are none, and end nothing', async () => {
      const control = await openControl({ path, run, log });
      for (const text of ['{"do":"list","more":1}\n', '{"do":"format"}\n', '{"do":"reset","username":"A B"}\n', '7\n'])
        expect(await write(text))
          .withContext(text)
          .toContain('This is no command.');
      for (const text of ['', '{', 'no json\n', 'x'.repeat(10_000)])
        expect(await write(text)).not.toContain('"ok":true');
      expect(await askServer(path, { do: 'list' })).toEqual({ ok: true, text: 'list' });
      await control.close();
    });

    it('I10a say that a command failed, and leave the reason to the log', async () => {
      const control = await openControl({ path, run: () => Promise.reject(new Error('the disk is full')), log });
      const said = await askServer(path, { do: 'list' });
      expect(said?.ok).toBeFalse();
      expect(said?.text).not.toContain('disk');
      await control.close();
    });

    it('I10a ask whether a server runs without a word in its log', async () => {
      const lines: string[] = [];
      const warning = createLog('warn', { write: line => void lines.push(line) });
      const control = await openControl({ path, run, log: warning });
      expect(await isServerAt(path)).toBeTrue();
      expect(await askServer(path, { do: 'list' })).toEqual({ ok: true, text: 'list' });
      await control.close();
      expect(lines).toEqual([]);
      expect(await isServerAt(path)).toBeFalse();
    });

    it('I10a do without a socket whose path is too long, and say so', async () => {
      const lines: string[] = [];
      const warning = createLog('warn', { write: line => void lines.push(line) });
      const control = await openControl({ path: join(directory, 'x'.repeat(100)), run, log: warning });
      expect(lines.join()).toContain('only while it is stopped');
      await control.close();
    });
  });
});

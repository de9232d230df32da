import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sqlitePlace } from '../testing/places.ts';
import { environmentOfSpecs } from '../testing/process.ts';

const BACKUP = join(import.meta.dirname, '..', '..', '..', 'scripts', 'backup.ts');

/** `npm run backup` at a terminal of its own (script(1)): what stands on it in the end when these are typed as it asks. */
async function typed(directory: string, ...answers: string[]): Promise<string> {
  const command = `${process.execPath} ${BACKUP} ${join(directory, 'one.backup')}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...environmentOfSpecs(), DATA_DIR: directory, CERTS_DIR: directory },
  });
  let screen = '';
  child.stdout.on('data', (part: Buffer) => {
    screen += part.toString();
    const answer = /(Passphrase of the backup|The same again): $/.test(screen) ? answers.shift() : undefined;
    if (answer !== undefined) child.stdin.write(`${answer}\n`);
  });
  await new Promise(resolve => child.on('close', resolve));
  return screen;
}

describe('A passphrase', () => {
  it('is asked twice and never shown', async () => {
    const place = await sqlitePlace();
    await (await place.open()).close();
    const directory = place.choice.kind === 'sqlite' ? place.choice.directory : '';
    const different = await typed(directory, 'seven lanterns on the quay', 'seven lanterns on the key');
    expect(different).toContain('The two are not the same.');
    expect(different).not.toContain('lanterns');
    const same = await typed(directory, 'seven lanterns on the quay', 'seven lanterns on the quay');
    expect(same).toContain('0 accounts');
    expect(same).not.toContain('lanterns');
    await place.dispose();
  }, 60_000);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParleyServer } from './parley-server.ts';
import { PASSWORD, type Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url));

/** What is typed at the terminal of the machine. */
async function type({ directory }: ParleyServer, script: 'backup' | 'restore', ...args: string[]): Promise<void> {
  const passphrase = join(directory, 'passphrase');
  await writeFile(passphrase, 'seven lanterns on the quay\n', { mode: 0o600 });
  const folders = { DATA_DIR: join(directory, 'data'), CERTS_DIR: join(directory, 'certs') };
  const child = spawn(process.execPath, [join(SCRIPTS, `${script}.ts`), join(directory, 'one.backup'), ...args], {
    env: { ...process.env, ...folders, BACKUP_PASSPHRASE_FILE: passphrase },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code]: unknown[] = await once(child, 'exit');
  expect(code).toBe(0);
}

/** The session is none that the backup knows: the password is asked, and what the device has stays. */
async function signInAgain(person: Person): Promise<void> {
  await person.open();
  await person.page.getByText('This server was restored from a backup.').waitFor();
  await person.page.getByLabel('Username').fill(person.username);
  await person.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await person.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await person.isIn();
}

/** The conversation, word by word, once both see the same; what still waits stands last at who wrote it. */
async function agreed(people: readonly Person[], count: number): Promise<string[]> {
  const words = () => Promise.all(people.map(({ page }) => page.locator('parley-bubble .words').allInnerTexts()));
  const isSame = ([one, other]: string[][]) => one?.length === count && one.join('|') === other?.join('|');
  const [one = []] = await until('both see the same', words, isSame);
  return one;
}

describe('After a backup was restored', () => {
  let two: TwoPeople;

  beforeAll(async () => {
    two = await TwoPeople.meet();
  });
  // A refused refresh is written to the console by the browser itself.
  afterAll(async () => expect((await two.part()).filter(line => !/401/.test(line))).toEqual([]));

  it('E1, E2, E3c an open app and a closed one agree again, and nothing is lost or there twice', async () => {
    const { mira, jonas, server } = two;
    await Promise.all([mira.openChat(jonas), jonas.openChat(mira)]);
    await mira.write('before the backup');
    await jonas.reads('before the backup');
    await type(server, 'backup');
    // From here on these are sessions that the backup does not know.
    for (const { page, composer } of [mira, jonas]) {
      await page.reload();
      await composer.waitFor();
    }
    for (const text of ['one', 'two', 'three']) {
      await mira.write(`mira ${text}`);
      await jonas.reads(`mira ${text}`);
      await jonas.write(`jonas ${text}`);
      await mira.reads(`jonas ${text}`);
    }
    await jonas.open('/api/installation');
    await server.stop();
    await type(server, 'restore', '--replace');
    await server.start();
    await signInAgain(jonas);
    await jonas.openChat(mira);
    const shown = await agreed([mira, jonas], 7);
    expect(new Set(shown).size).toBe(7);
    expect(shown[0]).toContain('before the backup');
    await signInAgain(mira);
    await mira.openChat(jonas);
    await mira.write('after it');
    await jonas.reads('after it');
    expect((await agreed([mira, jonas], 8)).at(-1)).toContain('after it');
  });
});

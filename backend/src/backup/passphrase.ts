import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { readPrivateFile } from '../secrets/private-file.ts';
import { BackupError } from './backup-error.ts';

/** Whoever has the file can guess for as long as they like. */
const SHORTEST = 12;

export type PassphraseOptions = {
  /** Where it is written, for when nobody is asked. */
  file: string | undefined;
  /** Whether it is to be chosen now, so that it is asked twice. */
  isNew: boolean;
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
};

/**
 * The passphrase of a backup: of a file, else asked at the terminal, where it is not shown.
 * @throws BackupError `no-passphrase`; FileError
 */
export async function passphrase(options: PassphraseOptions): Promise<string> {
  const { file, isNew, input } = options;
  const given = file === undefined ? await asked(options) : await written(file);
  if (isNew && [...given].length < SHORTEST) {
    throw new BackupError('no-passphrase', `A passphrase has ${SHORTEST} characters or more: five words, for example.`);
  }
  if (file === undefined && isNew && input.isTTY && given !== (await ask(options, 'The same again: '))) {
    throw new BackupError('no-passphrase', 'The two are not the same.');
  }
  return given;
}

async function written(file: string): Promise<string> {
  const text = await readPrivateFile(file);
  if (text !== undefined) return text.replace(/\r?\n$/, '');
  throw new BackupError('no-passphrase', `${file}, which BACKUP_PASSPHRASE_FILE names, is not there.`);
}

function asked(options: PassphraseOptions): Promise<string> {
  if (options.input.isTTY) return ask(options, 'Passphrase of the backup: ');
  const sentence = 'Nobody is there to be asked: name a file with the passphrase by BACKUP_PASSPHRASE_FILE.';
  throw new BackupError('no-passphrase', sentence);
}

/** The terminal is read without its echo: readline draws what is typed, and what it draws goes nowhere. */
async function ask({ input, output }: PassphraseOptions, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  // Asked once nothing is echoed any more.
  output.write(question);
  try {
    const { promise, reject } = Promise.withResolvers<never>();
    terminal.once('SIGINT', () => reject(new BackupError('no-passphrase', 'Nothing was done.')));
    return await Promise.race([terminal.question(''), promise]);
  } finally {
    terminal.close();
    output.write('\n');
  }
}

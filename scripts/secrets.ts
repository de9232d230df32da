import { resolve } from 'node:path';
import { OperatorError } from '../backend/src/operator-error.ts';
import { makeSecrets } from '../backend/src/secrets/secrets.ts';
import { runCommand } from './run-command.ts';

const USAGE =
  'npm run secrets -- <folder>: the secrets that several processes share, each of which is given SECRETS_DIR=<folder>';

/** `npm run secrets -- <folder>`: makes what is not there yet, and never replaces a secret. */
await runCommand(async (_config, [folder, ...more]) => {
  if (folder === undefined || folder.startsWith('-') || more.length > 0) throw new OperatorError(USAGE);
  const directory = resolve(folder);
  const { made, kept } = await makeSecrets(directory);
  return [
    ...made.map(name => `${name}  made`),
    ...kept.map(name => `${name}  was there, and is unchanged`),
    `SECRETS_DIR=${directory} for each process; on another machine copy the folder with its rights (0700, files 0600).`,
  ];
});

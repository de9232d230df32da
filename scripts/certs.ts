import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Config } from '../backend/src/config.ts';
import { OperatorError } from '../backend/src/operator-error.ts';
import { openCertificates } from '../backend/src/tls/certificates.ts';
import { describeInspection, describeOwn, describeRenewal, inspect } from '../backend/src/tls/inspection.ts';
import { openOwnCertificate } from '../backend/src/tls/own-certificate.ts';
import { makeRoot } from '../backend/src/tls/root-file.ts';
import { thisMachine } from '../backend/src/tls/this-machine.ts';
import { runCommand } from './run-command.ts';

const USAGE = `npm run certs                      what there is: names, dates, fingerprint, files
npm run certs -- renew             a new certificate for the server, under the same root
npm run certs -- export [folder]   the root's certificate for other devices, without its key
npm run certs -- new-root [--yes]  a new root: every phone and browser must then trust it anew
A server that runs notices within ten seconds.`;

const NO_ROOT = 'There is no root yet: the first start makes it.';

async function show(config: Config): Promise<string[]> {
  const own = ownOf(config);
  if (own) return describeOwn(await openOwnCertificate(own, Date.now()), own.cert, Date.now());
  const found = await inspect(await thisMachine(config));
  return found ? describeInspection(found, Date.now()) : ['There are no certificates yet: the first start makes them.'];
}

async function renew(config: Config): Promise<string[]> {
  expectOurs(config);
  const machine = await thisMachine(config);
  if (!(await inspect(machine))) throw new OperatorError(NO_ROOT);
  const renewed = await openCertificates({ ...machine, renew: true });
  if (renewed.kept !== undefined) throw new OperatorError(renewed.kept);
  return describeRenewal(renewed);
}

async function exportRoot(config: Config, folder = '.'): Promise<string[]> {
  expectOurs(config);
  const found = await inspect(await thisMachine(config));
  if (!found) throw new OperatorError(NO_ROOT);
  const files = { 'parley-root.crt': found.root.der, 'parley-root.pem': found.root.pem };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o644 });
  return [
    ...Object.keys(files).map(name => resolve(folder, name)),
    `SHA-256 ${found.root.fingerprint}: compare it on the device that is to trust it.`,
  ];
}

const WHAT_IT_MEANS =
  'Every phone and browser that trusts the root of today must trust the new one, and until then sees a warning in place of Parley.';

async function newRoot(config: Config, flag?: string): Promise<string[]> {
  expectOurs(config);
  if (flag !== '--yes') await confirm();
  const machine = await thisMachine(config);
  await makeRoot(machine);
  return [...describeRenewal(await openCertificates(machine)), WHAT_IT_MEANS];
}

async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) throw new OperatorError(`${WHAT_IT_MEANS} Say so with --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const said = await terminal.question(`${WHAT_IT_MEANS}\nMake a new root? Write "new root": `);
  terminal.close();
  if (said.trim() !== 'new root') throw new OperatorError('Nothing was changed.');
}

function ownOf({ tlsCert: cert, tlsKey: key }: Config): { cert: string; key: string } | undefined {
  return cert === undefined || key === undefined ? undefined : { cert, key };
}

function expectOurs(config: Config): void {
  if (config.tls === 'off') throw new OperatorError('TLS=off: the proxy has the certificate.');
  const own = ownOf(config);
  if (own) throw new OperatorError(`TLS_CERT names ${own.cert}, which somebody else issues: renew it there.`);
}

const COMMANDS = { show, renew, export: exportRoot, 'new-root': newRoot };

async function certs(config: Config, [command = 'show', argument, ...more]: string[]): Promise<string[]> {
  const isKnown = (name: string): name is keyof typeof COMMANDS => Object.hasOwn(COMMANDS, name);
  const takesArgument = command === 'export' || argument === undefined || argument === '--yes';
  if (!isKnown(command) || !takesArgument || more.length > 0) throw new OperatorError(USAGE);
  return COMMANDS[command](config, argument);
}

await runCommand(certs);

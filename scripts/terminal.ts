import { join } from 'node:path';
import type { Result } from '#protocol/result';
import { systemClock as clock } from '../backend/src/clock.ts';
import { liveElsewhere } from '../backend/src/bus/from-terminal.ts';
import { processConfig, type Config } from '../backend/src/config.ts';
import type { Live } from '../backend/src/auth/administration.ts';
import { createLog, type Logger } from '../backend/src/log.ts';
import { openSecrets } from '../backend/src/secrets/secrets.ts';
import { choiceOf, openStore } from '../backend/src/store/open-store.ts';
import type { Command } from '../backend/src/terminal/command.ts';
import { askServer, controlPath } from '../backend/src/terminal/control-socket.ts';
import { perform, type Said } from '../backend/src/terminal/perform.ts';

/** Nobody is connected to a server that is stopped. */
const nobody: Live = {
  deliver: () => undefined,
  endDevices: () => undefined,
  relationChanged: () => undefined,
};
type Elsewhere = { live: Live; end: () => Promise<void> };

/** Those who are connected to other processes, where there may be some. */
async function elsewhere({ bus: url }: Config, log: Logger): Promise<Elsewhere> {
  if (url === undefined) return { live: nobody, end: async () => undefined };
  const { openRedisBus } = await import('../backend/src/bus/redis-bus.ts');
  const bus = await openRedisBus(url, log);
  const { live, said } = liveElsewhere(bus);
  return { live, end: () => said().finally(() => bus.close()) };
}

/** Asks the running server, which closes the sockets concerned; where none runs, the store itself, and tells the others. */
async function run(config: Config, command: Command): Promise<Said> {
  const answer = await askServer(controlPath(config.dataDir), command);
  if (answer !== undefined) return answer;
  const { secretsDir, dataDir, store: place } = config;
  const { refreshKey } = await openSecrets(secretsDir ?? join(dataDir, 'secrets'), secretsDir !== undefined);
  const log = createLog(config.logLevel);
  const store = await openStore(choiceOf(place, dataDir), log);
  try {
    const { live, end } = await elsewhere(config, log);
    const origins = () => (config.publicOrigin === undefined ? [] : [config.publicOrigin]);
    const said = { origins, welcome: () => undefined, signUp: config.signUp };
    return await perform({ store, live, clock, refreshKey, ...said }, command).finally(end);
  } finally {
    await store.close();
  }
}

/** One command of the terminal: says what came of it, and ends with 1 where nothing did. */
export async function terminal(read: (args: readonly string[]) => Result<Command, string>): Promise<void> {
  const command = read(process.argv.slice(2));
  const config = processConfig();
  let said: Said;
  if (!command.ok) said = { ok: false, text: command.error };
  else if (!config.ok) said = { ok: false, text: config.error.join('\n') };
  else said = await run(config.value, command.value).catch(sentenceOf);
  console[said.ok ? 'log' : 'error'](said.text);
  process.exitCode = said.ok ? 0 : 1;
}

/** What a store or a secret cannot do is said in a sentence by itself. */
const sentenceOf = (error: unknown): Said => ({
  ok: false,
  text: error instanceof Error ? error.message : String(error),
});

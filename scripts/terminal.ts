import { join } from 'node:path';
import type { Result } from '#protocol/result';
import { systemClock as clock } from '../backend/src/clock.ts';
import { eventsElsewhere } from '../backend/src/bus/from-terminal.ts';
import type { Config } from '../backend/src/config.ts';
import { EventHub, type Events } from '../backend/src/events/event-hub.ts';
import { createLog, type Logger } from '../backend/src/log.ts';
import { OperatorError } from '../backend/src/operator-error.ts';
import { openSecrets } from '../backend/src/secrets/secrets.ts';
import { choiceOf, openStore } from '../backend/src/store/open-store.ts';
import type { Command } from '../backend/src/terminal/command.ts';
import { askServer, controlPath } from '../backend/src/terminal/control-socket.ts';
import { perform, type Said } from '../backend/src/terminal/perform.ts';
import { runCommand } from './run-command.ts';

type Elsewhere = { events: Events; end: () => Promise<void> };

/** Those who are connected to other processes, where there may be some. */
async function elsewhere({ bus: url }: Config, log: Logger): Promise<Elsewhere> {
  // Nobody is connected to a server that is stopped.
  if (url === undefined) return { events: new EventHub(), end: async () => undefined };
  const { openRedisBus } = await import('../backend/src/bus/redis-bus.ts');
  const bus = await openRedisBus(url, log);
  const { events, said } = eventsElsewhere(bus);
  return { events, end: () => said().finally(() => bus.close()) };
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
    const { events, end } = await elsewhere(config, log);
    const origins = () => (config.publicOrigin === undefined ? [] : [config.publicOrigin]);
    const said = { origins, welcome: () => undefined, signUp: config.signUp };
    return await perform({ store, events, clock, refreshKey, ...said }, command).finally(end);
  } finally {
    await store.close();
  }
}

/** One command about accounts or invitations. */
export const terminal = (read: (args: readonly string[]) => Result<Command, string>): Promise<void> =>
  runCommand(async (config, args) => {
    const command = read(args);
    if (!command.ok) throw new OperatorError(command.error);
    const said = await run(config, command.value);
    if (!said.ok) throw new OperatorError(said.text);
    return [said.text];
  });

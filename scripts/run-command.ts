import { processConfig, type Config } from '../backend/src/config.ts';
import { OperatorError, printable } from '../backend/src/operator-error.ts';

/**
 * A command of the terminal: prints the lines that come of it. Where nothing does it says why, and ends with 1.
 * @param run throws an OperatorError for what cannot be done, and for what was typed wrongly
 */
export async function runCommand(run: (config: Config, args: string[]) => Promise<readonly string[]>): Promise<void> {
  try {
    const config = processConfig();
    if (!config.ok) throw new OperatorError(config.error.join('\n'));
    for (const line of await run(config.value, process.argv.slice(2))) console.log(line);
  } catch (error) {
    console.error(printable(error));
    process.exitCode = 1;
  }
}

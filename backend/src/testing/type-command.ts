import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environmentOfSpecs } from './process.ts';

const SCRIPTS = join(import.meta.dirname, '..', '..', '..', 'scripts');

/** Types a command of the terminal: what it says, and how it ends. */
export async function typeCommand(
  env: Record<string, string>,
  script: 'invite' | 'accounts' | 'backup' | 'restore' | 'migrate',
  ...args: string[]
): Promise<{ text: string; code: number | null }> {
  const child = spawn(process.execPath, [join(SCRIPTS, `${script}.ts`), ...args], {
    env: { ...environmentOfSpecs(), ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
  const code = await new Promise<number | null>(resolve => child.on('close', resolve));
  return { text: text.trim(), code };
}

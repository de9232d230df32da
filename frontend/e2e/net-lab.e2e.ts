import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suiteNeeds } from '../../scripts/suite-needs.ts';

/** The short form of `npm run net-lab`; it builds its networks in a process of its own. */
async function laboratory(...args: string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'net-lab.ts'), ...args]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

suiteNeeds(['ip', 'nft', 'certutil'], 'Two people behind firewalls', () => {
  it('TU1a meet by TLS and the port of the app alone, over IPv4 and IPv6, and directly where they can', async () => {
    const { code, said } = await laboratory('https alone,IPv6 alone');
    expect(code).withContext(said).toBe(0);
    expect(said).toContain('https alone – https alone: relayed');
    expect(said).toContain('https alone – IPv6 alone: relayed');
    expect(said).toContain('IPv6 alone – IPv6 alone: direct');
  });
});

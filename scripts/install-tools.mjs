import { run, Stop } from './prepare.mjs';
import { locate, tools, whereIs } from './tools.mjs';

const missingTools = () => tools.filter(tool => whereIs(tool.name) === undefined);

/**
 * Gets by apt what the list names and this machine lacks, where we are root on a Debian.
 * @param {(line: string) => void} say
 * @returns {Promise<string[]>} the names of the tools that are still missing
 */
export async function installTools(say) {
  const packages = missingTools().flatMap(tool => tool.debian);
  if (packages.length > 0 && process.getuid?.() === 0 && locate('apt-get')) {
    say(`Installing ${packages.join(', ')} …`);
    await apt(['update', '-q']);
    await apt(['install', '-q', '-y', '--no-install-recommends', ...packages]);
  }
  const missing = missingTools();
  const browser = missing.find(tool => tool.name === 'chromium');
  if (browser) {
    throw new Stop(
      `The tests need a Chromium: sudo apt-get install -y ${browser.debian.join(' ')}, then npm test again.`,
    );
  }
  return missing.filter(tool => !tool.optional).map(tool => tool.name);
}

/** A package that cannot be had is no end yet: the suites that need it are left out by name. */
async function apt(args) {
  const { code, output } = await run('apt-get', args, {
    // Specs start what they need: at this run level a package starts no service of its own (invoke-rc.d).
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
  if (code !== 0) console.error(`apt-get ${args[0]} failed:\n${output.trim().split('\n').slice(-5).join('\n')}`);
}

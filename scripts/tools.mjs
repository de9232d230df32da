import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * Everything a test may need that npm does not bring: the one list.
 * `found` holds the commands (looked up in PATH) or files of which one must be there; `debian` the packages that bring it;
 * `optional`: everything runs without it, too, only slower.
 */
export const tools = [
  { name: 'chromium', found: ['chromium', 'chromium-browser', 'google-chrome'], debian: ['chromium'] },
  {
    name: 'headless-shell',
    // Debian's command is a script that waits for the program: whoever kills the one does not end the other.
    found: ['/usr/lib/chromium/chromium-headless-shell', 'chrome-headless-shell'],
    debian: ['chromium-headless-shell'],
    optional: true,
  },
  { name: 'firefox', found: ['firefox-esr', 'firefox'], debian: ['firefox-esr'] },
  { name: 'certutil', found: ['certutil'], debian: ['libnss3-tools'] },
  { name: 'strace', found: ['strace'], debian: ['strace'] },
  { name: 'coturn', found: ['turnserver'], debian: ['coturn'] },
  { name: 'redis', found: ['redis-server'], debian: ['redis-server'] },
  { name: 'ip', found: ['/usr/sbin/ip', 'ip'], debian: ['iproute2'] },
  { name: 'nft', found: ['/usr/sbin/nft', 'nft'], debian: ['nftables'] },
  { name: 'openssl', found: ['openssl'], debian: ['openssl'] },
  { name: 'nginx', found: ['/usr/sbin/nginx'], debian: ['nginx-light'] },
  { name: 'caddy', found: ['caddy'], debian: ['caddy'] },
  { name: 'inter', found: ['/usr/share/fonts/opentype/inter'], debian: ['fonts-inter'] },
  { name: 'noto', found: ['/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf'], debian: ['fonts-noto-core'] },
  { name: 'emoji', found: ['/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'], debian: ['fonts-noto-color-emoji'] },
];

/**
 * Where a tool is.
 * @param {string} name a name of the list above
 * @returns {string | undefined} the absolute path, undefined where the tool is missing
 */
export function whereIs(name) {
  const tool = tools.find(known => known.name === name);
  if (tool === undefined) throw new Error(`scripts/tools.mjs does not list ${name}`);
  return tool.found.map(locate).find(path => path !== undefined);
}

/**
 * @param {string} file a command or an absolute path
 * @returns {string | undefined} where it is, looked up in PATH; undefined where it is not
 */
export function locate(file) {
  if (isAbsolute(file)) return existsSync(file) ? file : undefined;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, file))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

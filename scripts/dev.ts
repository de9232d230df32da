import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run dev`: the server, started again when one of its files changes, and the app at http://localhost:4200, built again
 * when one of its own does. The app's server hands /api and /signalingsocket on to ours.
 */
const cwd = dirname(dirname(fileURLToPath(import.meta.url)));
const server = 'http://localhost:8080';
const environment = { ...process.env, HTTP_PORT: '8080', LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'debug' };
const ng = 'node_modules/@angular/cli/bin/ng.js';

const both = [
  spawn(process.execPath, ['--watch', 'backend/src/main.ts'], { cwd, env: environment, stdio: 'inherit' }),
  spawn(process.execPath, [ng, 'serve', '--proxy-config=scripts/dev-proxy.json'], { cwd, stdio: 'inherit' }),
];
console.log(`The app: http://localhost:4200 (its server: ${server})`);

function endBoth(): void {
  for (const child of both) child.kill();
}

for (const child of both) child.on('exit', endBoth);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, endBoth);

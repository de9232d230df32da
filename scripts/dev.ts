import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm run dev`: the server, started again when one of its files changes, and the app at http://localhost:4200, built again
 * when one of its own does. The app's server hands /api and /signalingsocket on to ours.
 */
const cwd = dirname(dirname(fileURLToPath(import.meta.url)));
const port = '8080'; // as dev-proxy.json has it
const environment = { HTTP_PORT: port, LOG_LEVEL: 'debug', SIGN_UP: 'open', ...process.env };

/** Node tells a watching parent what it imports; from the store's thread that report would arrive among its messages. */
const silent = '--import=data:text/javascript,delete process.env.WATCH_REPORT_DEPENDENCIES';

const server = ['--watch-path=backend', silent, 'backend/src/main.ts'];
const app = ['node_modules/@angular/cli/bin/ng.js', 'serve', '--proxy-config=scripts/dev-proxy.json'];
const both = [server, app].map(args => spawn(process.execPath, args, { cwd, env: environment, stdio: 'inherit' }));
console.log(`The app: http://localhost:4200 (its server: http://localhost:${port})`);

function endBoth(): void {
  for (const child of both) child.kill();
}

for (const child of both) child.on('exit', endBoth);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, endBoth);

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildApp, checkPlatform, environment, installDependencies, node, root, Stop } from './prepare.mjs';

const say = line => console.log(line);

/** Runs the server until it ends, hands on what the system asks of it, and ends as it ends. */
function serve() {
  const server = spawn(node(), [join('backend', 'src', 'main.ts')], {
    cwd: root,
    env: environment(),
    stdio: 'inherit',
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
  // Ctrl-C reaches the server by the terminal itself: a second one could read as impatience.
  process.on('SIGINT', () => process.stdin.isTTY || server.kill('SIGINT'));
  stopWithNpm(server);
  server.on('error', error => stop(new Stop(`The server cannot be started: ${error.message}`)));
  server.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

/** npm hands SIGTERM to the shell between us, which ends without a word to us: then we are somebody else's child. */
function stopWithNpm(server) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    server.kill('SIGTERM');
  }, 500);
}

function stop(error) {
  console.error(error instanceof Stop ? error.message : error);
  process.exit(1);
}

try {
  checkPlatform();
  await installDependencies(say);
  await buildApp(say);
  serve();
} catch (error) {
  stop(error);
}

import { build } from 'esbuild';
import { join } from 'node:path';

/**
 * Lays our service worker beside the built app. It is built on its own, because a worker's script keeps its name for ever, and
 * after the app, because Angular's list of what to keep must not contain the worker itself.
 */
const top = join(import.meta.dirname, '..');
await build({
  entryPoints: [join(top, 'frontend', 'worker', 'worker.ts')],
  outfile: join(top, 'dist', 'app', 'worker.js'),
  bundle: true,
  format: 'iife',
  minify: true,
  target: 'es2022',
  charset: 'utf8',
});

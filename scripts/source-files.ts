import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the house; `path` from its top, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const top = dirname(dirname(fileURLToPath(import.meta.url)));

/** @returns everything that people wrote in the three rooms: code, templates, styles and the protocol's page */
export function readSources(): SourceFile[] {
  return globSync('{backend,frontend,scripts}/**/*.{ts,mjs,cjs,html,css,md}', { cwd: top })
    .map(path => path.replaceAll('\\', '/'))
    .sort()
    .map(path => ({ path, text: readFileSync(`${top}/${path}`, 'utf8') }));
}

/** Specs, and what only specs use. */
export const isTest = (path: string): boolean =>
  /\.(spec|e2e|contract)\.ts$/.test(path) || /\/testing\//.test(path) || path.startsWith('frontend/e2e/');

/** Says what is wrong, a line each, and ends the process accordingly. */
export function report(violations: readonly string[]): void {
  for (const line of violations) console.error(line);
  if (violations.length > 0) process.exitCode = 1;
}

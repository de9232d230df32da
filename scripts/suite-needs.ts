import { whereIs, type Tool } from './tools.mjs';

/**
 * A suite that cannot run without a tool of the list in tools.mjs. Where one is missing the suite is one pending spec, which
 * `npm test` names before its last line and counts neither as passed nor as failed (under CI=true as failed).
 * @param needed the tools, all of them
 * @param title the suite's, as for `describe`
 * @param specs the suite's body
 */
export function suiteNeeds(needed: readonly Tool[], title: string, specs: () => void): void {
  const missing = needed.filter(tool => whereIs(tool) === undefined);
  if (missing.length === 0) describe(title, specs);
  else describe(title, () => void it('runs', () => pending(`needs ${missing.join(', ')}`)));
}

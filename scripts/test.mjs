import { installTools } from './install-tools.mjs';
import { writeToMemory } from './memory-files.mjs';
import { checkPlatform, installDependencies, root, Stop } from './prepare.mjs';
import { add } from './run-steps.mjs';
import { groupsOf, layers, runGroup } from './test-layers.mjs';

const ci = process.env.CI === 'true';
const say = line => console.log(line);

/** The layers named on the command line, in their own order; all where none is named. */
function chosenLayers(names) {
  const unknown = names.find(name => !layers.some(layer => layer.name === name));
  if (unknown) throw new Stop(`There is no layer ${unknown}: ${layers.map(layer => layer.name).join(', ')}.`);
  return names.length === 0 ? layers : layers.filter(layer => names.includes(layer.name));
}

async function run(group) {
  say(`\n${group.map(({ name }) => name).join(', ')}`);
  return runGroup(group);
}

/** The files that took longest: where a run that grows is looked at first. */
const DEAREST = 10;

/** A line per layer, the dearest files, what failed, what did not run, and the last line. In CI what did not run has failed. */
function report(results) {
  const { notRun, leftOut, unsteady, files, failed: failures } = add(results);
  const failed = failures.length + (ci ? notRun.length : 0);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  say('');
  for (const { name, seconds, ...counts } of results) {
    const line = `${counts.passed} passed, ${counts.failed.length} failed`;
    say(`${name.padEnd(10)}${line.padEnd(24)}${seconds.toFixed(1).padStart(7)} s`);
  }
  const dearest = files.sort(([, one], [, other]) => other - one).slice(0, DEAREST);
  if (dearest.length > 0)
    say(`Dearest: ${dearest.map(([file, ms]) => `${file} ${(ms / 1000).toFixed(0)} s`).join(', ')}`);
  for (const file of unsteady) say(`unsteady: ${file}`);
  if (leftOut.length > 0) say(`Left out, because the time was up: ${leftOut.join(', ')}`);
  for (const failure of failures) say(`Failed: ${failure}`);
  if (notRun.length > 0) say(`Not run${ci ? ', which is a failure in CI' : ''}: ${notRun.join('; ')}`);
  say(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
try {
  checkPlatform();
  writeToMemory();
  const chosen = chosenLayers(process.argv.slice(2));
  await installDependencies(say);
  // Packages are fetched and unpacked while the layers run that need none of them.
  const tools = chosen.some(layer => layer.tools) ? installTools(say) : Promise.resolve([]);
  tools.catch(() => undefined); // it is said where the first layer waits for them
  const results = [];
  for (const group of groupsOf(chosen)) {
    if (group.some(layer => layer.tools)) await tools;
    results.push(...(await run(group)));
  }
  const missing = await tools;
  if (missing.length > 0)
    results.unshift({ ...add([]), name: 'tools', seconds: 0, notRun: missing.map(name => `whatever needs ${name}`) });
  report(results);
} catch (error) {
  console.error(error instanceof Stop ? error.message : error);
  say('0 passed, 1 failed');
  process.exitCode = 1;
}

import { chromium } from 'playwright-core';
import { GROUND, plainLaunch } from './chromium.ts';

/*
 * Holds the browsers that the end-to-end files of one lane use one after another: a launch costs seconds of processor. Prints
 * where they listen as one line of JSON (for PARLEY_LANE_BROWSERS), and closes them when its input ends.
 */
const grounds = Object.values(GROUND);
const servers = await Promise.all(grounds.map(ground => chromium.launchServer(plainLaunch(ground))));
console.log(JSON.stringify(Object.fromEntries(grounds.map((ground, index) => [ground, servers[index]?.wsEndpoint()]))));
process.stdin.resume().on('close', () => {
  void Promise.all(servers.map(server => server.close())).finally(() => process.exit());
});

import type { CDPSession } from 'playwright-core';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { type Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

/** Beyond the first two, one in each direction: what a call leaves behind at either end is there after them. */
const CALLS = 2;

/** What a page keeps alive, after everything that nobody holds was thrown away. */
interface Kept {
  readonly listeners: number;
  readonly links: number;
}

async function kept(cdp: CDPSession): Promise<Kept> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const count = (name: string) => metrics.find(metric => metric.name === name)?.value ?? NaN;
  return { listeners: count('JSEventListeners'), links: count('RTCPeerConnections') };
}

async function inspect({ context, page }: Person): Promise<CDPSession> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  return cdp;
}

/** Forgets what the probe saw: it must not be what keeps a link alive. */
const forget = ({ page }: Person): Promise<void> =>
  page.evaluate(() => {
    window.probed.links.length = 0;
    window.probed.tracks.length = 0;
  });

describe('Calls in a row', () => {
  let two: TwoPeople;
  let mira: Caller;
  let jonas: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet();
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  async function call(from: Caller, to: Caller): Promise<void> {
    await from.page.getByRole('button', { name: `Video call with ${to.person.name}` }).click();
    await to.isRung(from.person);
    await to.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await Promise.all([from.hangsUp(), to.reads('Call ended')]);
    await to.closesOutcome();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
    await Promise.all([forget(two.mira), forget(two.jonas)]);
  }

  it('are one call where both place it at once', async () => {
    // Each has looked at the other's keys.
    await Promise.all([two.mira.openChat(two.jonas), two.jonas.openChat(two.mira)]);
    // While the server stands still neither can hear of the other's call: both are placed for certain.
    process.kill(two.server.pid, 'SIGSTOP');
    await mira.page.getByRole('button', { name: 'Video call with Jonas Weber' }).click();
    await jonas.page.getByRole('button', { name: 'Video call with Mira Sand' }).click();
    await Promise.all([mira.reads('Calling'), jonas.reads('Calling')]);
    process.kill(two.server.pid, 'SIGCONT');
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await Promise.all([mira.hangsUp(), jonas.reads('Call ended')]);
    await jonas.closesOutcome();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('leave no track, no link and no listener behind', async () => {
    // Not in their conversation, which grows by a line with each call.
    await Promise.all([two.mira.go('Contacts'), two.jonas.go('Contacts')]);
    const inspected = await Promise.all([inspect(two.mira), inspect(two.jonas)]);
    // One in each direction first: what is made one time for all calls is there afterwards.
    await call(mira, jonas);
    await call(jonas, mira);
    const before = await Promise.all(inspected.map(kept));
    for (let done = 0; done < CALLS; done++) await (done % 2 ? call(jonas, mira) : call(mira, jonas));
    for (const [i, cdp] of inspected.entries())
      await until(
        `as few listeners and links as before: ${JSON.stringify(before[i])}`,
        () => kept(cdp),
        now => now.links === 0 && now.listeners <= before[i]!.listeners,
      );
  }, 300_000);
});

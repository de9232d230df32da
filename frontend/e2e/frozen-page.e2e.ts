import type { Page } from 'playwright-core';
import { faultsOf } from './accessibility.ts';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { freeze } from './freeze.ts';
import { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

/** A ring that no device can show is given up after 3 s; and one more, in seconds. */
const UNREACHABLE_S = 4;

/** What a page that goes on hears at once, in ms; its own ring would stop much later. */
const AT_ONCE_MS = 10_000;

/**
 * Notes from now on what stands in a part of the page whenever the page changes.
 * @param selector of the part, which may come and go
 * @returns asks for the texts that were seen, each once
 */
async function textsShown(page: Page, selector: string): Promise<() => Promise<string[]>> {
  const texts = await page.evaluateHandle(part => {
    const seen = new Set<string>();
    const note = () => document.querySelectorAll(part).forEach(element => seen.add(element.textContent));
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true });
    return seen;
  }, selector);
  return () => texts.evaluate(seen => [...seen]);
}

describe('A page that is frozen', () => {
  let two: TwoPeople;
  let mira: Caller;
  let jonas: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet();
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  });
  afterEach(async () => {
    for (const caller of [mira, jonas]) await caller.closesOutcome();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  it('does not ring, though its socket lives, and keeps nothing of a call that was taken back meanwhile', async () => {
    const onStage = await textsShown(mira.page, 'parley-call-overlay');
    // A page that was frozen before it had made its person's keys could not be called at all.
    await two.jonas.hasKeys();
    const thaw = await freeze(two.jonas.browser);
    await mira.calls(two.jonas);
    await mira.reads('Calling…');
    // With no socket of the callee at all the call would be over by then: CA29.
    await until(
      'Mira has called for longer than a device is waited for',
      () => mira.page.locator('video.behind').evaluate((video: HTMLVideoElement) => video.currentTime),
      seconds => seconds > UNREACHABLE_S,
    );
    await mira.reads('Calling…');
    await mira.presses('Cancel call');
    await mira.holdsNothing();
    expect((await onStage()).filter(text => text.includes('Ringing'))).toEqual([]);
    thaw();
    const ring = jonas.page.locator('parley-incoming-call');
    await two.jonas.go('Calls');
    await two.jonas.page.getByText('Missed video call').first().waitFor();
    await ring.waitFor({ state: 'detached', timeout: AT_ONCE_MS });
  });

  it('is not counted while another device rings, and rings once it goes on', async () => {
    // In Mira's browser, so that it is not frozen with the other one.
    const device = await Person.at(two.mira.browser, two.server.origin, 'Jonas Weber');
    const tablet = new Caller(await (await device.addDevice()).comesIn());
    const thaw = await freeze(two.jonas.browser);
    await mira.calls(two.jonas);
    await tablet.isRung(two.mira);
    await mira.reads('Ringing on 1 device…');
    thaw();
    await jonas.isRung(two.mira);
    await mira.reads('Ringing on 2 devices…');
    await tablet.reads('Also ringing on 1 other device');
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), tablet.isFree()]);
    await jonas.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing(), tablet.holdsNothing()]);
    await tablet.person.close();
  });

  it('in a call is missed by the other, whose call waits for it and goes on with it', async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    const thaw = await freeze(two.jonas.browser);
    await mira.reads('Reconnecting…');
    const faults = await faultsOf(mira.page, 'reconnecting', 'parley-voice');
    thaw();
    expect(faults).toEqual([]);
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), mira.hears(), jonas.hears()]);
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });
});

import { liveTracks, openLinks, sentOn } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND, WITH_WORKER } from './chromium.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

describe('Two people call each other', () => {
  let two: TwoPeople;
  let mira: Caller;
  let jonas: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet({}, true, WITH_WORKER);
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  });
  afterEach(async () => {
    for (const caller of [mira, jonas]) await caller.closesOutcome();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  async function talk(): Promise<void> {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
  }

  it('and both see a picture that moves and hear sound', async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await mira.reads('Ringing on 1 device');
    // The one who has not answered captures nothing and opens nothing.
    expect(await liveTracks(two.jonas.page)).toBe(0);
    expect(await openLinks(two.jonas.page)).toBe(0);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await Promise.all([mira.hears(), jonas.hears()]);
    await Promise.all([mira.hangsUp(), jonas.reads('Call ended')]);
    await Promise.all([mira.isFree(), mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('and a muted microphone is silent at the other end', async () => {
    await talk();
    await jonas.hears();
    await mira.presses('Mute');
    await jonas.reads('Mira Sand is muted');
    const silence = await until(
      'Jonas hears nothing more',
      async () => {
        const before = await jonas.arriving();
        const frames = before.frames;
        const after = await until(
          'a second of pictures',
          () => jonas.arriving(),
          now => now.frames > frames + 5,
        );
        return after.energy - before.energy;
      },
      energy => energy < 1e-6,
    );
    expect(silence).toBeLessThan(1e-6);
    await mira.presses('Mute');
    await jonas.hears();
    await jonas.hangsUp();
    await mira.holdsNothing();
  });

  it('and a camera that is turned off is really off, and comes back', async () => {
    await talk();
    await mira.presses('Camera off');
    await jonas.reads('camera is off');
    await until(
      'only the microphone is captured',
      () => liveTracks(two.mira.page),
      live => live === 1,
    );
    await mira.presses('Camera off');
    await jonas.sees(GROUND.mira);
    await mira.hangsUp();
    await jonas.holdsNothing();
  });

  it('and a call that is declined says so', async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.declines();
    await mira.reads('Declined');
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('and a third who calls is answered while the first is held, sends nothing and hears nothing, and comes back', async () => {
    const noor = new Caller(await two.third('Noor Haddad'));
    await talk();
    await noor.calls(two.jonas, 'audio');
    const { page } = two.jonas;
    await page.getByRole('button', { name: 'Hold Mira Sand, answer Noor Haddad' }).click();
    await Promise.all([noor.hears(), mira.reads('Jonas Weber put the call on hold')]);
    const silent = await until(
      'nothing is sent to Mira',
      () => sentOn(page, 0),
      ({ tracks }) => tracks === 0,
    );
    const heard = await mira.arriving();
    await noor.hears();
    expect((await sentOn(page, 0)).packets).toBe(silent.packets);
    expect((await mira.arriving()).energy).toBeCloseTo(heard.energy, 6);
    await jonas.presses('Hold Noor Haddad, talk to Mira Sand');
    await noor.reads('Jonas Weber put the call on hold');
    await until(
      'Mira is sent something again',
      () => sentOn(page, 0),
      ({ packets }) => packets > silent.packets,
    );
    await Promise.all([mira.hears(), mira.sees(GROUND.jonas)]);
    await mira.hangsUp();
    await page.getByRole('button', { name: 'Resume call with Noor Haddad' }).click();
    await noor.hears();
    await noor.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing(), noor.holdsNothing()]);
    await jonas.closesOutcome();
    await two.jonas.go('Calls');
    for (const name of ['Mira Sand', 'Noor Haddad'])
      await page.locator('parley-call-row').filter({ hasText: name }).first().waitFor();
  });

  it('and a call taken back before an answer is a missed call', async () => {
    await mira.calls(two.jonas, 'audio');
    await jonas.isRung(two.mira);
    await mira.presses('Cancel call');
    await jonas.isFree();
    await two.jonas.go('Calls');
    await two.jonas.page.getByText('Missed call').first().waitFor();
  });
});

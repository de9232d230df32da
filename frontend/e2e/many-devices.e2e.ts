import { Caller } from './caller.ts';
import { openLinks } from './call-probe.ts';
import { GROUND } from './chromium.ts';
import type { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

/** From the next load on, this page gets the code that draws calls only after the welcome, which names the calls of this person. */
async function fetchesOverlayLate({ page }: Person): Promise<void> {
  const welcome = new Promise<void>(resolve =>
    page.on('websocket', socket =>
      socket.on('framereceived', ({ payload }) =>
        String(payload).includes('"type":"welcome"') ? resolve() : undefined,
      ),
    ),
  );
  await page.route('**/chunk-*.js', async route => {
    const response = await route.fetch();
    if ((await response.text()).includes('[["parley-call-overlay"]]')) await welcome;
    await route.fulfill({ response });
  });
}

describe('Somebody with two devices', () => {
  let two: TwoPeople;
  let mira: Caller;
  let jonas: Caller;
  let tablet: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet();
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
    tablet = new Caller(await two.another(two.jonas));
  });
  afterEach(async () => {
    for (const caller of [mira, jonas, tablet]) await caller.closesOutcome();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  it('is rung on both, answers on the second, and the first stops', async () => {
    await mira.calls(two.jonas);
    await Promise.all([jonas.isRung(two.mira), tablet.isRung(two.mira)]);
    await mira.reads('Ringing on 2 devices');
    await jonas.reads('Also ringing on 1 other device');
    await tablet.accepts();
    // The words go away by themselves before a busy machine has shown the first picture.
    await Promise.all([jonas.reads('another device'), mira.sees(GROUND.jonas), tablet.sees(GROUND.mira)]);
    await jonas.isFree();
    await tablet.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing(), tablet.holdsNothing()]);
  });

  it('declines on one, and both stop', async () => {
    await mira.calls(two.jonas);
    await Promise.all([jonas.isRung(two.mira), tablet.isRung(two.mira)]);
    await jonas.declines();
    await Promise.all([tablet.isFree(), mira.reads('Declined')]);
  });

  it('CA39c, CA39d: takes the call over on the other one, and stays on the first where that fails', async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await tablet.reads('You are in a call with Mira Sand');
    // It dies on its way in: its link never comes up, and the page is loaded again.
    await tablet.page.evaluate(() => {
      RTCPeerConnection.prototype.setRemoteDescription = () => new Promise(() => undefined);
    });
    await tablet.page.getByRole('button', { name: 'Move it here' }).click();
    const linksOf = (count: number) =>
      until(
        `Mira has ${count} links`,
        () => openLinks(mira.page),
        open => open === count,
      );
    await linksOf(2);
    await fetchesOverlayLate(tablet.person);
    await tablet.page.reload();
    await linksOf(1);
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);

    await tablet.page.getByRole('button', { name: 'Move it here' }).focus();
    await tablet.page.keyboard.press('Enter');
    await Promise.all([jonas.reads('The call continues on another device.'), tablet.sees(GROUND.mira)]);
    await linksOf(1);
    await Promise.all([mira.seesMotion(), mira.hears()]);
    await jonas.isFree();
    await jonas.reads('You are in a call with Mira Sand');
    await tablet.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing(), tablet.holdsNothing()]);
  });

  it('reads on one what was written on the other', async () => {
    await two.jonas.openChat(two.mira);
    await two.jonas.write('From the first device');
    await tablet.person.openChat(two.mira);
    await tablet.person.reads('From the first device');
    await tablet.person.write('From the second');
    await two.jonas.reads('From the second');
  });
});

import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { freeze } from './freeze.ts';
import { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';

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

  it('does not ring, though its socket lives, and shows nothing of a call that was taken back meanwhile', async () => {
    const thaw = await freeze(two.jonas.browser);
    await mira.calls(two.jonas);
    await mira.reads('Calling…');
    await mira.presses('Cancel call');
    await mira.holdsNothing();
    thaw();
    await jonas.isFree();
    await two.jonas.go('Calls');
    await two.jonas.page.getByText('Missed video call').first().waitFor();
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
});

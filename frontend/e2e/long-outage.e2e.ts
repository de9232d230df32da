import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { TwoPeople } from './two-people.ts';

/** Longer than a session can be resumed (`RESUME_WINDOW_MS`, 60 s by default). */
const GONE_MS = 75_000;
/** How often it is listened meanwhile: each look costs both pages processor time that other files want. */
const LISTENED_EACH_MS = 10_000;

describe('A server that is gone for longer than a session can be resumed', () => {
  let two: TwoPeople;

  beforeAll(async () => {
    two = await TwoPeople.meet();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  it('ends no call: sound and picture go on, and stay when it is back', async () => {
    const [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await two.server.stop('SIGKILL');
    const back = performance.now() + GONE_MS;
    await Promise.all([mira.reads('No connection to the server'), jonas.reads('No connection to the server')]);
    while (performance.now() < back) {
      await Promise.all([mira.hears(), jonas.hears()]);
      await new Promise(resolve => setTimeout(resolve, LISTENED_EACH_MS));
    }
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await two.server.start();
    await Promise.all([two.mira.isLive(), two.jonas.isLive()]);
    // A word of the other end goes through the server again, in the same call.
    await mira.presses('Mute');
    await jonas.reads('Mira Sand is muted');
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), mira.hears()]);
    await Promise.all([mira.hangsUp(), jonas.reads('Call ended')]);
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  }, 400_000);
});

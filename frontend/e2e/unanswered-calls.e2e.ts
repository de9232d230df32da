import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { type Person } from './person.ts';
import { TwoPeople } from './two-people.ts';

describe('A call that nobody answers', () => {
  let two: TwoPeople;
  let lea: Person;
  let mira: Caller;
  let jonas: Caller;

  beforeAll(async () => {
    // Long enough for what a third person does meanwhile, on a machine that has other work.
    two = await TwoPeople.meet({ RING_MS: '15000' });
    lea = await two.third('Lea Brandt');
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  });
  afterEach(async () => {
    for (const caller of [mira, jonas]) await caller.closesOutcome();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  it('rings as long as it may, and is then a missed call', async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await mira.reads('No answer');
    await Promise.all([jonas.isFree(), mira.holdsNothing(), jonas.holdsNothing()]);
    await jonas.reads('Missed call from Mira Sand');
    await two.jonas.go('Calls');
    await two.jonas.page.getByText('Missed video call').first().waitFor();
  });

  it('says "In another call" where the other is placing one, whom it does not disturb', async () => {
    const third = new Caller(lea);
    await lea.openChat(two.jonas);
    await jonas.calls(two.mira);
    await mira.isRung(two.jonas);
    await lea.page.getByRole('button', { name: 'Video call with Jonas Weber' }).click();
    await third.reads('In another call');
    await mira.accepts();
    await third.holdsNothing();
    await third.closesOutcome();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('is declined with a word, which stands in the conversation at both ends', async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.presses('In 10 minutes');
    await mira.reads('Declined');
    await mira.closesOutcome();
    const sentence = 'I cannot talk right now. I will call you back in 10 minutes.';
    await two.mira.reads(sentence);
    await two.jonas.openChat(two.mira);
    await two.jonas.reads(sentence);
  });

  it('says "Not reachable" where the other has no device that is connected', async () => {
    await lea.page.close({ runBeforeUnload: true });
    await mira.calls(lea);
    await mira.reads('Not reachable');
    await mira.holdsNothing();
  });

  it('is not placed without a connection, and says so at once', async () => {
    await two.mira.openChat(two.jonas);
    await two.server.stop();
    await two.mira.page.locator('parley-connection-banner .banner:visible').first().waitFor();
    await two.mira.page.getByRole('button', { name: 'Video call with Jonas Weber' }).click();
    await mira.reads('You are offline');
    await mira.holdsNothing();
    await two.server.start();
    await Promise.all([two.mira.isLive(), two.jonas.isLive()]);
    await mira.closesOutcome();
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.declines();
    await mira.reads('Declined');
  });
});

import { faultsOf } from './accessibility.ts';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

/** A call lives on its link: what happens to the server or a page meanwhile must not end it, or must end it at once. */
describe('A call outlives its server', () => {
  let two: TwoPeople;
  let mira: Caller;
  let jonas: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet();
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  });
  beforeEach(async () => {
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
  });
  afterEach(async () => {
    for (const caller of [mira, jonas]) if (!caller.page.isClosed()) await caller.closesOutcome();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  // One that is killed: long-outage.e2e.ts.
  it('that is stopped and started again: the media goes on, and hanging up works afterwards', async () => {
    await two.server.stop();
    await Promise.all([mira.reads('No connection to the server'), jonas.reads('No connection to the server')]);
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), jonas.hears()]);
    await two.server.start();
    await Promise.all([mira.person.isLive(), jonas.person.isLive()]);
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await Promise.all([mira.hangsUp(), jonas.reads('Call ended')]);
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('and what is written meanwhile: it reaches the other device, and stands in the conversation once afterwards', async () => {
    const beside = ({ page }: Caller) => page.locator('parley-voice aside');
    const bubbles = (caller: Caller, text: string) => beside(caller).locator('parley-bubble', { hasText: text });
    const write = async (caller: Caller, text: string) => {
      await beside(caller).getByRole('textbox', { name: 'Message', exact: true }).fill(text);
      await beside(caller).getByRole('button', { name: 'Send' }).click();
    };
    await two.server.stop('SIGKILL');
    await mira.reads('No connection to the server');
    await mira.presses('Chat');
    await write(mira, 'Are you still there?');
    await jonas.reads('Are you still there?');
    await bubbles(mira, 'Are you still there?').getByText('Jonas Weber has it').waitFor();
    await jonas.presses('Chat, new messages');
    await bubbles(jonas, 'Are you still there?').getByText('Received directly').waitFor();
    await write(jonas, 'I see you well');
    await bubbles(mira, 'I see you well').waitFor();
    expect(await faultsOf(jonas.page, 'received directly', 'parley-voice')).toEqual([]);
    await two.server.start();
    await Promise.all([mira.person.isLive(), jonas.person.isLive()]);
    for (const caller of [mira, jonas]) {
      for (const text of ['Are you still there?', 'I see you well']) {
        await beside(caller).locator('parley-bubble[data-seq]', { hasText: text }).waitFor();
        expect(await bubbles(caller, text).count()).toBe(1);
      }
      expect(await beside(caller).getByText('Received directly').count()).toBe(0);
      await caller.presses('Close chat');
    }
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('but ends at once at the other side when a page is reloaded, which then offers to call again', async () => {
    // At once: the words go away by themselves while a page loads slowly.
    await Promise.all([two.mira.page.reload(), jonas.reads('Call ended')]);
    await jonas.closesOutcome();
    await mira.reads('You left the call');
    await two.mira.page.locator('parley-call-ended').getByRole('button', { name: 'Call again' }).click();
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    await until(
      'one link each',
      async () => (await mira.arriving()).frames,
      frames => frames > 0,
    );
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  // The last one: her page is gone afterwards.
  it('but ends at once at the other side when a page is closed', async () => {
    // `close` that asks the page first does not wait for its end.
    await Promise.all([two.mira.page.waitForEvent('close'), two.mira.page.close({ runBeforeUnload: true })]);
    await jonas.reads('Call ended');
    await jonas.holdsNothing();
  });
});

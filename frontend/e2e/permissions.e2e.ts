import type { CDPSession } from 'playwright-core';
import { faultsOf } from './accessibility.ts';
import { probe } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

/** The same person at the same device, in a page that nobody has touched. */
async function untouched({ context, name, page: touched }: Person, origin: string): Promise<Person> {
  await touched.close();
  const page = await context.newPage();
  await probe(page);
  const person = new Person(name, context, page, origin);
  await person.open();
  return person;
}

/** Waits for words without touching the page: whatever else the driver runs in it counts as a gesture there. */
async function stands(cdp: CDPSession, words: string, expression: string, there = true): Promise<void> {
  const look = async () => {
    const { result } = await cdp.send('Runtime.evaluate', { expression, userGesture: false });
    return String(result.value);
  };
  await until(`"${words}" in ${expression}`, look, seen => seen.includes(words) === there);
}

/** Neither device nor sound is granted by a flag: what the browser says is what a person meets. */
describe('In browsers that ask first', () => {
  let two: TwoPeople;
  let mira: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet({}, false);
    mira = new Caller(two.mira);
  });
  afterEach(async () => mira.closesOutcome());
  afterAll(async () => expect(await two.part()).toEqual([]));

  it('a ring on a page that nobody has touched says that it is silent, and leads to a call with pictures', async () => {
    const person = await untouched(two.jonas, two.server.origin);
    const cdp = await person.context.newCDPSession(person.page);
    await stands(cdp, 'Mira Sand', "document.querySelector('parley-chat-row')?.textContent");
    await stands(cdp, '0', "document.querySelectorAll('parley-connection-banner .banner').length");
    await mira.calls(two.jonas);
    const ring = "document.querySelector('parley-incoming-call')?.textContent";
    await stands(cdp, 'Mira Sand', ring);
    await stands(cdp, 'Your browser keeps the ringtone silent until you touch this page.', ring);
    await stands(cdp, 'Mira Sand is calling', 'document.title');
    const jonas = new Caller(person);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), mira.hears(), jonas.hears()]);
    await stands(cdp, 'is calling', 'document.title', false);
    await Promise.all([mira.hangsUp(), jonas.reads('Call ended')]);
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
    expect(jonas.person.complaints.all).toEqual([]);
    await jonas.person.page.close();
  });

  it('who refuses both devices reads why and what to do, and sees and hears the other', async () => {
    const jonas = new Caller(await two.another(two.jonas));
    // The context grants what it names and refuses everything else.
    await two.mira.context.grantPermissions(['notifications'], { origin: two.server.origin });
    await mira.calls(two.jonas);
    await mira.reads('Parley may not use your microphone. Jonas Weber cannot hear you.');
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), mira.hears()]);
    await Promise.all([jonas.reads('Mira Sand is muted'), jonas.reads('camera is off')]);
    await mira.presses('How to allow it');
    await mira.reads('allow camera and microphone');
    expect(await faultsOf(mira.page, 'no devices', 'parley-voice')).toEqual([]);
    await mira.presses('Hide');
    await mira.reads('Parley may not use your camera.');
    await two.mira.context.grantPermissions(['notifications', 'camera', 'microphone'], { origin: two.server.origin });
    await mira.presses('Try again');
    await jonas.sees(GROUND.mira);
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
    await jonas.person.page.close();
  });

  it('who refuses the camera alone is in the call with sound', async () => {
    const jonas = new Caller(await two.another(two.jonas));
    await jonas.person.context.grantPermissions(['notifications', 'microphone'], { origin: two.server.origin });
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await jonas.reads('Parley may not use your camera. Mira Sand cannot see you.');
    await Promise.all([jonas.sees(GROUND.mira), jonas.hears(), mira.hears()]);
    await mira.reads('camera is off');
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });
});

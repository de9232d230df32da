import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { Caller } from './caller.ts';
import { openBrowser, WITH_WORKER } from './chromium.ts';
import { FirefoxPerson } from './firefox-person.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';

suiteNeeds(['chromium', 'firefox'], 'Chromium and Firefox', () => {
  let server: ParleyServer;
  let mira: Caller;
  let jonas: FirefoxPerson;

  beforeAll(async () => {
    server = await ParleyServer.start();
    const [person, other] = await Promise.all([
      openBrowser().then(browser => Person.at(browser, server.origin, 'Mira Sand', WITH_WORKER)),
      FirefoxPerson.at(server.origin, 'Jonas Weber'),
    ]);
    [mira, jonas] = [new Caller(person), other];
    await Promise.all([person.signUp(), jonas.signUp()]);
    await person.ask(jonas);
    await jonas.accept(person);
  });
  afterAll(async () => {
    expect(mira.person.complaints.all).toEqual([]);
    await Promise.all([mira.person.browser.close(), jonas.close()]);
    await server.dispose();
  });

  async function bothSeeAndHear(): Promise<void> {
    await Promise.all([mira.seesMotion(), mira.hears(), jonas.seesAndHears()]);
  }

  it('call each other: from Chromium to Firefox', async () => {
    await mira.calls(jonas);
    await jonas.reads('parley-incoming-call', 'Mira Sand');
    await jonas.press('Accept');
    await bothSeeAndHear();
    await mira.hangsUp();
    await jonas.reads('parley-call-ended', 'Call ended');
    await jonas.press('Close');
    await mira.holdsNothing();
  });

  it('call each other: from Firefox to Chromium', async () => {
    await jonas.openChat(mira.person);
    await jonas.press('Video call with', 'Mira Sand');
    await mira.isRung(jonas);
    await mira.accepts();
    await bothSeeAndHear();
    await jonas.press('Hang up');
    await mira.reads('Call ended');
    await mira.holdsNothing();
  });
});

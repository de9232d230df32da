import { freePort } from '../../backend/src/testing/free-port.ts';
import { PushService } from '../../backend/src/testing/push-receiver.ts';
import { Caller } from './caller.ts';
import { Installation } from './installation.ts';
import { Overheard } from './overheard.ts';

import { PASSWORD, type Person } from './person.ts';

/** What two people have written on a day: each word is met nowhere else. */
const SAID = {
  hello: 'Quittenbrot at half past, my Überraschung',
  answer: 'Only with Zwetschgenmus from Ostrava',
  link: 'https://example.org/heronsbill?plan=tamarisk',
  waits: 'Written behind the Murmeltier tunnel',
  away: 'A sesquipedalian thing for later',
  draft: 'Half a rhododendron',
};

describe('What a server has of a day of two people', () => {
  let installation: Installation;
  let push: PushService;
  let operations: string;
  let mira: Person;
  let jonas: Person;
  const overheard = new Overheard();

  beforeAll(async () => {
    push = await PushService.start();
    operations = `127.0.0.1:${await freePort()}`;
    const roots = { PUSH_HOSTS: push.hosts, NODE_EXTRA_CA_CERTS: push.rootFile };
    installation = await Installation.open({ ...roots, LOG_LEVEL: 'debug', OPS_LISTEN: operations });
  });
  afterAll(async () => {
    await push.stop();
    expect(await installation.close()).toEqual([]);
  });

  it('is no word that they wrote, no password, and nothing of how their call is connected', async () => {
    mira = await installation.arrival('Mira Sand');
    jonas = await installation.arrival('Jonas Weber');
    for (const { page, name } of [mira, jonas]) overheard.follow(page, name);
    await Promise.all([mira.signUp(), jonas.signUp()]);
    await mira.ask(jonas);
    await jonas.accept(mira);
    await mira.go('Chats');
    const recovery = await codeOf(mira);

    await mira.openChat(jonas);
    await mira.write(SAID.hello);
    await jonas.openChat(mira);
    await jonas.reads(SAID.hello);
    await jonas.write(SAID.answer);
    await mira.reads(SAID.answer);
    await mira.write(SAID.link);
    await jonas.composer.fill(SAID.draft);

    await jonas.context.setOffline(true);
    await jonas.write(SAID.waits);
    await jonas.page.locator('parley-bubble.waiting').waitFor();
    await jonas.context.setOffline(false);
    await mira.reads(SAID.waits);

    const phone = push.subscriber();
    await subscribe(jonas, { ...phone.subscription(), language: 'en' });
    await jonas.open('/icons/mark-192.png');
    await mira.write(SAID.away);
    await push.next();
    const [caller, called] = [new Caller(mira), new Caller(jonas)];
    await caller.calls(jonas);
    await push.next();
    await jonas.open();
    await called.isRung(mira);
    await called.accepts();
    await caller.seesMotion();
    const connected = (await Promise.all([mira, jonas].map(linesOfCall))).flat();
    expect(connected.length).withContext('lines of both ends').toBeGreaterThan(6);
    await Promise.all([caller.hangsUp(), called.reads('Call ended')]);

    const laptop = await installation.arrival('Mira Sand');
    overheard.follow(laptop.page, 'Mira’s laptop');
    await laptop.signIn();
    await laptop.openChat(jonas);
    await laptop.reads(SAID.answer);

    const { server } = installation;
    overheard.add('metrics', await (await fetch(`http://${operations}/metrics`)).text());
    await server.stop();
    overheard.add('log', server.output);
    await overheard.addFolder(server.directory);
    for (const posted of push.posted) overheard.add('push', JSON.stringify(phone.read(posted)));

    expect(
      overheard.find([...Object.values(SAID), PASSWORD, recovery, recovery.replaceAll(' ', ''), ...connected]),
    ).toEqual([]);
    // It is searched where something would be found.
    const placesOf = (word: string) => overheard.find([word]).map(line => line.replace(/^.* in /, ''));
    // What was written last may stand in the journal of the database alone.
    const named = placesOf('Mira Sand').map(place => place.replace(/-wal$/, ''));
    expect(named).toEqual(jasmine.arrayContaining(['parley.sqlite', 'push']));
    expect(placesOf('chat.post')).toEqual(jasmine.arrayContaining(['Mira Sand: frame sent']));
    expect(placesOf('chat.message')).toEqual(jasmine.arrayContaining(['Jonas Weber: frame received']));
    expect(placesOf('"level"')).toEqual(['log']);
    expect(placesOf('# HELP')).toEqual(['metrics']);
  });
});

/** The recovery code, as the page shows it. */
async function codeOf({ page }: Person): Promise<string> {
  await page.getByRole('link', { name: 'Show it' }).click();
  const groups = page.getByRole('list', { name: 'Recovery code' }).getByRole('listitem');
  await groups.first().waitFor();
  const code = (await groups.allInnerTexts()).join(' ');
  await page.getByLabel('I have written it down').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  return code;
}

/** What of this end of the call would let somebody into it, or say where it is: fingerprint, ICE password and names of candidates. */
const linesOfCall = ({ page }: Person): Promise<string[]> =>
  page.evaluate(() => {
    const sdp = window.probed.links.at(-1)?.localDescription?.sdp ?? '';
    const of = (line: RegExp): string[] => [...sdp.matchAll(line)].map(([, value = '']) => value);
    const lines = [
      ...of(/a=fingerprint:sha-256 (\S+)/g),
      ...of(/a=ice-pwd:(\S+)/g),
      ...of(/a=candidate:.* (\S+\.local) /g),
      'a=setup:',
      'a=rtpmap',
    ];
    return [...new Set(lines)];
  });

/** Gives the server a subscription of this device in the place of the browser's. */
async function subscribe({ page }: Person, subscription: object): Promise<void> {
  const asked = page.waitForRequest(request => request.headers()['authorization'] !== undefined);
  await page.reload();
  const { authorization = '' } = (await asked).headers();
  const status = await page.evaluate(
    async ([body, token]) => {
      const headers = { 'Content-Type': 'application/json', Authorization: token };
      return (await fetch('/api/push', { method: 'PUT', headers, body })).status;
    },
    [JSON.stringify(subscription), authorization] as const,
  );
  expect(status).toBe(204);
}

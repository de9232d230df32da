import { faultsOf, faultsOfEach } from './accessibility.ts';
import { Caller } from './caller.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';
import { PAGES, visit } from './screens.ts';

/** Every screen and dialog, at both sizes and in both schemes: axe finds nothing, and nothing is too wide. */
describe('No barrier is found', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    mira = await installation.member('Mira Sand');
    jonas = await installation.member('Jonas Weber');
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  async function look({ page }: Person, path: string): Promise<string[]> {
    await visit(page, path);
    return faultsOf(page, path);
  }

  it('at the doors, also where something was typed wrong', async () => {
    const stranger = await installation.arrival('Somebody');
    await stranger.open('/sign-in');
    expect(await look(stranger, '/sign-in')).toEqual([]);
    expect(await look(stranger, '/sign-up')).toEqual([]);
    await stranger.page.getByLabel('Password', { exact: true }).fill('short');
    await stranger.page.getByRole('button', { name: 'Create account' }).click();
    await stranger.page.getByText(/Please check: Your name, Username,? and Password\./).waitFor();
    expect(await faultsOf(stranger.page, 'sign-up, refused')).toEqual([]);
  });

  it('at the scanner of an invitation', async () => {
    const stranger = await installation.arrival('Somebody');
    await stranger.open('/invite');
    await stranger.page.getByRole('button', { name: 'I have an invitation' }).click();
    await stranger.page.getByRole('button', { name: 'Scan the code' }).click();
    await stranger.page.getByText('Hold the code still').waitFor();
    expect(await faultsOf(stranger.page, 'scanner')).toEqual([]);
  });

  it('on any page of somebody who is new', async () => {
    expect(await faultsOfEach(mira.page, PAGES, path => visit(mira.page, path))).toEqual([]);
  });

  it('among requests, people found and people met', async () => {
    await mira.ask(jonas);
    const faults = await faultsOf(mira.page, 'people found');
    faults.push(...(await look(mira, '/contacts')), ...(await look(jonas, '/contacts')));
    await jonas.accept(mira);
    faults.push(...(await look(mira, '/contacts')));
    await mira.page.getByRole('link', { name: /^Jonas Weber/ }).click();
    await mira.page.getByRole('heading', { name: 'Jonas Weber', level: 2 }).waitFor();
    faults.push(...(await faultsOf(mira.page, 'person')));
    await mira.page.getByRole('link', { name: 'Verify Jonas Weber' }).click();
    await mira.page.getByRole('img', { name: 'QR code for Jonas Weber to scan' }).locator('svg').waitFor();
    faults.push(...(await faultsOf(mira.page, 'a code to compare')));
    await mira.page.goBack();
    await mira.page.getByRole('button', { name: 'Block' }).click();
    await mira.page.getByRole('dialog').waitFor();
    faults.push(...(await faultsOf(mira.page, 'confirm')));
    await mira.page.getByRole('button', { name: 'Cancel' }).click();
    expect(faults).toEqual([]);
  });

  it('in a conversation, empty, filled and offline', async () => {
    await mira.openChat(jonas);
    const faults = await faultsOf(mira.page, 'empty conversation');
    await jonas.openChat(mira);
    await mira.write('Did the new access point reach the shed? https://example.org');
    await jonas.write('👍');
    await mira.page.locator('parley-bubble.large').waitFor();
    faults.push(...(await faultsOf(mira.page, 'conversation')));
    await mira.page.getByRole('button', { name: 'Emoji' }).click();
    faults.push(...(await faultsOf(mira.page, 'emoji')));
    await mira.page.getByRole('button', { name: 'Emoji' }).click();
    await installation.server.stop();
    await mira.page.getByText('The server does not answer').filter({ visible: true }).waitFor();
    await mira.write('Later then');
    await mira.page.locator('parley-bubble.waiting').waitFor();
    faults.push(...(await faultsOf(mira.page, 'conversation offline')));
    await mira.go('Chats');
    faults.push(...(await faultsOf(mira.page, 'chats offline')));
    await mira.page.getByRole('textbox', { name: 'Search people and messages' }).fill('access');
    await mira.page.locator('parley-found-list .row').first().waitFor();
    faults.push(...(await faultsOf(mira.page, 'search results')));
    await mira.page.getByRole('textbox', { name: 'Search people and messages' }).fill('nothing of the kind');
    await mira.page.getByText('Nothing found').waitFor();
    faults.push(...(await faultsOf(mira.page, 'nothing found')));
    await mira.page.getByRole('button', { name: 'Clear search' }).click();
    await installation.server.start();
    await Promise.all([mira.isLive(), jonas.reads('Later then')]);
    expect(faults).toEqual([]);
  });

  it('in a call: calling, called, talking and afterwards', async () => {
    const [caller, called] = [new Caller(mira), new Caller(jonas)];
    const rings = async () => {
      await caller.calls(jonas);
      await called.isRung(mira);
      await caller.reads('Ringing on 1 device');
    };
    await rings();
    // On a slow machine the check takes longer than a call rings, so the callee accepts a second call.
    const looks = await Promise.all([faultsOf(mira.page, 'calling'), faultsOf(jonas.page, 'called')]);
    const faults = looks.flat();
    await mira.page.getByRole('button', { name: /^(Cancel call|Close)$/ }).click();
    await Promise.all([caller.closesOutcome(), called.closesOutcome()]);
    await rings();
    await called.accepts();
    await caller.reads('Mute');
    faults.push(...(await faultsOf(mira.page, 'in a call')));
    await Promise.all([caller.hangsUp(), called.reads('Call ended')]);
    faults.push(...(await faultsOf(jonas.page, 'call ended')));
    await Promise.all([caller.closesOutcome(), called.closesOutcome()]);
    faults.push(...(await look(jonas, '/calls')));
    expect(faults).toEqual([]);
  });

  it('while a test call runs', async () => {
    await visit(mira.page, '/call-test');
    await mira.page.getByRole('button', { name: 'Start the test' }).click();
    await mira.page.getByText('Sound and picture get through.').waitFor();
    expect(await faultsOf(mira.page, 'test call', 'main')).toEqual([]);
    await mira.page.getByRole('button', { name: 'Stop' }).click();
  });

  it('where somebody has more than one contact, device, conversation and tab', async () => {
    const ada = await installation.member('Ada Okafor');
    await ada.befriend(mira);
    await mira.openChat(ada);
    await installation.another(mira);
    await mira.page.getByRole('alert').getByText('Was that you?').waitFor();
    const faults: string[] = [];
    for (const path of ['/chats', '/settings/devices']) faults.push(...(await look(mira, path)));
    const second = await mira.context.newPage();
    await second.goto(mira.page.url());
    await second.getByRole('button', { name: 'Use it here' }).waitFor();
    faults.push(...(await faultsOf(second, 'another tab')));
    expect(faults).toEqual([]);
  });
});

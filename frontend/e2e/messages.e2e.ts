import { WITH_WORKER } from './chromium.ts';
import { Installation } from './installation.ts';

/** The walk of everybody who is new, by the forms: sign up, find a person, be accepted, write. */
describe('Two people write to each other', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.open();
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  it('and each reads what the other has written, with ticks', async () => {
    const [mira, jonas] = [
      await installation.arrival('Mira Sand', WITH_WORKER),
      await installation.arrival('Jonas Weber', WITH_WORKER),
    ];
    await Promise.all([mira.signUp(), jonas.signUp()]);
    await mira.ask(jonas);
    await jonas.accept(mira);
    await Promise.all([mira.openChat(jonas), jonas.openChat(mira)]);
    await mira.write('Did the new access point reach the shed?');
    await jonas.reads('Did the new access point reach the shed\\?');
    await jonas.write('Full bars at the workbench now');
    await mira.reads('Full bars at the workbench now');
    await mira.bubble('Did the new access point reach the shed\\?').getByText('Read').waitFor({ state: 'attached' });
    expect(await mira.page.locator('parley-bubble').count()).toBe(2);
  });
});

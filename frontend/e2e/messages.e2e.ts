import { WITH_WORKER } from './chromium.ts';
import { TwoPeople } from './two-people.ts';

describe('Two people write to each other', () => {
  let two: TwoPeople;

  beforeAll(async () => {
    two = await TwoPeople.meet({}, true, WITH_WORKER);
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  it('and each reads what the other has written, with ticks', async () => {
    const { mira, jonas } = two;
    await Promise.all([mira.openChat(jonas), jonas.openChat(mira)]);
    await mira.write('Did the new access point reach the shed?');
    await jonas.reads('Did the new access point reach the shed\\?');
    await jonas.write('Full bars at the workbench now');
    await mira.reads('Full bars at the workbench now');
    await mira.bubble('Did the new access point reach the shed\\?').getByText('Read').waitFor({ state: 'attached' });
    expect(await mira.page.locator('parley-bubble').count()).toBe(2);
  });
});

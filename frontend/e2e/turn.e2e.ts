import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { pathOf } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { TurnServer } from './turn-server.ts';
import { TwoPeople } from './two-people.ts';

suiteNeeds(['coturn'], 'Where calls go through a server alone', () => {
  let turn: TurnServer;
  let two: TwoPeople;

  beforeAll(async () => {
    turn = await TurnServer.start();
    two = await TwoPeople.meet({ ...turn.settings, RELAY_ONLY: 'on' });
  });
  afterAll(async () => {
    expect(await two.part()).toEqual([]);
    await turn.dispose();
  });

  it('two people see and hear each other, and neither tells an address', async () => {
    const [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
    await mira.calls(two.jonas);
    await jonas.isRung(two.mira);
    await jonas.accepts();
    await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), mira.hears(), jonas.hears()]);
    for (const { page } of [mira, jonas])
      expect(await pathOf(page)).toEqual({ local: 'relay', remote: 'relay', told: ['relay'] });
    await mira.reads('through a server');
    await mira.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });
});

import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { pathOf } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { TurnServer } from './turn-server.ts';
import { TwoPeople } from './two-people.ts';

/** Two people whose addresses are hidden see and hear each other by the relay. */
async function callsByRelay({ mira: first, jonas: second }: TwoPeople): Promise<void> {
  const [mira, jonas] = [new Caller(first), new Caller(second)];
  await mira.calls(second);
  await jonas.isRung(first);
  await jonas.accepts();
  await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), mira.hears(), jonas.hears()]);
  for (const { page } of [mira, jonas])
    expect(await pathOf(page)).toEqual({ local: 'relay', remote: 'relay', told: ['relay'] });
  await mira.reads('through a server');
  await mira.hangsUp();
  await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
}

describe('Where calls go through the server alone', () => {
  let two: TwoPeople;
  afterEach(async () => expect(await two.part()).toEqual([]));

  it('two people see and hear each other by its relay, and neither tells an address', async () => {
    two = await TwoPeople.meet({ RELAY_ONLY: 'on' });
    await callsByRelay(two);
  });
});

suiteNeeds(['coturn'], 'Where calls go through a coturn alone', () => {
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

  it('two people see and hear each other, and neither tells an address', () => callsByRelay(two));
});

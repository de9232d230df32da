import { explore, type Explored } from '#protocol/testing/model/explore';
import { MUTANTS } from '#protocol/testing/model/mutants';
import { type Bounds, parseDevices, type Rules } from '#protocol/testing/model/whole';

/*
 * Both halves of the call machine against each other, exhaustively: every interleaving of what people do, of what goes
 * wrong (a session lost, a page crashed or closed, a restart, a loss on the bus, a link down, a used id) and of what
 * follows by itself, within bounds that take seconds. `EXPLORE=deep` widens the bounds: minutes, and a few GB.
 *
 * The rules proved here are those of "Calls" in PROTOCOL.md; each mutant leaves one of them out and must be caught.
 */
const DEEP = process.env['EXPLORE'] === 'deep';

const bounds = (devices: string, disturbances: number, places: number, more: Partial<Bounds> = {}): Bounds => ({
  devices: parseDevices(devices),
  disturbances,
  places,
  push: true,
  bus: true,
  rings: false,
  ...more,
});

const TWO = 'a1:A,b1:B';
const TWO_DEVICES = 'a1:A,a2:A,b1:B';
const THREE = 'a1:A,b1:B,c1:C';

/** A talks to B already. */
const ANSWERED = [
  ...['a1 calls B', 'server <- a1: call.invite 1', 'b1 <- call.invited 1', 'b1 accepts 1'],
  'server <- b1: call.accept 1',
];
const IN_CALL = [...ANSWERED, ...['a1 <- call.accepted 1', 'the link a1-b1 of 1 comes up']];
const RUNG = [...IN_CALL, 'c1 calls B', 'server <- c1: call.invite 2'];
/** B talks to C and holds A. */
const HOLDING = [
  ...[...RUNG, 'b1 <- call.invited 2', 'b1 holds its call and accepts 2'],
  ...['server <- b1: call.accept 2', 'c1 <- call.accepted 2', 'the link b1-c1 of 2 comes up'],
];
const beside = (disturbances: number, places: number, after: readonly string[], more: Partial<Bounds> = {}): Bounds =>
  bounds(THREE, disturbances, places, { after, push: false, bus: false, ...more });

const MOVING = 'a1:A,a2:A,b1:B';
const BOTH_MOVING = 'a1:A,a2:A,b1:B,b2:B';
const moving = (devices: string, disturbances: number, moves: number, bus = false): Bounds => {
  const elsewhere = devices.includes('b2') ? ['b2 <- call.invited 1', 'b2 <- call.ended 1'] : [];
  return bounds(devices, disturbances, 1, { after: [...IN_CALL, ...elsewhere], moves, push: false, bus });
};

const CONFIGURATIONS: readonly (readonly [string, Bounds])[] = [
  ['two people, two calls, one thing goes wrong', bounds(TWO, 1, 2)],
  ['the same where nobody has push', bounds(TWO, 1, 2, { push: false })],
  ['two people, one call, two things go wrong', bounds(TWO, 2, 1)],
  ['the same where nobody has push', bounds(TWO, 2, 1, { push: false })],
  ['two people, pages confirm their rings', bounds(TWO, 1, 1, { rings: true })],
  ['a person with two devices, one call, one thing goes wrong', bounds(TWO_DEVICES, 1, 1)],
  ['the same where nobody has push', bounds(TWO_DEVICES, 1, 1, { push: false })],
  ['a person with two devices, two calls', bounds(TWO_DEVICES, 0, 2)],
  ['three people, one call, one thing goes wrong', bounds(THREE, 1, 1)],
  ['three people, two calls, nobody has push', bounds(THREE, 0, 2, { push: false })],
  ['two of three people talk, and the third calls one, one thing goes wrong', beside(1, 2, RUNG)],
  ['one of three people talks and holds, one thing goes wrong', beside(1, 2, HOLDING)],
  ['a person takes a call over, one thing goes wrong', moving(MOVING, 1, 1)],
  ['two people take a call over at once', moving(BOTH_MOVING, 0, 2)],
];

const DEEPER: readonly (readonly [string, Bounds])[] = [
  ['two people, two calls, two things go wrong', bounds(TWO, 2, 2)],
  ['the same where nobody has push', bounds(TWO, 2, 2, { push: false })],
  ['a person with two devices, two calls, one thing goes wrong', bounds(TWO_DEVICES, 1, 2)],
  ['three people, two calls, one thing goes wrong', bounds(THREE, 1, 2)],
  ['two of three people talk, one thing goes wrong', beside(1, 2, IN_CALL)],
  ['a person takes a call over, and frames are lost on the bus', moving(MOVING, 1, 1, true)],
  ['a person takes a call over twice, one thing goes wrong', moving(MOVING, 1, 2)],
  ['a person with three devices takes a call over twice', moving('a1:A,a2:A,a3:A,b1:B', 0, 2)],
];

/** Where a mutant is looked for first; the others show themselves in one call of two people with one thing going wrong. */
const SEEN_IN: Readonly<Record<string, Bounds>> = {
  'ignore-crossing': bounds(TWO, 0, 2),
  'silent-leave': bounds(TWO, 1, 2),
  'invited-when-busy-ignored': bounds(TWO, 1, 2),
  'busy-not-checked': bounds(TWO, 0, 2),
  'second-accept-wins': bounds(TWO_DEVICES, 0, 1),
  'again-unnumbered': bounds(TWO, 2, 1),
  'waiting-ends-the-call': beside(0, 2, IN_CALL),
  'two-current': beside(0, 2, IN_CALL),
  'waiting-lost-on-resume': beside(1, 2, RUNG),
  'held-in-two-steps': beside(0, 2, IN_CALL),
  'hello-names-one': beside(1, 2, HOLDING),
  'resume-unsaid': beside(0, 2, HOLDING),
  'resume-not-repaired': beside(1, 2, HOLDING),
  'moves-before-its-link-is-up': moving(MOVING, 0, 1),
  'left-seat-not-told': moving(MOVING, 0, 1),
  'arrival-not-told': moving(MOVING, 0, 1),
  'arrival-death-ends-the-call': moving(MOVING, 1, 1),
  'uncertain-arrival-goes-on': moving(MOVING, 1, 1),
  'moved-by-any-link': moving(MOVING, 0, 2),
};

const broken = (rules: Rules, within: Bounds): Explored['violation'] => explore(within, rules).violation;
const told = ({ violation }: Explored): string =>
  violation ? [violation.what, ...violation.trace].join('\n  ') : 'no violation';

describe('both halves of the call machine, in every order of events', () => {
  for (const [title, within] of DEEP ? [...CONFIGURATIONS, ...DEEPER] : CONFIGURATIONS) {
    it(`CA1a: one call in each place, agreement when all is heard, and no page that waits without end: ${title}`, () => {
      const explored = explore(within);
      expect(told(explored)).toBe('no violation');
      expect(explored.states).toBeGreaterThan(1000);
      expect(explored.quiet).toBeGreaterThan(0);
    });
  }
});

describe('a rule left out is found out', () => {
  it('all 37 rules the design asks for are tried', () => expect(Object.keys(MUTANTS).length).toBe(37));

  for (const [name, { leavesOut, rules }] of Object.entries(MUTANTS)) {
    it(`${name} (${leavesOut})`, () => {
      expect(broken(rules, SEEN_IN[name] ?? bounds(TWO, 1, 1))).not.toBeNull();
    });
  }
});

import fc from 'fast-check';
import { type ClientCall, phaseOf } from '#protocol/call-client-state';
import { CallPage } from '#protocol/testing/call-page';
import { exploreLink, type LinkExplored } from '#protocol/testing/model/explore-link';
import { LINK_MUTANTS } from '#protocol/testing/model/link-mutants';

/*
 * Two ends of one link against each other, exhaustively: descriptions, candidates, sessions that are lost, a network that
 * fails, connections that cannot be mended. Who is in the call is the other model's (`call-protocol.spec.ts`): to the call
 * a link is only up, down or given up. `EXPLORE=deep` lets more go wrong.
 */
const MOST = process.env['EXPLORE'] === 'deep' ? 3 : 2;
const SEED = 20_261_129;

const told = ({ violation }: LinkExplored): string =>
  violation ? [violation.what, ...violation.trace].join('\n  ') : 'no violation';

describe('two ends of a link, in every order of events', () => {
  it(`CA22a, CA23b: come up whatever was lost, while at most ${MOST} things go wrong`, () => {
    const explored = exploreLink(MOST);
    expect(told(explored)).toBe('no violation');
    expect(explored.states).toBeGreaterThan(1_000);
    expect(explored.quiet).toBeGreaterThan(0);
  });

  for (const [leftOut, rules] of Object.entries(LINK_MUTANTS)) {
    it(`find out that ${leftOut}`, () => expect(exploreLink(1, rules).violation).not.toBeNull());
  }
});

describe('a call', () => {
  it('reads of its links that they are up, down or given up, not what else they know', () => {
    const act = fc.constantFrom<(page: CallPage) => string[]>(
      page => page.place('1'),
      page => page.hears('call.invited', '2', 'c'),
      page => page.hears('call.accepted', '1'),
      page => page.act({ type: 'accept', media: 'audio' }),
      page => page.hears('call.peer-absent', '1'),
      page => page.isBack('1'),
      page => page.offered('1', 1),
      page => page.welcomed('again', 'seat 1'),
      page => page.link('negotiated'),
      page => page.link('up'),
      page => page.link('down'),
      page => page.passes(20_000),
      page => page.act({ type: 'hang-up' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.nat(9)), { maxLength: 30 }), acts => {
        const [plain, strange] = [new CallPage(), new CallPage()];
        for (const [does, returns] of acts) {
          strange.calls = { ...strange.calls, current: estranged(strange.call, returns) };
          expect(does(strange)).toEqual(does(plain));
          expect(phaseOf(strange.call)).toBe(phaseOf(plain.call));
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

/** The call whose links have heard other media states, and of other returns. */
function estranged(call: ClientCall, returns: number): ClientCall {
  if (call.state !== 'joined') return call;
  const links = [...call.links].map(([device, link]) => [device, { ...link, returns, media: 'x' }] as const);
  return { ...call, links: new Map(links) };
}

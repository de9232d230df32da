import { walk } from '#protocol/testing/model/walk';

/*
 * Random walks beyond the exhaustive exploration: five devices of three people, real frames, parsers and outboxes, acks
 * and sockets that get lost, offers, candidates and link numbers. The seeds are pinned; `WALKS=10000` takes more of them,
 * `SEED=…` repeats one that failed.
 */
const SEED = Number(process.env['SEED'] ?? 20_260_101);
const WALKS = Number(process.env['WALKS'] ?? 150);

describe(`random walks of both halves from seed ${SEED}`, () => {
  it('CA22a, CA23b: all agree and every link comes up, whatever was lost', () => {
    for (let seed = SEED; seed < SEED + WALKS; seed++) {
      const failed = walk(seed, 400);
      if (failed) return fail(`SEED=${seed} WALKS=1: ${failed.what}\n  ${failed.trace.slice(-80).join('\n  ')}`);
    }
    expect(WALKS).toBeGreaterThan(0);
  });
});

import { judged, type Scores, scoresOf } from './lighthouse.ts';
import { ParleyServer } from './parley-server.ts';

/** What `npm run lighthouse` wants on a machine that does nothing else is 95. */
const LEAST = 90;

describe('The sign-in page', () => {
  let server: ParleyServer;
  let first: Scores;
  beforeAll(async () => {
    server = await ParleyServer.start();
    first = await scoresOf(`${server.origin}/sign-in`);
  });
  afterAll(() => server.dispose());

  it('is what the makers of a browser want of a page: accessible, and by their best practices', () => {
    const { accessibility, bestPractices, lost } = first;
    expect([accessibility, bestPractices]).withContext(lost.join('\n')).toEqual([100, 100]);
  });

  it(`has a performance of at least ${LEAST} in the middle of five runs`, async () => {
    const measured = [first.performance];
    const { runs, isGood } = await judged(
      async () => measured.pop() ?? (await scoresOf(`${server.origin}/sign-in`, ['performance'])).performance,
      LEAST,
    );
    console.log(`Lighthouse: performance ${runs.join(' ')}`);
    expect(isGood)
      .withContext(`${runs.join(' ')}\n${first.lost.join('\n')}`)
      .toBeTrue();
  });
});

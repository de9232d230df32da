import { scoresOf } from './lighthouse.ts';
import { ParleyServer } from './parley-server.ts';

/** Speed is printed and not judged here: it is that of the machine (`npm run lighthouse` judges it). */
describe('The sign-in page', () => {
  let server: ParleyServer;
  beforeAll(async () => {
    server = await ParleyServer.start();
  });
  afterAll(() => server.dispose());

  it('is what the makers of a browser want of a page: accessible, and by their best practices', async () => {
    const { performance, accessibility, bestPractices, lost } = await scoresOf(`${server.origin}/sign-in`);
    console.log(`Lighthouse: performance ${performance}`);
    expect([accessibility, bestPractices]).withContext(lost.join('\n')).toEqual([100, 100]);
  });
});

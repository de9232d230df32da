import { once } from './once';

describe('what is done one time', () => {
  it('is not done again, while it is under way and after it', async () => {
    let times = 0;
    const act = once(() => Promise.resolve((times += 1)));
    expect(await Promise.all([act(), act()])).toEqual([1, 1]);
    expect(await act()).toBe(1);
  });

  it('is done again where it has failed', async () => {
    const answers = [Promise.reject(new Error('no connection')), Promise.resolve('loaded')];
    const act = once(() => answers.shift() ?? Promise.reject(new Error('asked too often')));
    await expectAsync(act()).toBeRejectedWithError('no connection');
    expect(await act()).toBe('loaded');
    expect(await act()).toBe('loaded');
  });
});

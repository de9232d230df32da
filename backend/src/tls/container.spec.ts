import { containerWarning } from './container.ts';

describe('in a container', () => {
  const inside = (path: string) => Promise.resolve(path === '/run/.containerenv');
  const outside = () => Promise.resolve(false);

  it('HOSTS is asked for, because the outside addresses cannot be known', async () => {
    expect(await containerWarning([], undefined, inside)).toMatch(/HOSTS names those of the machine/);
  });

  it('nothing is said where it is named how the outside comes in, nor on a machine', async () => {
    expect(await containerWarning(['192.168.1.20'], undefined, inside)).toBeUndefined();
    expect(await containerWarning([], 'https://parley.example', inside)).toBeUndefined();
    expect(await containerWarning([], undefined, outside)).toBeUndefined();
  });
});

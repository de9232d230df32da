import { createPasswords } from './passwords.ts';

const SECRET = 'a'.repeat(43);

describe('hashing passwords', () => {
  it('A9d has a lane for devices that have proved themselves, which come next after what runs', async () => {
    const passwords = createPasswords({ cost: 4, atOnce: 1, waiting: 50 });
    const hash = await passwords.hash(SECRET, 'anybody');
    let done = 0;
    const strangers = Array.from({ length: 70 }, async () => {
      const answer = await passwords.matches(SECRET, null, 'anybody');
      if (answer.ok) done += 1;
      return answer.ok;
    });
    const owner = await passwords.matches(SECRET, hash.ok ? hash.value : null, 'proven');
    expect(owner).toEqual({ ok: true, value: true });
    expect(done).toBe(1);
    expect((await Promise.all(strangers)).filter(Boolean)).toHaveSize(51);
  });

  it('A9d takes turns between the lanes, so that those devices keep nobody else from it', async () => {
    const passwords = createPasswords({ cost: 4, atOnce: 1, waiting: 50 });
    const order: string[] = [];
    const job = async (lane: 'proven' | 'anybody', name: string) => {
      await passwords.hash(SECRET, lane);
      order.push(name);
    };
    await Promise.all([
      ...['p1', 'p2', 'p3'].map(name => job('proven', name)),
      ...['a1', 'a2'].map(name => job('anybody', name)),
    ]);
    expect(order).toEqual(['p1', 'p2', 'a1', 'p3', 'a2']);
  });
});

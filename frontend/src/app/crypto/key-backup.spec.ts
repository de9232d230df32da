import { err, ok } from '#protocol/result';
import type { MachineVerbs } from '../../../crypto/contract.ts';
import { giveWay } from '../look/give-way';
import { KeyBackup } from './key-backup';

describe('KeyBackup', () => {
  beforeEach(() => jasmine.clock().install());
  afterEach(() => jasmine.clock().uninstall());

  /** Runs what is pending now, but no timers. */
  const settle = async () => {
    for (let turns = 0; turns < 10; turns++) await giveWay();
  };
  const read = ok({ imported: 1, refused: 0, left: 0 });

  type Answer = Awaited<ReturnType<MachineVerbs['restore']>>;

  function backup(
    answers: (Answer | Error)[],
    written: Awaited<ReturnType<MachineVerbs['backUp']>> = ok({ done: 0, left: 0 }),
  ) {
    const asked: string[] = [];
    const machine = {
      restore: async () => {
        asked.push('restore');
        const answer = answers.shift() ?? read;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      backUp: async () => written,
      tendDehydrated: async () => false,
    };
    let canGoOn = true;
    const one = new KeyBackup(
      machine,
      () => asked.push('came'),
      () => canGoOn,
    );
    return { one, asked, stop: () => (canGoOn = false) };
  }

  it('EE7a: is read once more by itself where the server did not answer, each time later', async () => {
    const { one, asked } = backup([new Error('no answer'), new Error('no answer')]);
    void one.run();
    await settle();
    expect([asked, one.isRestored()]).toEqual([['restore'], false]);
    jasmine.clock().tick(2_000);
    await settle();
    expect(asked).toEqual(['restore', 'restore']);
    jasmine.clock().tick(2_000);
    await settle();
    expect(asked).toHaveSize(2);
    jasmine.clock().tick(2_000);
    await settle();
    expect(asked).toEqual(['restore', 'restore', 'restore', 'came', 'came']);
    expect(one.isRestored()).toBeTrue();
  });

  it('EE13a: counts as read where it is refused, so that others are asked, and says that it was refused', async () => {
    const { one, asked } = backup([ok({ imported: 1, refused: 0, left: 2 }), err('other-records')]);
    void one.run();
    await settle();
    expect(asked).toEqual(['restore', 'came', 'restore', 'came']);
    expect([one.isRestored(), one.restoring()]).toEqual([true, 'refused']);
    one.replaced();
    await one.run();
    expect([one.isRestored(), one.restoring()]).toEqual([true, null]);
  });

  it('says where nothing can be written into it any more', async () => {
    const { one } = backup([], err('lower-number'));
    void one.run();
    await settle();
    expect([one.isRestored(), one.restoring()]).toEqual([true, 'refused']);
  });

  it('is left alone where nobody is signed in any more, or the server is away', async () => {
    const { one, asked, stop } = backup([new Error('no answer')]);
    void one.run();
    await settle();
    stop();
    jasmine.clock().tick(60_000);
    await settle();
    expect(asked).toEqual(['restore']);
  });
});

import type { UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { createLanes, type Saying, type Step, type Write } from './lanes.ts';

describe('lanes', () => {
  let said: string[];
  let writes: { name: string; done: (ok: boolean) => void }[];
  const onError = jasmine.createSpy();
  const lanes = () => createLanes(saying => said.push(saying.do === 'welcome' ? saying.to.deviceId : ''), onError);

  beforeEach(() => {
    said = [];
    writes = [];
  });

  const say = (name: string, user: string): Saying => ({
    do: 'welcome',
    to: { userId: anId(user), deviceId: anId(name) },
    calls: [],
  });
  const write = (name: string, ...users: string[]): Write => ({
    do: 'write',
    users: users.map(anId<UserId>),
    run: () => new Promise(done => writes.push({ name, done })),
  });
  const turns = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };

  it('CA12 say at once where nothing waits, and behind a write of the same users where one does', async () => {
    const under = lanes();
    under.add([say('at once', 'a')]);
    expect(said).toEqual(['at once']);
    under.add([write('1', 'a', 'b'), say('behind', 'b')] satisfies Step[]);
    under.add([say('later', 'a')]);
    under.add([say('other', 'c')]);
    expect(said).toEqual(['at once', 'other']);
    await turns();
    writes[0]!.done(true);
    await under.idle();
    expect(said).toEqual(['at once', 'other', 'behind', 'later']);
  });

  it('CA12 write in order too, and say nothing behind a write that failed', async () => {
    const under = lanes();
    under.add([write('1', 'a'), say('lost', 'a')]);
    under.add([write('2', 'a'), say('kept', 'a')]);
    await turns();
    expect(writes.map(({ name }) => name)).toEqual(['1']);
    writes[0]!.done(false);
    await turns();
    writes[1]!.done(true);
    await under.idle();
    expect(said).toEqual(['kept']);
  });
});

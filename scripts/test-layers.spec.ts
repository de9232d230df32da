import { groupsOf, layers, runGroup, type Layer } from './test-layers.mjs';

describe('The layers of the tests', () => {
  const named = (...names: string[]) => layers.filter(({ name }) => names.includes(name));
  const namesOf = (groups: readonly (readonly Layer[])[]) => groups.map(group => group.map(({ name }) => name));

  it('run in groups, each layer once, those that need the built app last', () => {
    expect(namesOf(groupsOf(layers))).toEqual([
      ['types', 'lint', 'rules', 'protocol', 'build'],
      ['server', 'app'],
      ['e2e'],
    ]);
    expect(namesOf(groupsOf(named('server', 'rules', 'e2e')))).toEqual([['rules'], ['server'], ['e2e']]);
  });

  /** Runs layers whose steps end when the spec lets them. */
  function begin(titles: Record<string, string[]>, ...inTurn: string[]) {
    const ends = new Map<string, () => void>();
    const begun: string[] = [];
    const step = (title: string) => ({
      title,
      act: () =>
        new Promise<void>((resolve, reject) => {
          begun.push(title);
          ends.set(title, () => (title.startsWith('bad') ? reject(new Error(title)) : resolve()));
        }),
    });
    const group = Object.entries(titles).map(([name, all]) => ({
      name,
      inTurn: inTurn.includes(name),
      steps: () => all.map(step),
    }));
    const result = runGroup(group);
    const end = async (title: string) => {
      ends.get(title)?.();
      await new Promise(resolve => setImmediate(resolve));
    };
    return { begun, end, result };
  }

  it('of a group take the places that others leave free, and none waits for the end of another', async () => {
    const { begun, end, result } = begin({ types: ['t1', 't2'], lint: ['l1', 'l2'] });
    expect(begun).toEqual(['l1', 'l2']);
    await end('l2');
    expect(begun).toEqual(['l1', 'l2', 't1']);
    await end('t1');
    await end('t2');
    await end('l1');
    const [types, lint] = await result;
    expect([types?.name, types?.passed, lint?.name, lint?.passed]).toEqual(['types', 2, 'lint', 2]);
  });

  it('of a group whose steps need each other do them in turn, beside the others', async () => {
    const { begun, end, result } = begin({ build: ['b1', 'b2'], types: ['t1', 't2'] }, 'build');
    expect(begun).toEqual(['b1', 't1']);
    await end('b1');
    expect(begun).toEqual(['b1', 't1', 'b2']);
    await end('t1');
    await end('b2');
    await end('t2');
    expect(begun).toEqual(['b1', 't1', 'b2', 't2']);
    const [build] = await result;
    expect([build?.name, build?.passed]).toEqual(['build', 2]);
  });

  it('that share nothing do one step after the other, whatever fails', async () => {
    spyOn(console, 'error');
    const { begun, end, result } = begin({ e2e: ['bad build', 'files'] });
    expect(begun).toEqual(['bad build']);
    await end('bad build');
    await end('files');
    expect(begun).toEqual(['bad build', 'files']);
    const [{ passed, failed } = { passed: 0, failed: [''] }] = await result;
    expect([passed, failed]).toEqual([1, ['bad build']]);
  });
});

import { quantile, shapeViolations } from './check-shape.ts';
import { functionsOf } from './function-lengths.ts';
import { ruleViolations } from './rule-titles.ts';

const lines = (count: number, line = 'a();') => Array<string>(count).fill(line).join('\n');
const shape = (path: string, text: string) => shapeViolations([{ path, text }]);

describe('The budgets', () => {
  it('refuse a file of more than 300 lines, and a spec of more than 400', () => {
    expect(shape('backend/src/a.ts', lines(301))).toContain(
      'backend/src/a.ts: 301 lines, not 300: split it by concept',
    );
    expect(shape('backend/src/a.css', lines(301)).length).toBe(2);
    expect(shape('backend/src/a.spec.ts', lines(400))).toEqual([]);
    expect(shape('backend/src/a.spec.ts', lines(401))).toEqual([
      'backend/src/a.spec.ts: 401 lines, not 400: split it by concept',
    ]);
  });

  it('refuse a house whose median file is too long', () => {
    expect(shape('backend/src/a.ts', lines(80))).toEqual([]);
    expect(shape('backend/src/a.ts', lines(81))).toEqual(['the median file has 81 lines, not 80']);
  });

  it('refuse a function of more than 50 lines, callbacks and methods alike, but not in a spec', () => {
    const body = lines(49, '  a();');
    for (const text of [`function f() {\n${body}\n}`, `class A {\n f() {\n${body}\n}\n}`, `g(() => {\n${body}\n});`]) {
      expect(shape('backend/src/a.ts', text).some(line => /51 lines, not 50/.test(line)))
        .withContext(text)
        .toBe(true);
      expect(shape('backend/src/a.spec.ts', text)).toEqual([]);
    }
    expect(shape('backend/src/a.ts', `g(() => {\n${lines(48, '  a();')}\n});`)).toEqual([]);
  });

  it('refuse too many long functions', () => {
    const long = (count: number) => `function f() {\n${lines(count - 2)}\n}`;
    expect(shape('backend/src/a.ts', long(25))).toEqual([]);
    expect(shape('backend/src/a.ts', long(26))).toEqual(['the 90th percentile of functions has 26 lines, not 25']);
  });

  it('are not flattered by callbacks', () => {
    expect(functionsOf({ path: 'a.ts', text: 'const f = () => g(() => 1);' }).map(one => one.isNamed)).toEqual([
      true,
      false,
    ]);
  });

  it('know the quantiles', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9);
    expect(quantile([], 0.9)).toBe(0);
  });
});

describe('Rules and the specs that prove them', () => {
  const page = { path: 'backend/PROTOCOL.md', text: '# P\n- **P1** First.\n- **P2** Second, see **P9**.\n' };
  const store = { path: 'backend/src/store/store.ts', text: '/**\n * - **S1** No gap.\n */\n' };
  const spec = (text: string) => ({ path: 'backend/src/a.spec.ts', text });

  it('are content where each names the other', () => {
    const text = `describe('P1, P2 a', () => { it(\`S1 \${b}\`, () => {}); it('H264 is no rule here', () => {}); });`;
    expect(ruleViolations([page, store, spec(text.replace('H264 ', 'a H264 '))])).toEqual([]);
  });

  it('refuse a rule without a spec', () => {
    expect(ruleViolations([page, store, spec(`it('P1 a', () => {});`)])).toEqual([
      "backend/PROTOCOL.md: no spec's title names P2",
      "backend/src/store/store.ts: no spec's title names S1",
    ]);
  });

  it('refuse a spec of no rule', () => {
    const text = `it('P1 and P2 a', () => {}); it('P3 b', () => {}); suiteNeeds(['x'], 'S1 c', () => {});`;
    expect(ruleViolations([page, store, spec(text)])).toEqual(['backend/src/a.spec.ts: there is no rule P3']);
  });

  it('refuse one id for two rules', () => {
    const twice = { ...store, text: ' * - **P1** Again.' };
    expect(ruleViolations([page, twice, spec(`it('P1, P2 a', () => {});`)])).toEqual([
      'backend/src/store/store.ts: P1 is there twice',
    ]);
  });

  it('find an id in a table of cases, and in a contract', () => {
    const contract = {
      path: 'backend/src/store/contract/store.contract.ts',
      text: `const cases = ['S1 no gap', 'A4 paper'];`,
    };
    expect(ruleViolations([page, store, contract, spec(`it('P1, P2 a', () => {});`)])).toEqual([]);
  });
});

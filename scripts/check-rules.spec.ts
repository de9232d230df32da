import { ruleViolations } from './check-rules.ts';

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

  it('hold a title to each clause of a rule that has several', () => {
    const clauses = { path: 'backend/PROTOCOL.md', text: '- **P1a** First.\n- **P1b** Second.\n' };
    expect(ruleViolations([clauses, spec(`it('P1a, P1b a', () => {});`)])).toEqual([]);
    expect(ruleViolations([clauses, spec(`it('P1a a', () => {}); it('P1 b', () => {});`)])).toEqual([
      "backend/PROTOCOL.md: no spec's title names P1b",
      'backend/src/a.spec.ts: there is no rule P1',
    ]);
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

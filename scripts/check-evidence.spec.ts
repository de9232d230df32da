import { evidenceFaults, REQUIREMENTS } from './check-evidence.ts';

describe('The evidence in SECURITY.md', () => {
  const protocol = {
    path: 'backend/PROTOCOL.md',
    text: '# The protocol\n\n## Coming in\n\n- **A1** Registering.\n- **A2b** Signing in.\n',
  };
  const there = new Set(['backend/PROTOCOL.md', 'backend/src/log.ts', 'scripts/check-rules.ts']);
  const faults = (page: string) => evidenceFaults(page, [protocol], path => there.has(path));
  const others = `| ${REQUIREMENTS.filter(one => !['1.1.1', '1.1.2', '1.2.1'].includes(one)).join(', ')} | a reason |`;
  const met = (...rows: string[]) => ['## Keys', ...rows, others].join('\n');
  const good =
    '| 1.1.1–1.1.2, 1.2.1 also words | how | A1, A2, A2b; `log.ts`, `scripts/check-rules.ts`, [it](PROTOCOL.md#coming-in), [keys](#keys) |';

  it('is complete where each requirement has one row and all that is named is there', () => {
    expect(REQUIREMENTS).toHaveSize(253);
    expect(faults(met(good))).toEqual([]);
  });

  const wrong: [string, string, string][] = [
    ['a requirement without a row', '| 1.1.1, 1.1.2 | how | A1 |', '1.2.1 has no row'],
    ['one with two', `${good}\n| 1.1.2 | a reason |`, '1.1.2 has two rows'],
    ['one that the levels do not have', `${good}\n| 1.2.10 | a reason |`, '1.2.10 is not of level 1 or 2'],
    ['a met one without evidence', good.replace(/A1.*/, 'it is known |'), '1.1.1 names nothing that shows it'],
    ['a rule that is not there', good.replace('A2b', 'A2c'), 'there is no rule A2c'],
    ['a file that is not there', good.replace('log.ts', 'lag.ts'), 'there is no file lag.ts'],
    ['a heading that is not there', good.replace('#keys', '#locks'), '#locks leads nowhere'],
    ['a heading of another page', good.replace('#coming-in', '#going'), 'PROTOCOL.md#going leads nowhere'],
    ['a page that is not there', good.replace('PROTOCOL.md', 'PROTOCOLS.md'), 'PROTOCOLS.md#coming-in leads nowhere'],
  ];
  for (const [what, rows, said] of wrong)
    it(`is refused with ${what}`, () => expect(faults(met(rows))).toEqual([`backend/SECURITY.md: ${said}`]));
});

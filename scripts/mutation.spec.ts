import { killedByFile } from './mutation.ts';

describe('the mutants of a file', () => {
  it('are killed by a spec or by going round for ever, not by the clock', () => {
    const of = (status: string, statusReason?: string) => ({
      fileName: 'a.ts',
      status,
      ...(statusReason === undefined ? {} : { statusReason }),
    });
    const mutants = [
      of('Killed'),
      of('Timeout', 'Hit limit reached (501/500)'),
      of('Timeout'),
      of('Survived'),
      of('NoCoverage'),
      of('RuntimeError'),
      of('Ignored'),
      { fileName: 'b.ts', status: 'Killed' },
    ];
    expect([...killedByFile(mutants)]).toEqual([
      ['a.ts', { killed: 2, total: 5 }],
      ['b.ts', { killed: 1, total: 1 }],
    ]);
  });
});

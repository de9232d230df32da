import { anId } from '#protocol/testing/ids';
import { answersOf, MOST_GIVEN } from './asking-again.ts';

const entry = (id: string, length: number) => ({ id: anId<never>(id), data: 'x'.repeat(length) });

describe('answers to a device that has asked again', () => {
  it('hold every entry once and in order, and none is larger than an inbox takes', () => {
    const entries = [entry('a', 10_000), entry('b', 15_000), entry('c', 20_000), entry('d', 10)];
    const answers = answersOf(entries);
    expect(answers.flat()).toEqual(entries);
    expect(answers.length).toBe(2);
    for (const answer of answers) expect(JSON.stringify(answer).length).toBeLessThan(MOST_GIVEN + 10);
  });

  it('leave out what fits into none', () => {
    expect(answersOf([entry('a', MOST_GIVEN), entry('b', 5)])).toEqual([[entry('b', 5)]]);
    expect(answersOf([])).toEqual([]);
  });
});

import { runEndToEnd } from './end-to-end.mjs';
import type { Counts } from './run-steps.mjs';

const counts = (failed: readonly string[]): Counts => ({
  passed: failed.length === 0 ? 1 : 0,
  failed,
  notRun: [],
  unsteady: [],
  files: [],
});

/**
 * Runs files of these names.
 * @param failures how often each file fails before it passes
 * @param waiting those that wait
 */
async function runFiles(failures: Record<string, number>, waiting: readonly string[] = []) {
  const left = { ...failures };
  const order: string[] = [];
  let atOnce = 0;
  let opened = 0;
  let open = 0;
  const aloneWithOthers: string[] = [];
  const result = await runEndToEnd(
    Object.keys(failures).map(title => ({ title, waits: waiting.includes(title) })),
    {
      openBrowsers: () => {
        opened += 1;
        open += 1;
        return Promise.resolve({ endpoints: `browsers ${opened}`, close: () => Promise.resolve(void (open -= 1)) });
      },
      run: async ({ title }, { PARLEY_LANE_BROWSERS }) => {
        const isAgain = order.some(line => line.startsWith(`${title} `));
        order.push(`${title} in ${PARLEY_LANE_BROWSERS}`);
        atOnce += 1;
        await Promise.resolve();
        if (isAgain && atOnce > 1) aloneWithOthers.push(title);
        atOnce -= 1;
        const fails = (left[title] ?? 0) > 0;
        left[title] = (left[title] ?? 0) - 1;
        return counts(fails ? [`${title}: it broke`] : []);
      },
      say: () => undefined,
    },
  );
  return { ...result, order, opened, open, aloneWithOthers };
}

describe('The run of the end-to-end files', () => {
  it('keeps the browsers of a lane from file to file and closes them at the end', async () => {
    const run = await runFiles({ a: 0, b: 0, c: 0, d: 0 });
    expect(run.passed).toBe(4);
    expect([run.failed, run.unsteady]).toEqual([[], []]);
    expect(run.opened).toBe(2);
    expect(run.open).toBe(0);
    expect(run.files.map(([file]) => file).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('runs a file that failed once more, alone, with browsers that no failed file has used, and names it unsteady', async () => {
    const run = await runFiles({ a: 1, b: 0, c: 0 });
    expect(run.passed).toBe(3);
    expect(run.failed).toEqual([]);
    expect(run.unsteady).toEqual(['a']);
    expect(run.aloneWithOthers).toEqual([]);
    const [first, second] = run.order.filter(line => line.startsWith('a '));
    expect(first).not.toBe(second);
    expect(run.open).toBe(0);
  });

  it('leaves out the files that are last once the time is up, and names them', async () => {
    let begun = 0;
    const result = await runEndToEnd(
      ['a', 'b', 'c', 'd'].map(title => ({ title, last: title === 'b' || title === 'd' })),
      {
        openBrowsers: () => Promise.resolve({ endpoints: '', close: () => Promise.resolve() }),
        run: () => Promise.resolve(counts([])),
        isLate: () => (begun += 1) > 1,
      },
    );
    expect([result.passed, result.leftOut, result.failed]).toEqual([3, ['d'], []]);
  });

  it('runs a file that waits beside the others, and alone where it has failed', async () => {
    const run = await runFiles({ a: 0, w: 1, b: 0, c: 0 }, ['w']);
    expect(
      run.order
        .map(line => line[0])
        .slice(0, 3)
        .sort(),
    ).toEqual(['a', 'b', 'w']);
    expect([run.passed, run.failed, run.unsteady]).toEqual([4, [], ['w']]);
    expect(run.aloneWithOthers).toEqual([]);
    expect(run.open).toBe(0);
  });

  it('fails for a file that fails again', async () => {
    const run = await runFiles({ a: 2, b: 0 });
    expect(run.passed).toBe(1);
    expect(run.failed).toEqual(['a: it broke']);
    expect(run.unsteady).toEqual([]);
  });

  it('names two unsteady files and passes', async () => {
    const run = await runFiles({ a: 1, b: 1, c: 0 });
    expect([run.failed, run.unsteady.length]).toEqual([[], 2]);
  });

  it('fails for three files that fail, and does not try them again', async () => {
    const run = await runFiles({ a: 1, b: 1, c: 1 });
    expect([...run.failed].sort()).toEqual(['a: it broke', 'b: it broke', 'c: it broke']);
    expect(run.order.length).toBe(3);
  });
});

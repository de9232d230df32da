import type { Browser, Page } from 'playwright-core';

/** The longest task of a page, ms: by the clock, and of the processor, which is the same on a machine that others use too. */
export interface TaskTimes {
  readonly wall: number;
  readonly processor: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Length, and what of it the thread had the processor, µs. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Chromium's name of the thread on which pages run. */
const PAGE_THREAD = 'CrRendererMain';

/** Measures the tasks of a page while something is done; a browser measures for one page at a time. */
export async function taskTimes(browser: Browser, page: Page, act: () => Promise<void>): Promise<TaskTimes> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const isNamed = (event: TraceEvent): boolean => event.name === 'thread_name' && event.args?.name === PAGE_THREAD;
  const threads = new Set(traceEvents.filter(isNamed).map(thread));
  const tasks = traceEvents.filter(
    event => event.ph === 'X' && /RunTask$/.test(event.name) && threads.has(thread(event)),
  );
  if (tasks.length === 0) throw new Error('no task was traced');
  const longest = (length: (event: TraceEvent) => number): number => Math.max(...tasks.map(length)) / 1000;
  return { wall: longest(({ dur = 0 }) => dur), processor: longest(({ tdur = 0 }) => tdur) };
}

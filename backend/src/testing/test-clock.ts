import type { Clock } from '../clock.ts';

/** A clock that moves only when it is told to. It begins now, so that real tokens made beside it are not from the future. */
export type TestClock = Clock & { advance(ms: number): void };

export function testClock(start = Date.now()): TestClock {
  let now = start;
  return { now: () => now, advance: ms => void (now += ms) };
}

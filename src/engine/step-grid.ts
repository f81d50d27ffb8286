import type { TimeShift } from '../plan/plan-node.ts';

/** The times at which an expression is evaluated: `count` steps, `interval` apart. Times are ms since the epoch. */
export interface StepGrid {
  readonly start: number;
  /** ms; 1 where there is a single step. */
  readonly interval: number;
  /** 0 where the end lies before the start: such a grid yields nothing. */
  readonly count: number;
  /** The end that was asked for; at or behind the last step. */
  readonly end: number;
  /** ms by which `@` reads later than it says; 0 except inside of some subqueries. */
  readonly late: number;
}

/** The steps from `start` to `end`, both inclusive; `end` need not lie on a step. */
export function gridBetween(start: number, end: number, interval: number): StepGrid {
  const count = end < start ? 0 : Math.floor((end - start) / interval) + 1;
  return { start, interval, count, end, late: 0 };
}

export function timeOfStep(grid: Pick<StepGrid, 'start' | 'interval'>, step: number): number {
  return grid.start + step * grid.interval;
}

/** Where a selector with this shift looks from at a step; ms. */
export function instantOf(grid: StepGrid, { time, offset, inParameter }: TimeShift, step: number): number {
  if (time === undefined) return timeOfStep(grid, step) - offset;
  return time + grid.late - offset + (inParameter ? step * grid.interval : 0);
}

/** The same steps, for what reads `@` as it says. */
export function punctual(grid: StepGrid): StepGrid {
  return { ...grid, late: 0 };
}

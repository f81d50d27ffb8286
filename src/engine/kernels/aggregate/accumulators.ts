import type { StartAccumulator } from './accumulator.ts';
import { AvgAccumulator } from './avg.ts';
import { CountAccumulator } from './count.ts';
import { ExtremumAccumulator } from './extremum.ts';
import { QuantileAccumulator } from './quantile.ts';
import { SumAccumulator } from './sum.ts';
import { VarianceAccumulator } from './variance.ts';

/** The aggregations that make one row of each group; the others pick series, see `step-heaps.ts`. */
export type AccumulatedOp =
  | 'sum'
  | 'avg'
  | 'count'
  | 'group'
  | 'min'
  | 'max'
  | 'stddev'
  | 'stdvar'
  | 'quantile';

export const ACCUMULATORS: Readonly<Record<AccumulatedOp, StartAccumulator>> = {
  avg: (steps) => new AvgAccumulator(steps),
  count: (steps) => new CountAccumulator(steps, Infinity),
  group: (steps) => new CountAccumulator(steps, 1),
  max: (steps) => new ExtremumAccumulator(steps, 1),
  min: (steps) => new ExtremumAccumulator(steps, -1),
  quantile: (_steps, q) => new QuantileAccumulator(q),
  stddev: (steps) => new VarianceAccumulator(steps, 'stddev'),
  stdvar: (steps) => new VarianceAccumulator(steps, 'stdvar'),
  sum: (steps) => new SumAccumulator(steps),
};

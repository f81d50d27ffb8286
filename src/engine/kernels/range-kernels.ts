import { floatAvgOverTime } from './avg-over-time.ts';
import {
  countOverTime,
  firstOverTime,
  lastOverTime,
  presentOverTime,
  tsOfFirstOverTime,
  tsOfLastOverTime,
} from './edges-over-time.ts';
import { extremumOverTime } from './extremum-over-time.ts';
import { histogramAvgOverTime, histogramSumOverTime } from './histogram-over-time.ts';
import { instantDelta, instantRate } from './instant-rate.ts';
import { floatMadOverTime, floatQuantileOverTime } from './quantile-over-time.ts';
import type { RangeKernel } from './range-kernel.ts';
import { eitherKind, floatsOnly } from './range-windows.ts';
import { histogramRate } from './rate-histograms.ts';
import { type RateKind, floatRate } from './rate.ts';
import { floatDeriv, floatPredictLinear } from './regression.ts';
import { doubleExponentialSmoothing } from './smoothing.ts';
import { floatSumOverTime } from './sum-over-time.ts';
import { changeCount, resetCount } from './transitions.ts';
import { varianceOverTime } from './variance-over-time.ts';

function rate(kind: RateKind): RangeKernel {
  return eitherKind(floatRate(kind), histogramRate(kind));
}

/**
 * Every function of a range vector, by name. Of their other arguments only scalars reach the kernel.
 * `absent_over_time` is 1 where a series has samples: its operator turns the rows of all series around.
 */
export const RANGE_KERNELS: Readonly<Record<string, RangeKernel>> = {
  absent_over_time: presentOverTime,
  avg_over_time: eitherKind(floatAvgOverTime, histogramAvgOverTime),
  changes: changeCount,
  count_over_time: countOverTime,
  delta: rate({ isCounter: false, perSecond: false }),
  deriv: floatsOnly(floatDeriv),
  double_exponential_smoothing: doubleExponentialSmoothing,
  first_over_time: firstOverTime,
  idelta: instantDelta,
  increase: rate({ isCounter: true, perSecond: false }),
  irate: instantRate,
  last_over_time: lastOverTime,
  mad_over_time: floatsOnly(floatMadOverTime),
  max_over_time: floatsOnly(extremumOverTime({ sign: 1, timestamp: false })),
  min_over_time: floatsOnly(extremumOverTime({ sign: -1, timestamp: false })),
  predict_linear: floatsOnly(floatPredictLinear),
  present_over_time: presentOverTime,
  quantile_over_time: floatsOnly(floatQuantileOverTime),
  rate: rate({ isCounter: true, perSecond: true }),
  resets: resetCount,
  stddev_over_time: floatsOnly(varianceOverTime(true)),
  stdvar_over_time: floatsOnly(varianceOverTime(false)),
  sum_over_time: eitherKind(floatSumOverTime, histogramSumOverTime),
  ts_of_first_over_time: tsOfFirstOverTime,
  ts_of_last_over_time: tsOfLastOverTime,
  ts_of_max_over_time: floatsOnly(extremumOverTime({ sign: 1, timestamp: true })),
  ts_of_min_over_time: floatsOnly(extremumOverTime({ sign: -1, timestamp: true })),
};

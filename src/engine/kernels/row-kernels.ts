import { log, log10, log2 } from '../../model/logarithms.ts';
import {
  dayOfMonth,
  dayOfWeek,
  dayOfYear,
  daysInMonth,
  hourOf,
  minuteOf,
  monthOf,
  yearOf,
} from './civil-date.ts';
import {
  clamp,
  clampMax,
  clampMin,
  mapFloats,
  round,
  sign,
  toDegrees,
  toRadians,
} from './float-functions.ts';
import { histogramVariance, mapHistograms } from './histogram-functions.ts';
import type { RowKernel } from './row-kernel.ts';

/**
 * Every function that maps the samples of an instant vector one by one, by name. The date functions read a vector of
 * times in seconds; without argument their operator passes the evaluation times.
 */
export const ROW_KERNELS: Readonly<Record<string, RowKernel>> = {
  abs: mapFloats(Math.abs),
  acos: mapFloats(Math.acos),
  acosh: mapFloats(Math.acosh),
  asin: mapFloats(Math.asin),
  asinh: mapFloats(Math.asinh),
  atan: mapFloats(Math.atan),
  atanh: mapFloats(Math.atanh),
  ceil: mapFloats(Math.ceil),
  clamp,
  clamp_max: clampMax,
  clamp_min: clampMin,
  cos: mapFloats(Math.cos),
  cosh: mapFloats(Math.cosh),
  day_of_month: mapFloats(dayOfMonth),
  day_of_week: mapFloats(dayOfWeek),
  day_of_year: mapFloats(dayOfYear),
  days_in_month: mapFloats(daysInMonth),
  deg: mapFloats(toDegrees),
  exp: mapFloats(Math.exp),
  floor: mapFloats(Math.floor),
  histogram_avg: mapHistograms((h) => h.sum / h.count),
  histogram_count: mapHistograms((h) => h.count),
  histogram_stddev: mapHistograms((h) => Math.sqrt(histogramVariance(h))),
  histogram_stdvar: mapHistograms(histogramVariance),
  histogram_sum: mapHistograms((h) => h.sum),
  hour: mapFloats(hourOf),
  ln: mapFloats(log),
  log10: mapFloats(log10),
  log2: mapFloats(log2),
  minute: mapFloats(minuteOf),
  month: mapFloats(monthOf),
  rad: mapFloats(toRadians),
  round,
  sgn: mapFloats(sign),
  sin: mapFloats(Math.sin),
  sinh: mapFloats(Math.sinh),
  sqrt: mapFloats(Math.sqrt),
  tan: mapFloats(Math.tan),
  tanh: mapFloats(Math.tanh),
  year: mapFloats(yearOf),
};

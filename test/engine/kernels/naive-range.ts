/**
 * Range functions of floats written plainly, one window at a time: what the kernels must equal. Times in seconds.
 */
export interface NaiveWindow {
  readonly t: readonly number[];
  readonly v: readonly number[];
  readonly start: number;
  readonly end: number;
  readonly args: readonly number[];
}

type Naive = (window: NaiveWindow) => number | null;

const numbers = (v: readonly number[]): number[] => v.filter((x) => !Number.isNaN(x));

function extrapolated({ t, v, start, end }: NaiveWindow, isCounter: boolean): number | null {
  if (v.length < 2) return null;
  let rise = v.at(-1)! - v[0]!;
  if (isCounter) v.forEach((x, i) => (rise += i > 0 && x < v[i - 1]! ? v[i - 1]! : 0));
  const sampled = t.at(-1)! - t[0]!;
  const average = sampled / (t.length - 1);
  let before = t[0]! - start;
  let after = end - t.at(-1)!;
  if (before >= average * 1.1) before = average / 2;
  if (isCounter && rise > 0 && v[0]! >= 0) before = Math.min(before, sampled * (v[0]! / rise));
  if (after >= average * 1.1) after = average / 2;
  return rise * ((sampled + before + after) / sampled);
}

function quantileOf(q: number, v: readonly number[]): number {
  const sorted = [...v].sort((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b));
  const rank = q * (sorted.length - 1);
  const low = Math.floor(rank);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! * (1 - (rank - low)) + sorted[high]! * (rank - low);
}

/** Sums without rounding where the inputs are small whole numbers, which the properties generate. */
const sum = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0);

function variance(v: readonly number[]): number {
  const mean = sum(v) / v.length;
  return sum(v.map((x) => (x - mean) ** 2)) / v.length;
}

function extremeAt(v: readonly number[], better: (a: number, b: number) => boolean, last: boolean): number {
  let best = 0;
  v.forEach((x, i) => {
    if (Number.isNaN(v[best]!) || better(x, v[best]!) || (last && x === v[best])) best = i;
  });
  return best;
}

const greater = (a: number, b: number): boolean => a > b;
const smaller = (a: number, b: number): boolean => a < b;

function slope({ t, v }: NaiveWindow): number {
  const [n, meanT, meanV] = [t.length, sum(t) / t.length, sum(v) / v.length];
  let [above, below] = [0, 0];
  for (let i = 0; i < n; i++) {
    above += (t[i]! - meanT) * (v[i]! - meanV);
    below += (t[i]! - meanT) ** 2;
  }
  return above / below;
}

export const NAIVE: Readonly<Record<string, Naive>> = {
  avg_over_time: ({ v }) => sum(v) / v.length,
  changes: ({ v }) => v.filter((x, i) => i > 0 && !Object.is(x + 0, v[i - 1]! + 0)).length,
  count_over_time: ({ v }) => v.length,
  delta: (window) => extrapolated(window, false),
  deriv: (window) => (window.v.length < 2 ? null : slope(window)),
  first_over_time: ({ v }) => v[0]!,
  idelta: ({ v }) => (v.length < 2 ? null : v.at(-1)! - v.at(-2)!),
  increase: (window) => extrapolated(window, true),
  irate: ({ t, v }) => {
    if (v.length < 2) return null;
    const difference = v.at(-1)! < v.at(-2)! ? v.at(-1)! : v.at(-1)! - v.at(-2)!;
    return difference / (t.at(-1)! - t.at(-2)!);
  },
  last_over_time: ({ v }) => v.at(-1)!,
  mad_over_time: ({ v }) => {
    if (numbers(v).length < v.length) return NaN;
    const median = quantileOf(0.5, v);
    return quantileOf(
      0.5,
      v.map((x) => Math.abs(x - median)),
    );
  },
  max_over_time: ({ v }) => v[extremeAt(v, greater, false)]!,
  min_over_time: ({ v }) => v[extremeAt(v, smaller, false)]!,
  present_over_time: () => 1,
  quantile_over_time: ({ v, args }) => quantileOf(args[0]!, v),
  rate: (window) => {
    const rise = extrapolated(window, true);
    return rise === null ? null : rise / (window.end - window.start);
  },
  resets: ({ v }) => v.filter((x, i) => i > 0 && x < v[i - 1]!).length,
  stddev_over_time: ({ v }) => Math.sqrt(variance(v)),
  stdvar_over_time: ({ v }) => variance(v),
  sum_over_time: ({ v }) => sum(v),
  ts_of_first_over_time: ({ t }) => t[0]!,
  ts_of_last_over_time: ({ t }) => t.at(-1)!,
  ts_of_max_over_time: ({ t, v }) => t[extremeAt(v, greater, true)]!,
  ts_of_min_over_time: ({ t, v }) => t[extremeAt(v, smaller, true)]!,
};

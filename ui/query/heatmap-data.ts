import type { HistogramJson, SeriesSamplesJson } from '../../src/http/api/query.ts';
import { toNumber } from '../text/numbers.ts';
import { hasLowerEnd, hasUpperEnd } from './bucket-bounds.ts';

/** A bucket at one step. */
export interface Cell {
  readonly low: number;
  readonly high: number;
  /** Which of the two are a part of it, as Prometheus numbers that. */
  readonly ends: number;
  readonly count: number;
}

/** Native histograms over time, as the sum of all series. */
export interface Heatmap {
  /** The buckets of each step that hold something, from the lowest up. A step without histograms has none. */
  readonly columns: readonly (readonly Cell[])[];
  /** The greatest count of a cell, whatever its sign. */
  readonly most: number;
  /** Whether there are counts below zero. */
  readonly hasNegative: boolean;
  /** Whether buckets of series were joined, because those of other series have other bounds. */
  readonly isJoined: boolean;
}

/** Where steps are, s. */
interface Steps {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export function heatmapOf(
  result: readonly Pick<SeriesSamplesJson, 'histograms'>[],
  { start, step, count }: Steps,
): Heatmap {
  const bySteps: HistogramJson[][] = Array.from({ length: count }, () => []);
  for (const { histograms = [] } of result)
    for (const [time, histogram] of histograms) bySteps[Math.round((time - start) / step)]?.push(histogram);
  let [most, hasNegative, isJoined] = [0, false, false];
  const columns = bySteps.map((histograms) => {
    const summed = summedBuckets(histograms);
    const column = joinedBuckets(summed);
    for (const { count: held } of column) {
      most = Math.max(most, Math.abs(held));
      hasNegative ||= held < 0;
    }
    isJoined ||= column.length < summed.length;
    return column;
  });
  return { columns, most, hasNegative, isJoined };
}

/** The buckets that any of them has, with what is in them together. */
function summedBuckets(histograms: readonly HistogramJson[]): readonly Cell[] {
  // By their lower bound as text: most series have the same ones, and millions of numbers would have to be read.
  const byLow = new Map<string, OpenCell[]>();
  for (const { buckets = [] } of histograms)
    for (const [ends, low, high, text] of buckets) {
      const count = Number(text);
      if (count === 0 || Number.isNaN(count)) continue;
      const known = byLow.get(low);
      const same = known?.find((cell) => cell.high === high);
      if (same !== undefined) same.count += count;
      else if (known === undefined) byLow.set(low, [{ ends, low, high, count }]);
      else known.push({ ends, low, high, count });
    }
  return [...byLow.values()]
    .flat()
    .map(({ ends, low, high, count }) => ({ low: toNumber(low), high: toNumber(high), ends, count }))
    .toSorted((a, b) => compare(a.low, b.low) || compare(a.high, b.high));
}

interface OpenCell {
  readonly ends: number;
  readonly low: string;
  readonly high: string;
  count: number;
}

/** Infinities have no difference. */
function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * One bucket in the place of those that overlap, so that each observation is counted once and none is put where it may not have been.
 * Buckets of a finer schema lie within those of a coarser one, so they become the coarser ones, as in a sum of Prometheus. The same
 * holds for zero buckets of several widths and for custom bounds.
 */
function joinedBuckets(sorted: readonly Cell[]): readonly Cell[] {
  const joined: Cell[] = [];
  for (const cell of sorted) {
    const last = joined.at(-1);
    if (last === undefined || !overlap(last, cell)) joined.push(cell);
    else joined[joined.length - 1] = union(last, cell);
  }
  return joined;
}

/** Schemas compute the same bound in several ways, which may differ in the last digit. */
const SAME = 1e-9;

function overlap({ high }: Cell, { low }: Cell): boolean {
  return low < high && (!Number.isFinite(high) || high - low > Math.abs(high) * SAME);
}

/** The first one begins no later. */
function union(one: Cell, other: Cell): Cell {
  const hasLow = [one, other].some(({ low, ends }) => low === one.low && hasLowerEnd(ends));
  const highest = one.high >= other.high ? one : other;
  const hasHigh = [one, other].some(({ high, ends }) => high === highest.high && hasUpperEnd(ends));
  return {
    low: one.low,
    high: highest.high,
    ends: endsOf(hasLow, hasHigh),
    count: one.count + other.count,
  };
}

function endsOf(hasLow: boolean, hasHigh: boolean): number {
  if (hasLow) return hasHigh ? 3 : 1;
  return hasHigh ? 0 : 2;
}

/** What a heatmap shows, in words: from where to where it has buckets, and which holds most. */
export function extentOf({ columns, most }: Heatmap):
  | {
      readonly low: number;
      readonly high: number;
      readonly fullest: Cell;
      readonly step: number;
    }
  | undefined {
  let [low, high] = [Infinity, -Infinity];
  let found: { readonly fullest: Cell; readonly step: number } | undefined;
  for (const [step, column] of columns.entries())
    for (const cell of column) {
      low = Math.min(low, cell.low);
      high = Math.max(high, cell.high);
      if (found === undefined && Math.abs(cell.count) === most) found = { fullest: cell, step };
    }
  return found === undefined ? undefined : { low, high, ...found };
}

import {
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
  ResetHint,
} from '../../../model/histogram/float-histogram.ts';
import { combineResetHints } from '../../../model/histogram/combine.ts';
import { sameBounds } from '../../../model/histogram/custom-bounds.ts';
import type { HistogramColumn } from '../../../model/histogram/histogram-column.ts';
import { HistogramSum } from '../../../model/histogram/histogram-sum.ts';
import { type HistogramLayout, widthOf } from '../../../model/histogram/layout.ts';
import { isInfinite, kahanAdd, roundingError } from '../../../model/kahan.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { isPlainLayout } from '../plain-histogram-rise.ts';

/** Buckets at all steps beyond which steps are better summed each with the buckets that it has. */
const MOST_PLACES = 2 ** 21;

/** Layouts whose places are remembered. */
const MOST_LAYOUTS = 1000;

/** Of the totals of a step. */
const TOTALS = 3;
const COUNT = 0;
const SUM = 1;
const ZERO = 2;

const RESET_SEEN = 1;
const NO_RESET_SEEN = 2;

/**
 * Compensated sums of histograms at all steps, as HistogramSum computes them, in flat columns. All have the same schema and
 * zero bucket (or custom bounds), and a place for each bucket that any of them has: adding nothing changes nothing.
 */
export class FlatHistogramSums {
  readonly #stepCount: number;
  /** Buckets of all summands; undefined before the first. */
  #layout: HistogramLayout | undefined;
  #width = 0;
  #counts: Float64Array = new Float64Array(0);
  #errors: Float64Array = new Float64Array(0);
  readonly #totals: Float64Array;
  readonly #totalErrors: Float64Array;
  /** How many histograms each step has. */
  readonly #summands: Uint32Array;
  readonly #hints: Uint8Array;
  readonly #hintsSeen: Uint8Array;
  /** Where the buckets of a layout have their places; undefined where it does not go together with the others. */
  readonly #places = new Map<HistogramLayout, Int32Array | undefined>();
  #recent: HistogramLayout | undefined;
  #recentPlaces: Int32Array | undefined;

  constructor(stepCount: number) {
    this.#stepCount = stepCount;
    this.#totals = new Float64Array(stepCount * TOTALS);
    this.#totalErrors = new Float64Array(stepCount * TOTALS);
    this.#summands = new Uint32Array(stepCount);
    this.#hints = new Uint8Array(stepCount);
    this.#hintsSeen = new Uint8Array(stepCount);
  }

  has(step: number): boolean {
    return this.#summands[step] !== 0;
  }

  summandsAt(step: number): number {
    return this.#summands[step]!;
  }

  resetHintsCollideAt(step: number): boolean {
    return this.#hintsSeen[step] === (RESET_SEEN | NO_RESET_SEEN);
  }

  /** Adds the histogram at place `i` of a column; false, and nothing is added, where this cannot be done here. */
  add(step: number, column: HistogramColumn, i: number): boolean {
    const layout = column.layouts[column.layoutAt[i]!]!;
    if (layout !== this.#recent) {
      this.#recentPlaces = this.#placesOf(layout);
      this.#recent = layout;
    }
    const places = this.#recentPlaces;
    if (places === undefined) return false;
    this.#addTotals(step, column, i, layout.schema === CUSTOM_BUCKETS_SCHEMA);
    const counts = this.#counts;
    const errors = this.#errors;
    const { buckets } = column;
    const from = column.offset[i]!;
    const base = step * this.#width;
    for (let b = 0; b < places.length; b++) {
      const x = buckets[from + b]!;
      if (x === 0) continue;
      const place = base + places[b]!;
      const sum = counts[place]!;
      const next = sum + x;
      if (isInfinite(next)) errors[place] = 0;
      else errors[place]! += roundingError(sum, x, next);
      counts[place] = next;
    }
    return true;
  }

  /** Whether a number would be infinite with the histogram at place `i` of a column, or is by itself. */
  wouldOverflow(step: number, column: HistogramColumn, i: number): boolean {
    const totals = step * TOTALS;
    const layout = column.layouts[column.layoutAt[i]!]!;
    const places = layout === this.#recent ? this.#recentPlaces : this.#placesOf(layout);
    if (places === undefined) return false;
    if (isInfinite(this.#totals[totals + COUNT]! + column.count[i]!)) return true;
    if (isInfinite(this.#totals[totals + SUM]! + column.sum[i]!)) return true;
    if (isInfinite(this.#totals[totals + ZERO]! + column.zeroCount[i]!)) return true;
    const from = column.offset[i]!;
    const base = step * this.#width;
    for (let b = 0; b < places.length; b++)
      if (isInfinite(this.#counts[base + places[b]!]! + column.buckets[from + b]!)) return true;
    return false;
  }

  /** Takes a step out, as a sum that takes every histogram. */
  take(step: number): HistogramSum {
    const { positiveIndex, negativeIndex, ...rest } = this.#layout!;
    const totals = this.#totals.subarray(step * TOTALS, (step + 1) * TOTALS);
    const from = step * this.#width;
    const middle = from + positiveIndex.length;
    const end = from + this.#width;
    const histogram: FloatHistogram = {
      ...rest,
      resetHint: this.#hints[step] as ResetHint,
      count: totals[COUNT]!,
      sum: totals[SUM]!,
      zeroCount: totals[ZERO]!,
      positive: { index: positiveIndex, count: this.#counts.subarray(from, middle) },
      negative: { index: negativeIndex, count: this.#counts.subarray(middle, end) },
    };
    this.#summands[step] = 0;
    return HistogramSum.resume(histogram, {
      totals: this.#totalErrors.subarray(step * TOTALS, (step + 1) * TOTALS),
      positive: this.#errors.subarray(from, middle),
      negative: this.#errors.subarray(middle, end),
      resetSeen: (this.#hintsSeen[step]! & RESET_SEEN) !== 0,
      noResetSeen: (this.#hintsSeen[step]! & NO_RESET_SEEN) !== 0,
    });
  }

  /** Sets a step of `out` to the sum, or to the mean. */
  write(step: number, out: StepRow, asMean: boolean): void {
    const divisor = asMean ? this.#summands[step]! : 1;
    const target = out.histograms();
    const layout = target.layoutIndex(this.#layout!);
    const offset = target.place(step, layout, this.#hints[step] as ResetHint, true);
    const from = step * this.#width;
    const { buckets } = target;
    for (let b = 0; b < this.#width; b++)
      buckets[offset + b] = this.#counts[from + b]! / divisor + this.#errors[from + b]! / divisor;
    const totals = step * TOTALS;
    target.count[step] = this.#settled(totals + COUNT, divisor);
    target.sum[step] = this.#settled(totals + SUM, divisor);
    target.zeroCount[step] = this.#settled(totals + ZERO, divisor);
    out.kind[step] = StepKind.histogram;
  }

  #settled(at: number, divisor: number): number {
    return this.#totals[at]! / divisor + this.#totalErrors[at]! / divisor;
  }

  #addTotals(step: number, column: HistogramColumn, i: number, isCustom: boolean): void {
    const hint = column.hintAt(i);
    const at = step * TOTALS;
    if (hint === ResetHint.reset) this.#hintsSeen[step]! |= RESET_SEEN;
    else if (hint === ResetHint.notReset) this.#hintsSeen[step]! |= NO_RESET_SEEN;
    if (this.#summands[step]!++ === 0) {
      this.#hints[step] = hint;
      this.#totals[at + COUNT] = column.count[i]!;
      this.#totals[at + SUM] = column.sum[i]!;
      this.#totals[at + ZERO] = column.zeroCount[i]!;
      return;
    }
    this.#hints[step] = combineResetHints(this.#hints[step] as ResetHint, hint);
    kahanAdd(this.#totals, this.#totalErrors, at + COUNT, column.count[i]!);
    kahanAdd(this.#totals, this.#totalErrors, at + SUM, column.sum[i]!);
    if (!isCustom) kahanAdd(this.#totals, this.#totalErrors, at + ZERO, column.zeroCount[i]!);
  }

  #placesOf(layout: HistogramLayout): Int32Array | undefined {
    if (this.#places.has(layout)) return this.#places.get(layout);
    const goes = this.#goesTogether(layout) && this.#makeRoom(layout);
    const places = goes ? positionsOf(layout, this.#layout!) : undefined;
    // Layouts that change from step to step are better looked up again than kept all.
    if (this.#places.size >= MOST_LAYOUTS) this.#places.clear();
    this.#places.set(layout, places);
    return places;
  }

  #goesTogether(layout: HistogramLayout): boolean {
    if (!isPlainLayout(layout)) return false;
    const common = this.#layout;
    return (
      common === undefined ||
      (common.schema === layout.schema &&
        common.zeroThreshold === layout.zeroThreshold &&
        sameBounds(common.customValues, layout.customValues))
    );
  }

  /** Makes a place for each bucket of the layout; false where these would be too many. */
  #makeRoom(layout: HistogramLayout): boolean {
    const before = this.#layout;
    const positiveIndex = union(before?.positiveIndex, layout.positiveIndex);
    const negativeIndex = union(before?.negativeIndex, layout.negativeIndex);
    const grown = { ...layout, positiveIndex, negativeIndex };
    const width = widthOf(grown);
    if (before !== undefined && width === this.#width) return true;
    if (width * this.#stepCount > MOST_PLACES) return false;
    const counts = new Float64Array(width * this.#stepCount);
    const errors = new Float64Array(width * this.#stepCount);
    const moved = before === undefined ? new Int32Array(0) : positionsOf(before, grown);
    for (let step = 0; step < this.#stepCount; step++)
      for (let b = 0; b < moved.length; b++) {
        counts[step * width + moved[b]!] = this.#counts[step * this.#width + b]!;
        errors[step * width + moved[b]!] = this.#errors[step * this.#width + b]!;
      }
    this.#layout = grown;
    this.#width = width;
    this.#counts = counts;
    this.#errors = errors;
    // The places of the others have moved.
    this.#recent = undefined;
    for (const [known, places] of this.#places) if (places !== undefined) this.#places.delete(known);
    return true;
  }
}

/** All indices of both, ascending. */
function union(a: Int32Array | undefined, b: Int32Array): Int32Array {
  if (a === undefined || a.length === 0) return b;
  const both = new Int32Array(a.length + b.length);
  let length = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const mine = i < a.length ? a[i]! : Infinity;
    const theirs = j < b.length ? b[j]! : Infinity;
    both[length++] = Math.min(mine, theirs);
    if (mine <= theirs) i++;
    if (theirs <= mine) j++;
  }
  return both.slice(0, length);
}

/** Where each bucket of `layout` is among those of `all`: the positive ones, then the negative ones. */
function positionsOf(layout: HistogramLayout, all: HistogramLayout): Int32Array {
  const places = new Int32Array(widthOf(layout));
  locate(layout.positiveIndex, all.positiveIndex, places, 0, 0);
  locate(
    layout.negativeIndex,
    all.negativeIndex,
    places,
    layout.positiveIndex.length,
    all.positiveIndex.length,
  );
  return places;
}

function locate(some: Int32Array, all: Int32Array, places: Int32Array, at: number, base: number): void {
  for (let i = 0, j = 0; i < some.length; i++) {
    while (all[j] !== some[i]) j++;
    places[at + i] = base + j;
  }
}

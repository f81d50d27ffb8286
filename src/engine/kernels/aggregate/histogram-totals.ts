import { compactHistogram } from '../../../model/histogram/compact.ts';
import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { HistogramColumn } from '../../../model/histogram/histogram-column.ts';
import { HistogramMean } from '../../../model/histogram/histogram-mean.ts';
import { HistogramSum } from '../../../model/histogram/histogram-sum.ts';
import type { StepRow } from '../../step-row.ts';
import type { KernelNotes } from '../range-kernel.ts';
import {
  MIXED_FLOATS_HISTOGRAMS_AGGREGATION,
  counterResetCollision,
  mismatchedCustomBuckets,
  mixedExponentialCustomHistograms,
} from '../remarks.ts';
import { FlatHistogramSums } from './flat-histogram-sums.ts';

/** What a step holds besides a sum: histograms beside floats, or buckets of both kinds. Neither gives a result. */
type Unusable = 'besideFloats' | 'incompatible';

/**
 * The histograms of a sum or an average at all steps. They are summed in flat columns; a step whose histograms do not go
 * together there gets a sum of its own.
 */
export class HistogramTotals {
  readonly #asMean: boolean;
  readonly #flat: FlatHistogramSums;
  readonly #others: (HistogramSum | HistogramMean | Unusable | undefined)[] = [];

  constructor(stepCount: number, of: 'sum' | 'mean') {
    this.#asMean = of === 'mean';
    this.#flat = new FlatHistogramSums(stepCount);
  }

  /** Adds the histogram at place `i` of a column; `besideFloats` says that the step has floats already. */
  add(
    step: number,
    column: HistogramColumn,
    i: number,
    besideFloats: boolean,
    metricName: string,
    notes: KernelNotes,
  ): void {
    const other = this.#others[step];
    if (other === undefined) {
      if (besideFloats && !this.#flat.has(step)) {
        this.#others[step] = 'besideFloats';
        return;
      }
      if (this.#asMean && this.#flat.wouldOverflow(step, column, i)) {
        this.#addApart(step, column.at(i)!, metricName, notes);
        return;
      }
      if (!this.#flat.add(step, column, i)) this.#addApart(step, column.at(i)!, metricName, notes);
    } else if (typeof other === 'object') this.#addTo(other, step, column.at(i)!, metricName, notes);
  }

  /** Goes on with the step in a sum of its own. */
  #addApart(step: number, h: FloatHistogram, metricName: string, notes: KernelNotes): void {
    if (!this.#flat.has(step)) {
      this.#others[step] = this.#asMean ? new HistogramMean(h) : new HistogramSum(h);
      return;
    }
    const summands = this.#flat.summandsAt(step);
    const sum = this.#flat.take(step);
    const other = this.#asMean ? HistogramMean.resume(sum, summands) : sum;
    this.#others[step] = other;
    this.#addTo(other, step, h, metricName, notes);
  }

  #addTo(
    state: HistogramSum | HistogramMean,
    step: number,
    h: FloatHistogram,
    metricName: string,
    notes: KernelNotes,
  ): void {
    const outcome = state.add(h);
    if (outcome === 'reconciled') notes.info(mismatchedCustomBuckets('aggregation'));
    if (outcome !== 'incompatible') return;
    notes.warn(mixedExponentialCustomHistograms(metricName));
    this.#others[step] = 'incompatible';
  }

  /** True where histograms of both bucket kinds met, after which the step takes no more samples. */
  isIncompatible(step: number): boolean {
    return this.#others[step] === 'incompatible';
  }

  /** Writes the step, or a warning; false where it had no histogram, so that the floats are the result. */
  write(step: number, hasFloats: boolean, out: StepRow, notes: KernelNotes): boolean {
    const other = this.#others[step];
    const isFlat = this.#flat.has(step);
    if (other === undefined && !isFlat) return false;
    if (hasFloats) {
      notes.warn(MIXED_FLOATS_HISTOGRAMS_AGGREGATION);
    } else if (isFlat) {
      if (this.#flat.resetHintsCollideAt(step)) notes.warn(counterResetCollision('aggregation'));
      this.#flat.write(step, out, this.#asMean);
    } else if (typeof other === 'object') {
      if (other.resetHintsCollide) notes.warn(counterResetCollision('aggregation'));
      out.setHistogram(step, compactHistogram(other.value()));
    }
    return true;
  }
}

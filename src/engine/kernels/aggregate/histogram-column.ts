import { compactHistogram } from '../../../model/histogram/compact.ts';
import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { HistogramMean } from '../../../model/histogram/histogram-mean.ts';
import type { HistogramSum } from '../../../model/histogram/histogram-sum.ts';
import type { StepRow } from '../../step-row.ts';
import type { KernelNotes } from '../range-kernel.ts';
import {
  MIXED_FLOATS_HISTOGRAMS_AGGREGATION,
  counterResetCollision,
  mismatchedCustomBuckets,
  mixedExponentialCustomHistograms,
} from '../remarks.ts';

/** What a step holds besides a sum: histograms beside floats, or buckets of both kinds. Neither gives a result. */
type Unusable = 'besideFloats' | 'incompatible';

/** The histograms of a sum or an average, a state a step, made where the first histogram turns up. */
export class HistogramColumn<State extends HistogramSum | HistogramMean> {
  readonly #start: (first: FloatHistogram) => State;
  readonly #steps: (State | Unusable | undefined)[] = [];

  constructor(start: (first: FloatHistogram) => State) {
    this.#start = start;
  }

  /** Adds one histogram; `besideFloats` says that the step has floats already. */
  add(step: number, h: FloatHistogram, besideFloats: boolean, metricName: string, notes: KernelNotes): void {
    const state = this.#steps[step];
    if (state === undefined) {
      this.#steps[step] = besideFloats ? 'besideFloats' : this.#start(h);
    } else if (typeof state === 'object') {
      const outcome = state.add(h);
      if (outcome === 'reconciled') notes.info(mismatchedCustomBuckets('aggregation'));
      if (outcome !== 'incompatible') return;
      notes.warn(mixedExponentialCustomHistograms(metricName));
      this.#steps[step] = 'incompatible';
    }
  }

  /** True where histograms of both bucket kinds met, after which the step takes no more samples. */
  isIncompatible(step: number): boolean {
    return this.#steps[step] === 'incompatible';
  }

  /** Writes the step, or a warning; false where it had no histogram, so that the floats are the result. */
  write(step: number, hasFloats: boolean, out: StepRow, notes: KernelNotes): boolean {
    const state = this.#steps[step];
    if (state === undefined) return false;
    if (hasFloats) {
      notes.warn(MIXED_FLOATS_HISTOGRAMS_AGGREGATION);
    } else if (typeof state === 'object') {
      if (state.resetHintsCollide) notes.warn(counterResetCollision('aggregation'));
      out.setHistogram(step, compactHistogram(state.value()));
    }
    return true;
  }
}

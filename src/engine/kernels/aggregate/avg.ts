import { isInfinite, kahanLost } from '../../../model/kahan.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';
import { HistogramTotals } from './histogram-totals.ts';

/**
 * `avg`: the Kahan sum over the count, or the running mean from where the sum would overflow; floats or histograms,
 * as both together give nothing but a warning.
 */
export class AvgAccumulator implements Accumulator {
  /** The sum, or the mean where {@link #isMean} says so. */
  readonly #value: Float64Array;
  readonly #lost: Float64Array;
  readonly #count: Float64Array;
  readonly #isMean: Uint8Array;
  #histograms: HistogramTotals | undefined = undefined;

  constructor(stepCount: number) {
    // -0 is the neutral number of addition: 0 would turn a lone -0 over.
    this.#value = new Float64Array(stepCount).fill(-0);
    this.#lost = new Float64Array(stepCount);
    this.#count = new Float64Array(stepCount);
    this.#isMean = new Uint8Array(stepCount);
  }

  add(row: StepRow, metricName: string, notes: KernelNotes): void {
    if (row.h !== undefined) this.#addHistograms(row, row.h, metricName, notes);
    const { kind, v, length } = row;
    const histograms = this.#histograms;
    const value = this.#value;
    const lost = this.#lost;
    const count = this.#count;
    const isMean = this.#isMean;
    for (let step = 0; step < length; step++) {
      if (kind[step] !== StepKind.float || histograms?.isIncompatible(step) === true) continue;
      const x = v[step]!;
      const before = value[step]!;
      const next = before + x;
      const summands = count[step]! + 1;
      count[step] = summands;
      if (isMean[step] === 1 || (isInfinite(next) && summands > 1)) {
        this.#addToMean(step, x, summands);
      } else {
        lost[step] = kahanLost(lost[step]!, before, x, next);
        value[step] = next;
      }
    }
  }

  #addHistograms(row: StepRow, h: NonNullable<StepRow['h']>, metricName: string, notes: KernelNotes): void {
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] !== StepKind.histogram) continue;
      this.#histograms ??= new HistogramTotals(row.length, 'mean');
      this.#histograms.add(step, h, step, this.#count[step]! > 0, metricName, notes);
    }
  }

  /** Turns the sum into a mean where it still is one, then carries that on. */
  #addToMean(step: number, x: number, summands: number): void {
    if (this.#isMean[step] === 0) {
      this.#isMean[step] = 1;
      this.#value[step]! /= summands - 1;
      this.#lost[step]! /= summands - 1;
    }
    const q = (summands - 1) / summands;
    const share = x / summands;
    const shrunk = q * this.#value[step]!;
    const next = shrunk + share;
    this.#lost[step] = kahanLost(q * this.#lost[step]!, shrunk, share, next);
    this.#value[step] = next;
  }

  write(out: StepRow, notes: KernelNotes): void {
    for (let step = 0; step < out.length; step++) {
      const count = this.#count[step]!;
      if (this.#histograms?.write(step, count > 0, out, notes)) continue;
      if (count === 0) continue;
      const divisor = this.#isMean[step] === 1 ? 1 : count;
      out.setFloat(step, this.#value[step]! / divisor + this.#lost[step]! / divisor);
    }
  }
}

import { isInfinite, roundingError } from '../../../model/kahan.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';
import { HistogramTotals } from './histogram-totals.ts';

/** `sum`: Kahan sums of floats or of histograms; both together give nothing but a warning. */
export class SumAccumulator implements Accumulator {
  readonly #sum: Float64Array;
  readonly #lost: Float64Array;
  readonly #hasFloat: Uint8Array;
  #histograms: HistogramTotals | undefined = undefined;

  constructor(stepCount: number) {
    // -0 is the neutral number of addition: 0 would turn a lone -0 over.
    this.#sum = new Float64Array(stepCount).fill(-0);
    this.#lost = new Float64Array(stepCount);
    this.#hasFloat = new Uint8Array(stepCount);
  }

  add(row: StepRow, metricName: string, notes: KernelNotes): void {
    if (row.h !== undefined) this.#addHistograms(row, row.h, metricName, notes);
    const { kind, v, length } = row;
    const histograms = this.#histograms;
    const sum = this.#sum;
    const lost = this.#lost;
    const hasFloat = this.#hasFloat;
    for (let step = 0; step < length; step++) {
      if (kind[step] !== StepKind.float || histograms?.isIncompatible(step) === true) continue;
      const x = v[step]!;
      const before = sum[step]!;
      const next = before + x;
      lost[step]! += roundingError(before, x, next);
      sum[step] = next;
      hasFloat[step] = 1;
    }
  }

  #addHistograms(row: StepRow, h: NonNullable<StepRow['h']>, metricName: string, notes: KernelNotes): void {
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] !== StepKind.histogram) continue;
      this.#histograms ??= new HistogramTotals(row.length, 'sum');
      this.#histograms.add(step, h, step, this.#hasFloat[step] === 1, metricName, notes);
    }
  }

  write(out: StepRow, notes: KernelNotes): void {
    for (let step = 0; step < out.length; step++) {
      const hasFloat = this.#hasFloat[step] === 1;
      if (this.#histograms?.write(step, hasFloat, out, notes)) continue;
      const sum = this.#sum[step]!;
      if (hasFloat) out.setFloat(step, isInfinite(sum) ? sum : sum + this.#lost[step]!);
    }
  }
}

import { HistogramSum } from '../../../model/histogram/histogram-sum.ts';
import { kahanLost } from '../kahan.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';
import { HistogramColumn } from './histogram-column.ts';

/** `sum`: Kahan sums of floats or of histograms; both together give nothing but a warning. */
export class SumAccumulator implements Accumulator {
  readonly #sum: Float64Array;
  readonly #lost: Float64Array;
  readonly #hasFloat: Uint8Array;
  #histograms: HistogramColumn<HistogramSum> | undefined = undefined;

  constructor(stepCount: number) {
    this.#sum = new Float64Array(stepCount);
    this.#lost = new Float64Array(stepCount);
    this.#hasFloat = new Uint8Array(stepCount);
  }

  add(row: StepRow, metricName: string, notes: KernelNotes): void {
    const { kind, v, length } = row;
    const [sum, lost, hasFloat] = [this.#sum, this.#lost, this.#hasFloat];
    for (let step = 0; step < length; step++) {
      if (kind[step] === StepKind.absent) continue;
      if (kind[step] === StepKind.histogram) {
        this.#column().add(step, row.h![step]!, hasFloat[step] === 1, metricName, notes);
        continue;
      }
      if (this.#histograms?.isIncompatible(step) === true) continue;
      const x = v[step]!;
      if (hasFloat[step] === 0) {
        hasFloat[step] = 1;
        sum[step] = x;
        continue;
      }
      const next = sum[step]! + x;
      lost[step] = kahanLost(lost[step]!, sum[step]!, x, next);
      sum[step] = next;
    }
  }

  write(out: StepRow, notes: KernelNotes): void {
    for (let step = 0; step < out.length; step++) {
      if (this.#histograms?.write(step, this.#hasFloat[step] === 1, out, notes)) continue;
      if (this.#hasFloat[step] === 1) out.setFloat(step, this.#sum[step]! + this.#lost[step]!);
    }
  }

  #column(): HistogramColumn<HistogramSum> {
    return (this.#histograms ??= new HistogramColumn((first) => new HistogramSum(first)));
  }
}

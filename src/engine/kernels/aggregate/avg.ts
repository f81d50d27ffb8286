import { HistogramMean } from '../../../model/histogram/histogram-mean.ts';
import { isInfinite, kahanLost } from '../kahan.ts';
import type { KernelNotes } from '../range-kernel.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';
import { HistogramColumn } from './histogram-column.ts';

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
  #histograms: HistogramColumn<HistogramMean> | undefined = undefined;

  constructor(stepCount: number) {
    this.#value = new Float64Array(stepCount);
    this.#lost = new Float64Array(stepCount);
    this.#count = new Float64Array(stepCount);
    this.#isMean = new Uint8Array(stepCount);
  }

  add(row: StepRow, metricName: string, notes: KernelNotes): void {
    const { kind, v, length } = row;
    const [value, lost, count, isMean] = [this.#value, this.#lost, this.#count, this.#isMean];
    for (let step = 0; step < length; step++) {
      if (kind[step] === StepKind.absent) continue;
      if (kind[step] === StepKind.histogram) {
        this.#column().add(step, row.h![step]!, count[step]! > 0, metricName, notes);
        continue;
      }
      if (this.#histograms?.isIncompatible(step) === true) continue;
      const x = v[step]!;
      const summands = ++count[step]!;
      if (summands === 1) {
        value[step] = x;
        continue;
      }
      if (isMean[step] === 0) {
        const next = value[step]! + x;
        if (!isInfinite(next)) {
          lost[step] = kahanLost(lost[step]!, value[step]!, x, next);
          value[step] = next;
          continue;
        }
        isMean[step] = 1;
        value[step]! /= summands - 1;
        lost[step]! /= summands - 1;
      }
      this.#addToMean(step, x, summands);
    }
  }

  #addToMean(step: number, x: number, summands: number): void {
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

  #column(): HistogramColumn<HistogramMean> {
    return (this.#histograms ??= new HistogramColumn((first) => new HistogramMean(first)));
  }
}

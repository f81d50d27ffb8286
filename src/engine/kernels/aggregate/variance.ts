import type { KernelNotes } from '../range-kernel.ts';
import { histogramIgnoredInAggregation } from '../remarks.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';

/** `stdvar` and `stddev` of floats by Welford's method, uncompensated as in Prometheus. */
export class VarianceAccumulator implements Accumulator {
  readonly #count: Float64Array;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #op: 'stdvar' | 'stddev';

  constructor(stepCount: number, op: 'stdvar' | 'stddev') {
    this.#count = new Float64Array(stepCount);
    this.#mean = new Float64Array(stepCount);
    this.#squares = new Float64Array(stepCount);
    this.#op = op;
  }

  add({ kind, v, length }: StepRow, _metricName: string, notes: KernelNotes): void {
    const [count, mean, squares] = [this.#count, this.#mean, this.#squares];
    for (let step = 0; step < length; step++) {
      if (kind[step] === StepKind.float) {
        const x = v[step]!;
        const summands = ++count[step]!;
        const delta = summands === 1 ? x : x - mean[step]!;
        mean[step] = summands === 1 ? x : mean[step]! + delta / summands;
        // The first square is 0, and NaN for infinities.
        squares[step]! += delta * (x - mean[step]!);
      } else if (kind[step] === StepKind.histogram) {
        notes.info(histogramIgnoredInAggregation(this.#op));
      }
    }
  }

  write(out: StepRow): void {
    for (let step = 0; step < out.length; step++) {
      const count = this.#count[step]!;
      if (count === 0) continue;
      const variance = this.#squares[step]! / count;
      out.setFloat(step, this.#op === 'stdvar' ? variance : Math.sqrt(variance));
    }
  }
}

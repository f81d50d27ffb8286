import type { KernelNotes } from '../range-kernel.ts';
import { sortedQuantile } from '../quantile/sorted-quantile.ts';
import { histogramIgnoredInAggregation } from '../remarks.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';

/** `quantile` of floats: keeps every value, and sorts step by step when all are there. */
export class QuantileAccumulator implements Accumulator {
  readonly #q: Float64Array;
  readonly #rows: { readonly kind: Uint8Array; readonly v: Float64Array }[] = [];

  constructor(q: Float64Array) {
    this.#q = q;
  }

  add({ kind, v }: StepRow, _metricName: string, notes: KernelNotes): void {
    if (kind.includes(StepKind.histogram)) notes.info(histogramIgnoredInAggregation('quantile'));
    this.#rows.push({ kind: kind.slice(), v: v.slice() });
  }

  write(out: StepRow): void {
    const sorted = new Float64Array(this.#rows.length);
    for (let step = 0; step < out.length; step++) {
      let numbers = 0;
      let nans = 0;
      for (const { kind, v } of this.#rows) {
        if (kind[step] !== StepKind.float) continue;
        if (Number.isNaN(v[step])) nans++;
        else sorted[numbers++] = v[step]!;
      }
      if (numbers + nans === 0) continue;
      sorted.subarray(0, numbers).sort();
      out.setFloat(step, sortedQuantile(this.#q[step]!, sorted, numbers, nans));
    }
  }
}

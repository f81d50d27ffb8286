import type { KernelNotes } from '../range-kernel.ts';
import { histogramIgnoredInAggregation } from '../remarks.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';

/** `max` and, with sign -1, `min` of floats. NaN loses against any number; of equal zeros the first stays. */
export class ExtremumAccumulator implements Accumulator {
  readonly #best: Float64Array;
  readonly #seen: Uint8Array;
  readonly #sign: 1 | -1;

  constructor(stepCount: number, sign: 1 | -1) {
    this.#best = new Float64Array(stepCount);
    this.#seen = new Uint8Array(stepCount);
    this.#sign = sign;
  }

  add({ kind, v, length }: StepRow, _metricName: string, notes: KernelNotes): void {
    const [best, seen, sign] = [this.#best, this.#seen, this.#sign];
    for (let step = 0; step < length; step++) {
      if (kind[step] === StepKind.float) {
        const x = v[step]!;
        const known = best[step]!;
        if (seen[step] === 0 || x * sign > known * sign || known !== known) best[step] = x;
        seen[step] = 1;
      } else if (kind[step] === StepKind.histogram) {
        notes.info(histogramIgnoredInAggregation(sign === 1 ? 'max' : 'min'));
      }
    }
  }

  write(out: StepRow): void {
    for (let step = 0; step < out.length; step++) {
      if (this.#seen[step] === 1) out.setFloat(step, this.#best[step]!);
    }
  }
}

import { StepKind, type StepRow } from '../../step-row.ts';
import type { Accumulator } from './accumulator.ts';

/** `count` of samples of any kind, and `group`, which is 1 wherever there is one. */
export class CountAccumulator implements Accumulator {
  readonly #count: Float64Array;
  readonly #most: number;

  constructor(stepCount: number, most: number) {
    this.#count = new Float64Array(stepCount);
    this.#most = most;
  }

  add({ kind, length }: StepRow): void {
    const count = this.#count;
    for (let step = 0; step < length; step++) if (kind[step] !== StepKind.absent) count[step]!++;
  }

  write(out: StepRow): void {
    for (let step = 0; step < out.length; step++) {
      if (this.#count[step]! > 0) out.setFloat(step, Math.min(this.#count[step]!, this.#most));
    }
  }
}

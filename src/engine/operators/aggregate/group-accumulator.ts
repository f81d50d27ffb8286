import type { Pace } from '../../../model/pacer.ts';
import type { Accumulator, StartAccumulator } from '../../kernels/aggregate/accumulator.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { STEPS_AT_ONCE, eachPart, partOf } from '../../row-parts.ts';
import type { StepRow } from '../../step-row.ts';

/** The state of one group: an accumulator for each part of a long row, so that adding to it can give way on the way. */
export class GroupAccumulator {
  readonly #parts: Accumulator[] = [];

  constructor(start: StartAccumulator, stepCount: number, parameter: Float64Array) {
    for (let from = 0; from < stepCount; from += STEPS_AT_ONCE) {
      const to = Math.min(stepCount, from + STEPS_AT_ONCE);
      this.#parts.push(start(to - from, parameter.subarray(from, to)));
    }
  }

  /** Adds the row of one series, as {@link Accumulator.add} does. Long rows take more than one turn. */
  add(row: StepRow, metricName: string, notes: KernelNotes, pace: Pace): void | Promise<void> {
    const [first] = this.#parts;
    if (this.#parts.length === 1) return first!.add(row, metricName, notes);
    return eachPart(row.length, pace, (from, to) => {
      this.#parts[from / STEPS_AT_ONCE]!.add(partOf(row, from, to), metricName, notes);
    });
  }

  /** Writes the result into `out`, which comes cleared. To be called once. */
  write(out: StepRow, notes: KernelNotes): void {
    for (const [i, part] of this.#parts.entries()) writePart(part, out, i * STEPS_AT_ONCE, notes);
  }

  /** As {@link write}, giving way on the way. */
  async writePaced(out: StepRow, notes: KernelNotes, pace: Pace): Promise<void> {
    await eachPart(out.length, pace, (from) => {
      writePart(this.#parts[from / STEPS_AT_ONCE]!, out, from, notes);
    });
  }
}

function writePart(accumulator: Accumulator, out: StepRow, from: number, notes: KernelNotes): void {
  const part = partOf(out, from, Math.min(out.length, from + STEPS_AT_ONCE));
  accumulator.write(part, notes);
  out.settle(part, from);
}

import type { SampleBuffer } from '../../model/sample-columns.ts';
import type { KernelNotes, RangeInput, RangeKernel } from '../kernels/range-kernel.ts';
import { countWindows, type RangeWindows } from '../operators/range/range-windows.ts';
import { countPresent } from '../operators/row-contents.ts';
import type { SampleCounts } from '../sample-counts.ts';
import type { StepRow } from '../step-row.ts';
import type { LeafRows } from './leaf.ts';

export interface RangeRowsParts {
  readonly kernel: RangeKernel;
  readonly windows: RangeWindows;
  /** The scalar arguments, a value a step each, in the order of the call. */
  readonly args: readonly Float64Array[];
  readonly usesStart: boolean;
  readonly notes: KernelNotes;
  /** Where the samples in the windows count as read; undefined where they do not. */
  readonly counts: SampleCounts | undefined;
}

/** Rows of a function of a range vector: finds the windows of a series and lets the kernel compute the row. */
export class RangeRows implements LeafRows {
  readonly #parts: RangeRowsParts;

  constructor(parts: RangeRowsParts) {
    this.#parts = parts;
  }

  fill(samples: SampleBuffer, metricName: string, row: StepRow): number {
    const { kernel, windows, counts, notes } = this.#parts;
    row.clear();
    windows.locate(samples);
    if (counts !== undefined) countWindows(windows, samples, counts);
    kernel(this.inputOf(samples, metricName), row, notes);
    return countPresent(row);
  }

  /** What the kernel sees of a series without stale markers, once its windows are located. */
  inputOf(samples: SampleBuffer, metricName: string): RangeInput {
    const { windows, args, usesStart } = this.#parts;
    const { length, t, v, h, st } = samples;
    const { stepTime, lo, hi, windowStart, windowEnd } = windows;
    return {
      metricName,
      length,
      t,
      v,
      h,
      st: usesStart ? st : undefined,
      stepCount: stepTime.length,
      stepTime,
      lo,
      hi,
      windowStart,
      windowEnd,
      args,
    };
  }
}

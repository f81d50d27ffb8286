import type { KernelNotes, RangeInput, RangeKernel } from '../../kernels/range-kernel.ts';
import type { Pacer } from '../../../model/pacer.ts';
import { STEPS_AT_ONCE } from '../../row-parts.ts';
import type { StepRow } from '../../step-row.ts';

/** The most samples in windows that a kernel goes through without giving way, but for a single window that has more. */
const SLICE_SAMPLES = 250_000;

/** How many samples the windows hold together: the work of a kernel that looks at every one. */
export function windowSamples({ lo, hi }: Pick<RangeInput, 'lo' | 'hi'>): number {
  let samples = 0;
  for (let step = 0; step < lo.length; step++) samples += Math.max(0, hi[step]! - lo[step]!);
  return samples;
}

/** Computes a row as the kernel would, some steps at a time, and gives way between them. */
export async function computeInSlices(
  kernel: RangeKernel,
  input: RangeInput,
  out: StepRow,
  notes: KernelNotes,
  pacer: Pacer,
): Promise<void> {
  for (let from = 0, to = 0; from < input.stepCount; from = to) {
    for (
      let samples = 0;
      to < input.stepCount && (to === from || (samples < SLICE_SAMPLES && to - from < STEPS_AT_ONCE));
      to++
    ) {
      samples += input.hi[to]! - input.lo[to]!;
    }
    const part = out.part(from, to);
    kernel(stepsOf(input, from, to), part, notes);
    out.settle(part, from);
    if (pacer.due()) await pacer.breathe();
  }
}

function stepsOf(input: RangeInput, from: number, to: number): RangeInput {
  return {
    ...input,
    stepCount: to - from,
    stepTime: input.stepTime.subarray(from, to),
    lo: input.lo.subarray(from, to),
    hi: input.hi.subarray(from, to),
    windowStart: input.windowStart.subarray(from, to),
    windowEnd: input.windowEnd.subarray(from, to),
    args: input.args.map((arg) => arg.subarray(from, to)),
  };
}

import type { StepRow } from '../step-row.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';

/** Functions of a window's size or of its first or last sample, whatever its kind. */
type Windows = (input: RangeInput, out: StepRow) => void;

function eachWindow(set: (input: RangeInput, step: number, out: StepRow) => void): Windows {
  return (input, out) => {
    for (let step = 0; step < input.stepCount; step++) {
      if (input.hi[step]! > input.lo[step]!) set(input, step, out);
    }
  };
}

export const countOverTime: RangeKernel = eachWindow((input, step, out) => {
  out.setFloat(step, input.hi[step]! - input.lo[step]!);
});

export const presentOverTime: RangeKernel = eachWindow((_input, step, out) => {
  out.setFloat(step, 1);
});

export const firstOverTime: RangeKernel = eachWindow((input, step, out) => {
  setSample(input, input.lo[step]!, step, out);
});

export const lastOverTime: RangeKernel = eachWindow((input, step, out) => {
  setSample(input, input.hi[step]! - 1, step, out);
});

export const tsOfFirstOverTime: RangeKernel = eachWindow((input, step, out) => {
  out.setFloat(step, input.t[input.lo[step]!]! / 1000);
});

export const tsOfLastOverTime: RangeKernel = eachWindow((input, step, out) => {
  out.setFloat(step, input.t[input.hi[step]! - 1]! / 1000);
});

function setSample(input: RangeInput, i: number, step: number, out: StepRow): void {
  if (input.h?.has(i) !== true) out.setFloat(step, input.v[i]!);
  else out.copyHistogram(step, input.h, i);
}

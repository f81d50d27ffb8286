import { StepKind } from '../step-row.ts';
import { goMax, goMin } from '../../model/go-math.ts';
import type { RowKernel } from './row-kernel.ts';

/** A kernel that maps floats and leaves histograms out. */
export function mapFloats(f: (x: number) => number): RowKernel {
  return (input, _args, out) => {
    const { kind, v, length } = input;
    for (let step = 0; step < length; step++) {
      if (kind[step] === StepKind.float) out.setFloat(step, f(v[step]!));
    }
  };
}

export function sign(x: number): number {
  if (x < 0) return -1;
  return x > 0 ? 1 : x;
}

export const toRadians = (x: number): number => (x * Math.PI) / 180;
export const toDegrees = (x: number): number => (x * 180) / Math.PI;

/** Rounds half up to multiples of the argument, 1 by default; the multiple is inverted to lose less. */
export const round: RowKernel = (input, args, out) => {
  const to = args[0];
  for (let step = 0; step < input.length; step++) {
    if (input.kind[step] !== StepKind.float) continue;
    const inverse = to === undefined ? 1 : 1 / to[step]!;
    out.setFloat(step, Math.floor(input.v[step]! * inverse + 0.5) / inverse);
  }
};

export const clamp: RowKernel = (input, args, out) => {
  for (let step = 0; step < input.length; step++) {
    const min = args[0]![step]!;
    const max = args[1]![step]!;
    if (input.kind[step] !== StepKind.float || max < min) continue;
    out.setFloat(step, goMax(min, goMin(max, input.v[step]!)));
  }
};

export const clampMin: RowKernel = (input, args, out) => {
  for (let step = 0; step < input.length; step++) {
    if (input.kind[step] !== StepKind.float) continue;
    out.setFloat(step, goMax(args[0]![step]!, goMin(Infinity, input.v[step]!)));
  }
};

export const clampMax: RowKernel = (input, args, out) => {
  for (let step = 0; step < input.length; step++) {
    if (input.kind[step] !== StepKind.float) continue;
    out.setFloat(step, goMax(-Infinity, goMin(args[0]![step]!, input.v[step]!)));
  }
};

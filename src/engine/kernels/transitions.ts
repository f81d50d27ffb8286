import { detectReset } from '../../model/histogram/detect-reset.ts';
import { histogramsEqual } from '../../model/histogram/equals.ts';
import type { RangeInput, RangeKernel } from './range-kernel.ts';
import { isStartReset } from './start-timestamps.ts';

/** Whether something happened between sample i - 1 and sample i. */
type Transition = (input: RangeInput, i: number) => boolean;

/** upTo[i] is the number of transitions at samples 1 … i of the series at work. */
let upTo = new Int32Array(256);

/** resets: falls of floats, resets of histograms, and every change of kind. */
export const resetCount: RangeKernel = transitionCount(isReset);

/** changes: samples that differ from their predecessor in value or kind. */
export const changeCount: RangeKernel = transitionCount(isChange);

/** Counts once over the series; a window is then a difference of two counts. */
function transitionCount(isTransition: Transition): RangeKernel {
  return (input, out) => {
    const { lo, hi, stepCount } = input;
    if (stepCount === 1) {
      if (hi[0]! > lo[0]!) out.setFloat(0, countIn(input, isTransition, lo[0]!, hi[0]!));
      return;
    }
    countTransitions(input, isTransition);
    for (let step = 0; step < stepCount; step++) {
      if (hi[step]! > lo[step]!) out.setFloat(step, upTo[hi[step]! - 1]! - upTo[lo[step]!]!);
    }
  };
}

/** In the one window, from one sample to the next. */
function countIn(input: RangeInput, isTransition: Transition, lo: number, hi: number): number {
  let count = 0;
  for (let i = lo + 1; i < hi; i++) if (isTransition(input, i)) count++;
  return count;
}

function countTransitions(input: RangeInput, isTransition: Transition): void {
  const { length } = input;
  if (upTo.length < length) upTo = new Int32Array(length * 2);
  let count = 0;
  upTo[0] = 0;
  for (let i = 1; i < length; i++) {
    if (isTransition(input, i)) count++;
    upTo[i] = count;
  }
}

function isReset({ t, v, h, st }: RangeInput, i: number): boolean {
  const current = h?.at(i);
  const previous = h?.at(i - 1);
  if ((current === undefined) !== (previous === undefined)) return true;
  if (st !== undefined && isStartReset(st[i - 1]!, t[i - 1]!, st[i]!, t[i]!)) return true;
  if (current === undefined || previous === undefined) return v[i]! < v[i - 1]!;
  return detectReset(current, previous);
}

function isChange({ v, h }: RangeInput, i: number): boolean {
  const current = h?.at(i);
  const previous = h?.at(i - 1);
  if (current !== undefined && previous !== undefined) return !histogramsEqual(current, previous);
  if (current !== undefined || previous !== undefined) return true;
  const x = v[i]!;
  const y = v[i - 1]!;
  return x !== y && (x === x || y === y);
}

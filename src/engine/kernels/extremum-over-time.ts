import type { RangeInput, RangeKernel } from './range-kernel.ts';
import type { StepRow } from '../step-row.ts';

interface ExtremumKind {
  readonly sign: 1 | -1;
  /** Gives the time in seconds of the latest extremum instead of its value. */
  readonly timestamp: boolean;
}

/** Indices of the samples that may still become the extremum, best first; see {@link extremumOverTime}. */
let candidates = new Int32Array(256);

/**
 * max_over_time, min_over_time and their ts_of_ forms for floats. The windows slide, so a queue keeps the samples
 * that no later one beats: each sample enters and leaves once however long the window is. NaN loses against any
 * number; of equal values the first gives the value (so zeros keep their sign) and the last gives the time, as in
 * Prometheus' `compareOverTime`.
 */
export function extremumOverTime(kind: ExtremumKind): RangeKernel {
  const { sign, timestamp } = kind;
  return (input: RangeInput, out: StepRow) => {
    const { t, v, lo, hi, stepCount, length } = input;
    if (stepCount === 1) {
      if (hi[0]! <= lo[0]!) return;
      const best = bestOf(v, lo[0]!, hi[0]!, sign, timestamp);
      out.setFloat(0, timestamp ? t[best]! / 1000 : v[best]!);
      return;
    }
    if (candidates.length < length) candidates = new Int32Array(length * 2);
    const queue = candidates;
    let head = 0;
    let tail = 0;
    let seen = 0;
    for (let step = 0; step < stepCount; step++) {
      const first = lo[step]!;
      const end = hi[step]!;
      if (end <= first) continue;
      if (seen < first) {
        seen = first;
        head = 0;
        tail = 0;
      }
      for (; seen < end; seen++) {
        const x = v[seen]! * sign;
        while (tail > head && isBeaten(v[queue[tail - 1]!]! * sign, x, timestamp)) tail--;
        queue[tail++] = seen;
      }
      while (queue[head]! < first) head++;
      const best = queue[head]!;
      out.setFloat(step, timestamp ? t[best]! / 1000 : v[best]!);
    }
  };
}

/** Where the extremum of a window is that no other follows: it needs no queue. */
function bestOf(v: Float64Array, lo: number, hi: number, sign: 1 | -1, byEqual: boolean): number {
  let best = lo;
  for (let i = lo + 1; i < hi; i++) if (isBeaten(v[best]! * sign, v[i]! * sign, byEqual)) best = i;
  return best;
}

function isBeaten(candidate: number, later: number, byEqual: boolean): boolean {
  if (candidate !== candidate) return true;
  return byEqual ? later >= candidate : later > candidate;
}

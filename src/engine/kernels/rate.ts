import { extrapolationFactor, rangeSeconds } from './extrapolation.ts';
import type { KernelNotes, RangeInput, RangeKernel } from './range-kernel.ts';
import { startTimeOverlap } from './remarks.ts';
import { IndexList, findFloatResets, hasOverlap } from './reset-positions.ts';
import { StepKind, type StepRow } from '../step-row.ts';

/** What tells rate, increase and delta apart. */
export interface RateKind {
  /** Falls are resets, and values do not go below zero. */
  readonly isCounter: boolean;
  readonly perSecond: boolean;
}

/** Reset positions of the series at work; the kernel is synchronous, so one list serves all. */
const resets = new IndexList();

/** rate, increase and delta of floats (Prometheus `extrapolatedRate`). */
export function floatRate(kind: RateKind): RangeKernel {
  return (input, out, notes) => {
    if (kind.isCounter) counterRate(input, out, notes, kind.perSecond);
    else gaugeDelta(input, out);
  };
}

function counterRate(input: RangeInput, out: StepRow, notes: KernelNotes, perSecond: boolean): void {
  const { t, v, st, lo, hi, windowStart, windowEnd, stepCount } = input;
  const { kind, v: value } = out;
  findFloatResets(input, resets);
  const { at: resetAt, length: resetCount } = resets;

  let overlaps = 0;
  let nextReset = 0;
  for (let step = 0; step < stepCount; step++) {
    const first = lo[step]!;
    const samples = hi[step]! - first;
    if (samples < 1) continue;
    if (st !== undefined && hasOverlap(t, st, first, hi[step]!)) overlaps++;
    const last = first + samples - 1;
    const start = windowStart[step]!;

    const created = st === undefined ? 0 : st[first]!;
    const countedSince = created > start && created < t[first]! ? created : 0;
    if (samples === 1 && countedSince === 0) continue;

    let rise = v[last]! - v[first]!;
    while (nextReset < resetCount && resetAt[nextReset]! <= first) nextReset++;
    for (let r = nextReset; r < resetCount && resetAt[r]! <= last; r++) rise += v[resetAt[r]! - 1]!;
    if (countedSince !== 0) rise += v[first]!;

    // As an expression with `:` this would be boxed, a heap number a step.
    let firstToRise = Infinity;
    if (rise > 0 && v[first]! >= 0) firstToRise = v[first]! / rise;
    const end = windowEnd[step]!;
    let factor = extrapolationFactor(samples, t[first]!, t[last]!, start, end, firstToRise, countedSince);
    if (perSecond) factor /= rangeSeconds(start, end);
    kind[step] = StepKind.float;
    value[step] = rise * factor;
  }
  if (overlaps > 0) notes.warnCounted(startTimeOverlap(input.metricName), overlaps);
}

function gaugeDelta(input: RangeInput, out: StepRow): void {
  const { t, v, lo, hi, windowStart, windowEnd, stepCount } = input;
  const { kind, v: value } = out;
  for (let step = 0; step < stepCount; step++) {
    const first = lo[step]!;
    const samples = hi[step]! - first;
    if (samples < 2) continue;
    const last = first + samples - 1;
    const start = windowStart[step]!;
    const end = windowEnd[step]!;
    const factor = extrapolationFactor(samples, t[first]!, t[last]!, start, end, Infinity, 0);
    kind[step] = StepKind.float;
    value[step] = (v[last]! - v[first]!) * factor;
  }
}

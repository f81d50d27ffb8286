import type { Pace } from '../model/pacer.ts';
import type { StepRow } from './step-row.ts';

/** Steps of a row that are computed between two looks at the clock: a millisecond or two of work. */
export const STEPS_AT_ONCE = 16_384;

/** Whether a row has so many steps that whoever computes it should give way on the way. Only subqueries have such rows. */
export function isLong(stepCount: number): boolean {
  return stepCount > STEPS_AT_ONCE;
}

/**
 * Calls `visit` for one stretch [from, to) of steps after the other, in order, and gives way between them. Short rows are
 * one stretch and cost no turn: what comes back is a promise for long ones alone.
 */
export function eachPart(
  stepCount: number,
  pace: Pace,
  visit: (from: number, to: number) => void,
): void | Promise<void> {
  if (isLong(stepCount)) return visitInTurns(stepCount, pace, visit);
  if (stepCount > 0) visit(0, stepCount);
  return undefined;
}

async function visitInTurns(
  stepCount: number,
  pace: Pace,
  visit: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < stepCount; from += STEPS_AT_ONCE) {
    if (pace.due()) await pace.breathe();
    visit(from, Math.min(stepCount, from + STEPS_AT_ONCE));
  }
  if (pace.due()) await pace.breathe();
}

/** Steps [from, to) of a row; the row itself where these are all. */
export function partOf(row: StepRow, from: number, to: number): StepRow {
  return to - from === row.length ? row : row.part(from, to);
}

/**
 * Lets `compute` work on one part of some rows after the other, giving way between them as {@link eachPart} does: parts of
 * `inputs`, and of `out`, to which the changes are brought back. All are of the same length.
 */
export function computeInParts(
  inputs: readonly StepRow[],
  out: StepRow,
  pace: Pace,
  compute: (inputs: readonly StepRow[], out: StepRow, from: number, to: number) => void,
): void | Promise<void> {
  return eachPart(out.length, pace, (from, to) => {
    const part = partOf(out, from, to);
    const parts = inputs.map((input) => partOf(input, from, to));
    compute(parts, part, from, to);
    out.settle(part, from);
  });
}

/** One value a step, giving way on the way. */
export async function columnOf(
  stepCount: number,
  pace: Pace,
  value: (step: number) => number,
): Promise<Float64Array> {
  const column = new Float64Array(stepCount);
  await eachPart(stepCount, pace, (from, to) => {
    for (let step = from; step < to; step++) column[step] = value(step);
  });
  return column;
}

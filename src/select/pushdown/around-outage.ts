import { steadyWithin } from '../../cluster/coverage/steady-within.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { StepRange } from '../../engine/series-source.ts';
import { gridBetween, timeOfStep } from '../../engine/step-grid.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Spoken } from '../read-once/choose-speakers.ts';
import { restOfTargets } from '../read-once/rest-of-targets.ts';
import { withMargin } from '../series/margin.ts';
import type { PushQuestion } from './push-question.ts';

/** So great a part of the steps is worth a question of its own; of fewer on one side of the outage samples are read. */
const LEAST_PART = 1 / 32;
/**
 * Servers compute this part of all steps at least, or the samples of all are read. For the others more than their own part is read: the
 * margin, and of all replicas.
 */
const LEAST_GAIN = 7 / 8;

/** How a shard is asked of which the replica that is read for all was away for some of the time. */
export interface AroundOutage {
  /** The steps that need nothing of that time: what computes them, and what that is proven by. */
  readonly computed: readonly ComputedSteps[];
  /** The steps between them, of which samples are read. */
  readonly steps: StepRange;
  /** What is read for these, ms since the epoch. */
  readonly read: TimeRange;
}

export interface ComputedSteps {
  readonly question: PushQuestion;
  readonly spoken: Spoken;
}

/**
 * Finds the steps that a replica can compute although it was away for some of the time: those that need nothing of that time, nor of what is
 * chosen by it. Undefined where it was not away, or from few of its targets alone, or where little would be gained.
 */
export function aroundOutage(spoken: Spoken, question: PushQuestion): AroundOutage | undefined {
  const { restRange } = spoken;
  const { partials, needed, range, marginMs } = question;
  if (restRange === undefined || !isOfMost(spoken)) return undefined;
  const { start, end, step } = partials;
  const grid = gridBetween(start, end, step);
  // Siblings are asked for two margins around all of it. Of the outer ones steps may need samples, since these are the replica's in any case.
  const away = {
    minTime: restRange.minTime > range.minTime ? restRange.minTime + marginMs : -Infinity,
    maxTime: restRange.maxTime < range.maxTime ? restRange.maxTime - marginMs : Infinity,
  };
  const [back, ahead] = [start - needed.minTime, needed.maxTime - end];
  const least = Math.ceil(grid.count * LEAST_PART);
  const first = Math.max(0, Math.ceil((away.minTime - ahead - start) / step));
  const behind = Math.min(grid.count, Math.floor((away.maxTime + back - start) / step) + 1);
  const steps = {
    from: first < least ? 0 : first,
    to: grid.count - behind < least ? grid.count : behind,
  };
  const gain = grid.count - (steps.to - steps.from);
  if (steps.to <= steps.from || gain < LEAST_GAIN * grid.count) return undefined;
  const neededBy = ({ from, to }: StepRange): TimeRange => ({
    minTime: timeOfStep(grid, from) - back,
    maxTime: timeOfStep(grid, to - 1) + ahead,
  });
  const computed: ComputedSteps[] = [];
  for (const each of [
    { from: 0, to: steps.from },
    { from: steps.to, to: grid.count },
  ]) {
    if (each.to === each.from) continue;
    const found = computedSteps(spoken, question, neededBy(each), {
      ...partials,
      start: timeOfStep(grid, each.from),
      end: timeOfStep(grid, each.to - 1),
    });
    if (found === undefined) return undefined;
    computed.push(found);
  }
  return { computed, steps, read: withMargin(neededBy(steps), marginMs, question.now) };
}

/** Whether siblings are asked for most targets; else what they are asked for is read beside parts of the others. */
function isOfMost({ routes, others, known: { steady, targets } }: Spoken): boolean {
  if (others === 'all') return true;
  const isWanted = wantedTargets(targets, routes[0]!.matcherSets[0] ?? []);
  let count = 0;
  for (const [target, interval] of steady.intervals.entries())
    if ((interval > 0 || steady.interrupted.has(target)) && isWanted(target)) count++;
  return 2 * others.length > count;
}

/** Undefined where the replica has not all of these steps either. */
function computedSteps(
  spoken: Spoken,
  { marginMs, now }: PushQuestion,
  needed: TimeRange,
  partials: PushQuestion['partials'],
): ComputedSteps | undefined {
  const { known, routes } = spoken;
  const range = withMargin(needed, marginMs, now);
  const read = { minTime: range.minTime, maxTime: Math.min(range.maxTime, now) };
  const steady = { ...known, steady: steadyWithin(known.steady, read) };
  const question = { partials, needed, range, marginMs, now };
  const rest = restOfTargets(steady, routes[0]!.matcherSets[0] ?? [], question);
  if (rest === 'many' || rest.targets === 'all' || rest.targets.length > 0) return undefined;
  return {
    question,
    spoken: { ...spoken, known: steady, rest: undefined, restRange: undefined, others: [] },
  };
}

import { steadyWithin } from '../../cluster/coverage/steady-within.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { StepRange } from '../../engine/series-source.ts';
import { gridBetween, timeOfStep } from '../../engine/step-grid.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { Spoken } from '../read-once/choose-speakers.ts';
import { restOfTargets } from '../read-once/rest-of-targets.ts';
import { withMargin } from '../series/margin.ts';
import { tellsFacts } from './target-facts.ts';
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
  /** The steps between them, and what is read for these, ms since the epoch; undefined where there are none. */
  readonly rest: { readonly steps: StepRange; readonly range: TimeRange } | undefined;
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
  const { restRange, known } = spoken;
  const { partials, needed, range, marginMs, proven, now } = question;
  if (restRange === undefined || !tellsFacts(known.targets)) return undefined;
  const wanted = wantedOf(spoken);
  // Series that are scraped seldom depend on what lies further away. Those that are read are read again for that.
  if (!wanted.isMost || wanted.interval > proven) return undefined;
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
  const from = first < least ? 0 : Math.min(first, grid.count);
  const to = Math.max(from, grid.count - behind < least ? grid.count : behind);
  if (grid.count - (to - from) < LEAST_GAIN * grid.count) return undefined;
  const neededBy = (steps: StepRange): TimeRange => ({
    minTime: timeOfStep(grid, steps.from) - back,
    maxTime: timeOfStep(grid, steps.to - 1) + ahead,
  });
  const computed: ComputedSteps[] = [];
  for (const steps of [
    { from: 0, to: from },
    { from: to, to: grid.count },
  ]) {
    if (steps.to === steps.from) continue;
    const found = computedSteps(spoken, question, neededBy(steps), {
      ...partials,
      start: timeOfStep(grid, steps.from),
      end: timeOfStep(grid, steps.to - 1),
    });
    if (found === undefined) return undefined;
    computed.push(found);
  }
  const steps = { from, to };
  const rest = to > from ? { steps, range: withMargin(neededBy(steps), marginMs, now) } : undefined;
  return { computed, rest };
}

/** Of the targets that a request is about: whether siblings are asked for most of them, and how seldom they are scraped at most, ms. */
function wantedOf({ routes, others, known: { steady, targets } }: Spoken): {
  readonly isMost: boolean;
  readonly interval: number;
} {
  const isWanted = wantedTargets(targets, routes[0]!.matcherSets[0] ?? []);
  let [count, longest] = [0, 0];
  for (const [target, steadily] of steady.intervals.entries()) {
    const interval = Math.max(steadily, steady.interrupted.get(target)?.interval ?? 0);
    if (interval === 0 || !isWanted(target)) continue;
    longest = Math.max(longest, interval);
    count++;
  }
  // Where they are few, what siblings are asked for is read beside parts of the others.
  return { isMost: others === 'all' || 2 * others.length > count, interval: longest };
}

/** Undefined where the replica has not all of these steps either. */
function computedSteps(
  spoken: Spoken,
  { marginMs, proven, now }: PushQuestion,
  needed: TimeRange,
  partials: PushQuestion['partials'],
): ComputedSteps | undefined {
  const { known, routes } = spoken;
  const range = withMargin(needed, marginMs, now);
  const read = { minTime: range.minTime, maxTime: Math.min(range.maxTime, now) };
  const then = { ...known, steady: steadyWithin(known.steady, read) };
  const question = { partials, needed, range, marginMs, proven, now };
  const rest = restOfTargets(then, routes[0]!.matcherSets[0] ?? [], question);
  if (rest === 'many' || rest.targets === 'all' || rest.targets.length > 0) return undefined;
  return {
    question,
    spoken: { ...spoken, known: then, rest: undefined, restRange: undefined, others: [] },
  };
}

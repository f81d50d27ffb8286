import type { EngineQuery } from '../../engine/evaluate.ts';
import { planQuery } from '../../plan/plan-query.ts';
import type { SelectSettings } from '../../plan/selects.ts';
import { isStepwise } from './stepwise.ts';
import type { StepNumbers } from './stretch.ts';

/** A range query, with the lookback delta that it is evaluated with. */
export type KeepableQuery = EngineQuery & {
  readonly lookbackDelta: number;
  /** Whether all of it is to be evaluated. */
  readonly isFresh?: boolean | undefined;
};

/** The steps [from, to) that a query asks for, numbered from the epoch. */
export interface AskedSteps {
  readonly numbers: StepNumbers;
  readonly from: number;
  readonly to: number;
  /** The steps before this one look at samples alone that do not change any more. */
  readonly settled: number;
}

/** Longer ones take long to plan. */
const LONGEST_TEXT = 10_000;

/** Why nothing of a query's results may be kept: they depend on more than the samples and the time of each step, or on samples that may change. */
export type Unkept = 'unfit' | 'young';

/**
 * What a query asks for, or why nothing of its results may be kept.
 * @param unchanging samples of until then do not change any more, ms since the epoch.
 */
export function askedSteps(
  query: KeepableQuery,
  planning: SelectSettings,
  unchanging: number,
): AskedSteps | Unkept {
  const { text, expr, start, end, step, lookbackDelta } = query;
  if (text.length > LONGEST_TEXT || !Number.isSafeInteger(start) || !isStepwise(expr)) return 'unfit';
  const phase = ((start % step) + step) % step;
  const from = (start - phase) / step;
  const { selects } = planQuery(expr, { text, start, end: start, step }, { ...planning, lookbackDelta });
  const reach = selects.reduce((most, { maxTime }) => Math.max(most, maxTime - start), 0);
  const settled = Math.floor((unchanging - reach - phase) / step) + 1;
  if (settled <= from) return 'young';
  return {
    numbers: { start: phase, interval: step },
    from,
    to: from + Math.floor((end - start) / step) + 1,
    settled,
  };
}

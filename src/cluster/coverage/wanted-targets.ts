import type { Matcher } from '../../model/matcher.ts';
import { METRIC_NAME } from '../../model/labels.ts';
import { compileMatcher } from '../../promql/match/compile.ts';
import type { TargetTable } from './target-table.ts';

/** Samples that a scrape leaves also where it fails. */
const OF_FAILED_SCRAPES = /^(?:up$|scrape_)/;

/** Whether matchers can match what a scrape leaves also where it fails. */
export function mayShowFailures(matchers: readonly Matcher[]): boolean {
  const name = matchers.find((matcher) => matcher.name === METRIC_NAME && matcher.kind === '=');
  return name === undefined || OF_FAILED_SCRAPES.test(name.value);
}

/**
 * Tells the targets whose series matchers can match: a label of a target is on all series that belong to it, so a matcher on it
 * decides. What a target does not have its series may have, so other matchers decide nothing. The same holds for the matchers on
 * external labels: the caller takes them out.
 */
export function wantedTargets(
  targets: TargetTable,
  matchers: readonly Matcher[],
): (target: number) => boolean {
  const conditions = matchers
    .filter(({ name }) => name !== METRIC_NAME)
    .map((matcher) => ({ name: matcher.name, holds: compileMatcher(matcher) }));
  return (target) =>
    conditions.every(({ name, holds }) => {
      const value = targets.value(target, name);
      return value === '' || holds(value);
    });
}

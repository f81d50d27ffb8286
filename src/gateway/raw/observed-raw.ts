import { isLoss, type Annotation } from '../../model/annotations.ts';
import type { Matcher } from '../../model/matcher.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { printMatcher } from '../../promql/print/print-selector.ts';
import { observed } from '../observing/observed.ts';
import { queryEvent } from '../observing/query-event.ts';
import type { RunningQuery } from '../observing/running-query.ts';
import type { GatewayContext, QueryEvent } from '../parts.ts';

/** Runs a read of raw samples in its turn, like a query, and counts what became of it. */
export async function observedRaw<T extends { readonly annotations: readonly Annotation[] }>(
  parts: GatewayContext,
  scope: RequestScope,
  family: QueryEvent['family'],
  matcherSets: readonly (readonly Matcher[])[],
  { minTime, maxTime }: TimeRange,
  work: (scope: RequestScope, running: RunningQuery) => Promise<T>,
): Promise<T> {
  const text = matcherSets.map((matchers) => `{${matchers.map(printMatcher).join(',')}}`).join(' or ');
  const asked = { family, text, start: minTime, end: maxTime, step: 0 };
  const { result } = await observed(parts, scope, asked, {
    timeout: parts.limits.timeout,
    during: 'selection of samples',
    canonical: () => text,
    work,
    endOf: ({ annotations }) => ({ losses: annotations.filter(isLoss) }),
    onEnd: (ended) => parts.onQuery?.(queryEvent(family, ended)),
  });
  return result;
}

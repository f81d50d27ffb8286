import type { RequestScope } from '../../model/request-scope.ts';
import { Findings } from '../completeness/findings.ts';
import { HoleWatch } from '../completeness/hole-watch.ts';
import { judgeLosses } from '../completeness/judge-losses.ts';
import type { SelectionContext } from '../context.ts';
import { groupSeries } from '../reading/group.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import { fetchSeries, type Fetched, type FetchRequest } from './fetch.ts';
import type { ReadContext } from './selected-series.ts';

/** One select that was fetched, judged and grouped; nothing of it is decoded yet. */
export interface OpenSelect {
  readonly fetched: Fetched;
  /** Sorted by labels, each label set once. */
  readonly groups: readonly SeriesGroup[];
  /** What is to be said beside the answer; reading the series adds to it. */
  readonly findings: Findings;
  readonly reading: ReadContext;
}

/**
 * The one way from a request for samples to series that can be read: fan out, judge what was lost, group. Queries,
 * explanations and chunks for queriers above begin here, so they agree on what is missing.
 * @param mayLack whether an answer that lacks something is still one; that of the scope, but for explanations.
 * @throws QueryError `unavailable` where the answer may not lack what is missing, `canceled` when the caller gives up.
 */
export async function openSelect(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  mayLack: boolean = scope.options.partialResponse,
): Promise<OpenSelect> {
  const fetched = await fetchSeries(context, scope, request);
  const { plan, shards, range, gaps } = fetched;
  const { replicas, dedupMode } = scope.options;
  const findings = new Findings(mayLack, new HoleWatch(request, replicas.mergedAbove));
  findings.take(judgeLosses(shards, plan.unknown, gaps));
  findings.heard(shards);
  const groups = groupSeries(shards, replicas);
  const { func } = request.hints;
  return { fetched, groups, findings, reading: { ...range, dedupMode, func, findings } };
}

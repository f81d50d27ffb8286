import { labelsKey } from '../../model/labels.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { Findings } from '../completeness/findings.ts';
import { HoleWatch } from '../completeness/hole-watch.ts';
import { judgeLosses } from '../completeness/judge-losses.ts';
import type { SelectionContext } from '../context.ts';
import { groupSeries } from '../reading/group.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import { fetchSeries, type Fetched, type FetchRequest } from './fetch.ts';
import { marginOf } from './dedup-options.ts';
import type { ReadContext } from './selected-series.ts';
import { findSlow, matchersFor } from './widen.ts';

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
 * The one way from a request for samples to series that can be read: fan out, judge what was lost, group, and read slow
 * series again with the margin that they need. Queries, explanations and chunks for queriers above begin here, so they
 * agree on what is missing.
 * @param mayLack whether an answer that lacks something is still one; that of the scope, but for explanations.
 * @throws QueryError `unavailable` where the answer may not lack what is missing, `canceled` when the caller gives up.
 */
export async function openSelect(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  mayLack: boolean = scope.options.partialResponse,
): Promise<OpenSelect> {
  const { replicas, dedupMode, maxSourceResolution } = scope.options;
  const findings = new Findings(mayLack, new HoleWatch(request, replicas.mergedAbove));
  const fetched = await fetchSeries(context, scope, request, marginOf(dedupMode), false);
  const { plan, shards, range, gaps } = fetched;
  findings.take(judgeLosses(shards, plan.unknown, gaps, request));
  findings.heard(shards);
  const first = { fetched, groups: groupSeries(shards, replicas, range) };
  const readAgain = async (wanted: FetchRequest, margin: number): Promise<Read | undefined> => {
    const wider = await fetchSeries(context, scope, wanted, margin, true);
    const isWhole = wider.shards.every(({ outcomes }) => outcomes.every(({ result }) => result.ok));
    return isWhole ? { fetched: wider, groups: groupSeries(wider.shards, replicas, wider.range) } : undefined;
  };
  // Downsampled data are seldom by their nature, and chosen as they come.
  const isExact = dedupMode === 'gap-aware' && maxSourceResolution === 0;
  const groups = isExact ? await widened(context, scope, request, first, readAgain) : first.groups;
  const { func } = request.hints;
  return { fetched, groups, findings, reading: { dedupMode, func, findings } };
}

interface Read {
  readonly fetched: Fetched;
  readonly groups: readonly SeriesGroup[];
}

/** What a wider range shows may ask for a wider one again: of a series with few samples in it. */
const MOST_ROUNDS = 2;

/** The same series, slow ones read again with the margin that they need. Nearly always there are none. */
async function widened(
  context: SelectionContext,
  scope: RequestScope,
  request: FetchRequest,
  { fetched, groups }: Read,
  read: (request: FetchRequest, margin: number) => Promise<Read | undefined>,
): Promise<readonly SeriesGroup[]> {
  const { options } = scope;
  let all = groups;
  if (fetched.margin === 0) noteSharers(context, scope, groups);
  let slow = await findSlow(context, scope, groups, fetched.margin);
  for (let round = 0; slow.groups.size > 0 && round < MOST_ROUNDS; round++) {
    const matchers = [
      ...request.matchers,
      ...matchersFor(slow.groups, options.replicas.mergedHere, request.matchers),
    ];
    const again = await read({ ...request, matchers }, slow.margin);
    // What the request needs is there already; without the margin choices may depend on the range, and nothing is lost.
    if (again === undefined) return all;
    const byKey = new Map(again.groups.map((group) => [labelsKey(group.labels), group]));
    const wider: SeriesGroup[] = [];
    all = all.map((group) => {
      const found = slow.groups.has(group) ? byKey.get(labelsKey(group.labels)) : undefined;
      // One that lost a replica by it is better as it was.
      if (found === undefined || !hasAll(found, group)) return group;
      wider.push(found);
      return found;
    });
    slow = await findSlow(context, scope, wider, again.fetched.margin);
  }
  return all;
}

function hasAll(wider: SeriesGroup, { replicas }: SeriesGroup): boolean {
  const names = new Set(wider.replicas.map(({ name }) => name));
  return replicas.every(({ name }) => names.has(name));
}

/** Remembers endpoints of which series come more than once, so that they are read with a margin from then on. */
function noteSharers(
  { sharers }: SelectionContext,
  { options }: RequestScope,
  groups: readonly SeriesGroup[],
): void {
  for (const { replicas } of groups)
    if (replicas.length > 1)
      for (const { endpoint } of replicas) sharers.add(options.replicas.mergedHere, endpoint.backend);
}

import type { SelectedSeries, SelectedSet } from '../../engine/series-source.ts';
import { AnnotationSink, type Annotation } from '../../model/annotations.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import type { Matcher } from '../../model/matcher.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { limitSelects } from '../limit-selects.ts';
import { readSelectors, requireSelectors } from '../lookup.ts';
import type { GatewayContext } from '../parts.ts';
import { UNION_BYTES, unionSeries } from './union-series.ts';

export interface RawRequest extends TimeRange {
  /** A series must match one of them. */
  readonly matcherSets: readonly (readonly Matcher[])[];
  /** See `SelectRequest`. */
  readonly lookback?: number | undefined;
}

/** Series with their samples as they are after deduplication. Those outside of the range may be there, too. */
export interface RawSet {
  /** Sorted by labels, each label set once. */
  readonly series: ItemList<SelectedSeries>;
  /** Complete only after the last `read()`. */
  annotations(): readonly Annotation[];
}

/** What the values of `match[]` select, of which there must be one; equal ones once. Throws `bad_data`. */
export function matcherSetsOf(
  selectors: readonly string[],
  features: ReadonlySet<string>,
): RawRequest['matcherSets'] {
  requireSelectors(selectors);
  return readSelectors([...new Set(selectors)], features);
}

/**
 * Selects raw samples for a reader that evaluates nothing: never downsampled ones. Rejects as `SeriesSource.select` does.
 * @param scope of a request that has its turn.
 */
export async function selectRaw(
  { selection, limits }: GatewayContext,
  scope: RequestScope,
  { matcherSets, minTime, maxTime, lookback }: RawRequest,
): Promise<RawSet> {
  const source = limitSelects(selection.source(rawScope(scope)), limits.maxConcurrentSelects);
  const sets = await Promise.all(
    matcherSets.map((matchers) => {
      const request = { matchers, minTime, maxTime, lookback, hints: { range: 0, func: '' } };
      return source.select(request, scope.signal);
    }),
  );
  if (sets.length > 1)
    scope.budget.take(UNION_BYTES * sets.reduce((sum, { series }) => sum + series.length, 0));
  const series = await unionSeries(
    sets.map((set) => set.series),
    new Pacer(scope),
  );
  return { series, annotations: () => annotationsOf(sets) };
}

/** The same request, of which stores answer raw samples alone. */
export function rawScope(scope: RequestScope): RequestScope {
  return { ...scope, options: { ...scope.options, maxSourceResolution: 0 } };
}

function annotationsOf(sets: readonly SelectedSet[]): readonly Annotation[] {
  const sink = new AnnotationSink();
  for (const { annotations } of sets) sink.addAll(annotations);
  return sink.list();
}

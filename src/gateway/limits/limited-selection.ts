import type { LookupRequest } from '../../backend/backend.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import type { NotedItems } from '../../model/annotations.ts';
import type { Clock } from '../../model/clock.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { Selection } from '../../select/selection.ts';
import { PatternLimits } from './pattern-limits.ts';
import { limitedLookup, requireRange, requireReach } from './range-limits.ts';

/**
 * The same selection, which refuses callers what is beyond their limits, whatever asks for it: which times are read, and by what
 * patterns. It rejects with `too_large` before an endpoint is asked.
 */
export function limitedSelection(selection: Selection, clock: Clock): Selection {
  const patterns = new PatternLimits();
  const requireSelect = (scope: RequestScope, request: SelectRequest): void => {
    requireReach(scope, request, clock, request.lookback ?? 0);
    patterns.require(scope, [request.matchers]);
  };
  const lookUp = async <L extends NotedItems<unknown>>(
    scope: RequestScope,
    wanted: LookupRequest,
    ask: (request: LookupRequest) => Promise<L>,
  ): Promise<L> => {
    const { request, notes } = limitedLookup(scope, wanted, clock);
    patterns.require(scope, request.matcherSets);
    const found = await ask(request);
    return notes.length === 0 ? found : { ...found, annotations: [...found.annotations, ...notes] };
  };
  const { lists } = selection;
  return {
    ...selection,
    source: (scope) => {
      const source = selection.source(scope);
      return {
        ...source,
        select: async (request, signal) => {
          requireSelect(scope, request);
          return source.select(request, signal);
        },
      };
    },
    chunks: async (scope, request) => {
      requireSelect(scope, request);
      return selection.chunks(scope, request);
    },
    explain: async (scope, request, limits) => {
      requireSelect(scope, request);
      return selection.explain(scope, request, limits);
    },
    series: (scope, request) => lookUp(scope, request, (wanted) => selection.series(scope, wanted)),
    labelNames: (scope, request) => lookUp(scope, request, (wanted) => selection.labelNames(scope, wanted)),
    labelValues: (scope, label, request) =>
      lookUp(scope, request, (wanted) => selection.labelValues(scope, label, wanted)),
    lists: {
      ...lists,
      rules: async (scope, request) => {
        patterns.require(scope, request.matcherSets);
        return lists.rules(scope, request);
      },
      exemplars: async (scope, request) => {
        requireRange(scope, request, clock);
        patterns.require(scope, request.matcherSets);
        return lists.exemplars(scope, request);
      },
      targetMetadata: async (scope, request) => {
        patterns.require(scope, [request.matchers]);
        return lists.targetMetadata(scope, request);
      },
    },
  };
}

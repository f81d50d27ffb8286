import type { Endpoint } from '../../cluster/topology.ts';
import { isLong } from '../../engine/row-parts.ts';
import type {
  PartialSeries,
  PartialsRequest,
  SelectedSet,
  SeriesSource,
  StepRange,
} from '../../engine/series-source.ts';
import { Pacer } from '../../model/pacer.ts';
import { withSignal, type RequestScope } from '../../model/request-scope.ts';
import type { SelectionContext } from '../context.ts';
import type { Computed } from '../pushdown/push-shards.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import type { Route } from '../routing/route.ts';
import { OffloadedRows } from '../offload/offloaded-rows.ts';
import { isWorthwhile } from '../offload/write-task.ts';
import { isExact } from './margin.ts';
import { openSelect } from './open-select.ts';
import { selectedSeries } from './selected-series.ts';

/** Reads all shards and replicas as one server; decoding waits for the reader. */
export function createSource(context: SelectionContext, scope: RequestScope): SeriesSource {
  const { dedupMode, maxSourceResolution } = scope.options;
  return {
    // Penalty mode evens counters out, and downsampled data come as what the function reads.
    readsByFunction: dedupMode === 'penalty' || maxSourceResolution > 0,
    distributes: context.pushdown !== undefined && scope.options.pushdown && isExact(scope),
    select: async (request, signal): Promise<SelectedSet> => {
      const inner = withSignal(scope, signal);
      const { fetched, groups, findings, reading, settleMs } = await openSelect(context, inner, request);
      const series = selectedSeries(groups, reading);
      const isOneMetric = await groups.isOneMetric(new Pacer(inner));
      return {
        series,
        isOneMetric,
        settleMs,
        partials: partialsOf(fetched.pushed.values(), request.partials),
        stepsOf: stepsOf(groups, fetched.pushed),
        get annotations() {
          return findings.list();
        },
        rows: (leaf, sinks) => {
          const { threads } = context;
          // Long rows are made giving way, which is for this thread alone.
          if (threads === undefined || isLong(leaf.grid.count)) return undefined;
          if (!isWorthwhile(groups, leaf, threads.worthwhileSamples)) return undefined;
          const { budget, caller } = scope;
          return new OffloadedRows({ groups, reading, series, threads, budget, signal, caller }, leaf, sinks);
        },
      };
    },
  };
}

/** The groups that all shards computed, by the queries of the request; undefined where none did. */
function partialsOf(
  shards: Iterable<Pick<Computed, 'parts'>>,
  request: PartialsRequest | undefined,
): readonly (readonly PartialSeries[])[] | undefined {
  const parts = [...shards].map((computed) => computed.parts);
  return parts.length === 0
    ? undefined
    : request?.queries.map((_, query) => parts.flatMap((groups) => groups[query]!));
}

/** The steps at which series of shards count that computed the others; undefined where there are no such shards. */
function stepsOf(
  groups: SeriesGroups,
  pushed: ReadonlyMap<readonly Route[], Pick<Computed, 'beside'>>,
): SelectedSet['stepsOf'] {
  const steps = new Map<Endpoint, StepRange>();
  for (const [routes, { beside }] of pushed)
    if (beside?.rest !== undefined) for (const { endpoint } of routes) steps.set(endpoint, beside.rest.steps);
  return steps.size === 0 ? undefined : (series) => steps.get(groups.anyEndpoint(series));
}

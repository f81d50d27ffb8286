import type { RawSeriesSet } from '../backend/backend.ts';
import type { SelectRequest, SelectedSet, SeriesSource } from '../engine/source.ts';
import { AnnotationSink } from '../model/annotations.ts';
import { backendAnnotations } from './backend-annotations.ts';
import type { SelectionContext } from './context.ts';
import { marginOf } from './dedup-options.ts';
import { fanOut } from './fan-out.ts';
import { groupSeries } from './group.ts';
import { reportLosses } from './losses.ts';
import { planRoutes } from './route.ts';
import { selectedSeries } from './selected-series.ts';
import type { SelectionOptions } from './selection.ts';

/** Reads all shards and replicas as one server: fan out, judge the losses, group; decoding waits for the reader. */
export function createSource(context: SelectionContext, options: SelectionOptions): SeriesSource {
  return { select: async (request, signal) => selectSeries(context, options, request, signal) };
}

async function selectSeries(
  context: SelectionContext,
  { dedup, dedupMode, replicaLabels, partialResponse }: SelectionOptions,
  request: SelectRequest,
  signal: AbortSignal,
): Promise<SelectedSet> {
  const { matchers, hints } = request;
  const replicas = new Set(replicaLabels);
  const plan = planRoutes(context.topology(), { ...request, matcherSets: [matchers] }, replicas);
  const margin = plan.shards.some(({ routes }) => routes.length > 1) ? marginOf(dedupMode) : 0;
  const minTime = request.minTime - margin;
  const maxTime = request.maxTime + margin;
  const shards = await fanOut<RawSeriesSet>(plan, context, signal, (route, inner) =>
    route.endpoint.backend.select({ matchers: route.matcherSets[0] ?? [], minTime, maxTime, hints }, inner),
  );
  const sink = new AnnotationSink();
  reportLosses(shards, plan.unknown, partialResponse, sink);
  sink.addAll(backendAnnotations(shards));
  const groups = groupSeries(shards, replicaLabels, dedup ? replicas : new Set());
  return {
    series: selectedSeries(groups, {
      minTime,
      maxTime,
      dedupMode,
      func: hints.func,
      partialResponse,
      sink,
    }),
    get annotations() {
      return sink.list();
    },
  };
}

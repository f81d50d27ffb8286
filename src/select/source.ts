import type { SelectRequest, SelectedSet, SeriesSource } from '../engine/series-source.ts';
import { AnnotationSink } from '../model/annotations.ts';
import { backendAnnotations } from './backend-annotations.ts';
import type { SelectionContext } from './context.ts';
import { fetchSeries } from './fetch.ts';
import { groupSeries } from './group.ts';
import { HoleWatch } from './hole-watch.ts';
import { hiddenLabels } from './hidden-labels.ts';
import { reportLosses } from './losses.ts';
import { selectedSeries } from './selected-series.ts';
import type { SelectionOptions } from './selection.ts';

/** Reads all shards and replicas as one server: fan out, judge the losses, group; decoding waits for the reader. */
export function createSource(context: SelectionContext, options: SelectionOptions): SeriesSource {
  const { dedupMode, maxSourceResolution = 0 } = options;
  return {
    // Penalty mode evens counters out, and downsampled data come as what the function reads.
    readsByFunction: dedupMode === 'penalty' || maxSourceResolution > 0,
    select: async (request, signal) => selectSeries(context, options, request, signal),
  };
}

async function selectSeries(
  context: SelectionContext,
  options: SelectionOptions,
  request: SelectRequest,
  signal: AbortSignal,
): Promise<SelectedSet> {
  const { dedupMode, replicaLabels, partialResponse } = options;
  const hidden = hiddenLabels(options);
  const fetched = await fetchSeries(context, hidden, options, request, signal);
  const { plan, shards, range, gaps } = fetched;
  const sink = new AnnotationSink();
  const watch = new HoleWatch(request);
  reportLosses(shards, plan.unknown, partialResponse, sink, gaps, watch);
  sink.addAll(backendAnnotations(shards));
  const groups = groupSeries(shards, replicaLabels, hidden);
  const { func } = request.hints;
  return {
    series: selectedSeries(groups, { ...range, dedupMode, func, partialResponse, sink, watch }),
    get annotations() {
      return [...sink.list(), ...watch.findings()];
    },
  };
}

import type { Endpoint } from '../cluster/topology.ts';
import { Pacer } from '../engine/pacer.ts';
import type { SelectRequest } from '../engine/source.ts';
import { AnnotationSink } from '../model/annotations.ts';
import { backendAnnotations } from './backend-annotations.ts';
import type { SelectionContext } from './context.ts';
import { NO_SAMPLES, explainShards, explainUnknown } from './explain-endpoints.ts';
import { ExplainScratch, readExplained, showSeries } from './explain-series.ts';
import type { SeriesExplainer, SeriesReading } from './explain-series.ts';
import { cellsOver } from './explain-timeline.ts';
import { ReasonCounter } from './explain-windows.ts';
import type {
  ExplainLimits,
  SampleFigures,
  SelectExplanation,
  SelectSummary,
  SeriesExplanation,
} from './explanation.ts';
import { fetchSeries } from './fetch.ts';
import type { Fetched } from './fetch.ts';
import { groupSeries } from './group.ts';
import { hiddenLabels } from './hidden-labels.ts';
import { reportLosses } from './losses.ts';
import type { SelectionOptions } from './selection.ts';

/**
 * Selects as a query would, reads every series and says where the samples came from. What is missing is told instead
 * of thrown. Memory stays that of the query: figures are kept, samples are not. Throws `canceled` and `timeout`.
 */
export async function explainSelect(
  context: SelectionContext,
  request: SelectRequest,
  limits: ExplainLimits,
  options: SelectionOptions,
  signal: AbortSignal,
): Promise<SelectExplanation> {
  const { dedup, dedupMode, replicaLabels, partialResponse } = options;
  const hidden = hiddenLabels(options);
  const fetched = await fetchSeries(context, hidden, options, request, signal);
  const { plan, shards, range } = fetched;
  const sink = new AnnotationSink();
  reportLosses(shards, plan.unknown, true, sink, fetched.gaps);
  const groups = groupSeries(shards, replicaLabels, hidden);
  const { func } = request.hints;
  const explainer: SeriesExplainer = {
    read: { ...range, dedupMode, func, partialResponse: true, sink },
    dedup,
    replicaLabels,
    needed: request,
    cells: cellsOver(request),
    failed: failedByShard(fetched),
  };
  const totals = new Totals();
  const shown: SeriesExplanation[] = [];
  const scratch = new ExplainScratch(context.clock.now());
  await new Pacer(context.clock, signal).forEach(groups, (group) => {
    const reading = readExplained(group, explainer, scratch);
    totals.add(reading);
    if (shown.length < limits.series)
      shown.push(showSeries(group, reading, explainer, scratch, limits.windows));
  });
  const missing = sink.list().filter(({ severity }) => severity === 'warning');
  return {
    minTime: range.minTime,
    maxTime: range.maxTime,
    refused:
      partialResponse || missing.length === 0 ? undefined : missing.map(({ message }) => message).join('; '),
    shards: explainShards(fetched, request, replicaLabels, totals.byAddress),
    unknown: plan.unknown.map((endpoint) => explainUnknown(endpoint, replicaLabels)),
    cells: explainer.cells,
    summary: totals.summary(),
    series: shown,
    seriesNotShown: groups.length - shown.length,
    annotations: [...sink.list(), ...backendAnnotations(shards)],
  };
}

function failedByShard({ shards }: Fetched): ReadonlyMap<string, readonly Endpoint[]> {
  // A store of old blocks is a shard apart from the servers that wrote them, and has the same name.
  const failed = new Map<string, Endpoint[]>();
  for (const { name, outcomes } of shards) {
    const endpoints = outcomes.filter(({ result }) => !result.ok).map(({ route }) => route.endpoint);
    failed.set(name, [...(failed.get(name) ?? []), ...endpoints]);
  }
  return failed;
}

/** Figures over all series, shown or not. */
class Totals {
  readonly byAddress = new Map<string, SampleFigures>();
  readonly #reasons = new ReasonCounter();
  #series = 0;
  #switches = 0;
  #holesFilled = 0;

  add({ replicas, figures, windows, nameOf, switches, holesFilled }: SeriesReading): void {
    this.#series++;
    this.#switches += switches;
    this.#holesFilled += holesFilled;
    for (const window of windows) this.#reasons.add(window, nameOf);
    replicas.forEach(({ replica }, r) => {
      const { address } = replica.endpoint;
      this.byAddress.set(address, sum(this.byAddress.get(address) ?? NO_SAMPLES, figures[r]!));
    });
  }

  summary(): SelectSummary {
    return {
      series: this.#series,
      samples: [...this.byAddress.values()].reduce(sum, NO_SAMPLES),
      switches: this.#switches,
      holesFilled: this.#holesFilled,
      reasons: this.#reasons.list(),
    };
  }
}

function sum(a: SampleFigures, b: SampleFigures): SampleFigures {
  return {
    delivered: a.delivered + b.delivered,
    inRange: a.inRange + b.inRange,
    survived: a.survived + b.survived,
  };
}

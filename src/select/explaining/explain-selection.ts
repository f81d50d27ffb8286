import type { EndpointId } from '../../cluster/endpoint-id.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { Pacer } from '../../model/pacer.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import { isLoss } from '../../model/annotations.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { refusalOf } from '../completeness/findings.ts';
import { explainCoverage } from '../coverage/explain-coverage.ts';
import type { SelectionContext } from '../context.ts';
import { explainPushes } from './explain-pushes.ts';
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
import { openSelect } from '../series/open-select.ts';
import type { Fetched } from '../series/fetch.ts';
import { explainMargin } from '../series/margin.ts';

/**
 * Selects as a query would, reads every series and says where the samples came from. What is missing is told instead
 * of thrown. Memory stays that of the query: figures are kept, samples are not. Throws `canceled` and `timeout`.
 */
export async function explainSelect(
  context: SelectionContext,
  scope: RequestScope,
  request: SelectRequest,
  limits: ExplainLimits,
): Promise<SelectExplanation> {
  const { replicas, partialResponse } = scope.options;
  // Its samples are read also where they need not be, since they are what is explained.
  const { fetched, widened, groups, findings, reading } = await openSelect(
    context,
    scope,
    { ...request, partials: undefined },
    true,
  );
  const { plan, range, margin } = fetched;
  const { replicaLabels } = replicas;
  const explainer: SeriesExplainer = {
    reading,
    merges: replicas.mergedHere.size > 0,
    replicaLabels,
    needed: request,
    cells: cellsOver(request),
    failed: failedByShard(fetched),
  };
  const totals = new Totals();
  const shown: SeriesExplanation[] = [];
  const scratch = new ExplainScratch(context.clock.now());
  const pacer = new Pacer(scope);
  for (let position = 0; position < groups.length; position++) {
    const group = groups.at(position);
    const seen = readExplained(group, explainer, scratch);
    totals.add(seen);
    if (shown.length < limits.series) shown.push(showSeries(group, seen, explainer, scratch, limits.windows));
    if (pacer.due()) await pacer.breathe();
  }
  const annotations = findings.list();
  const coverage = await explainCoverage(context, scope, request, fetched.topology);
  return {
    minTime: range.minTime,
    maxTime: range.maxTime,
    margin: {
      ms: margin.ms,
      reason: explainMargin(margin),
      readAgain: widened.series,
      readAgainMs: widened.margin,
    },
    pushes: explainPushes(context, scope, request, fetched),
    refused: partialResponse ? undefined : refusalOf(scope.caller, annotations.filter(isLoss)),
    shards: explainShards(fetched, request, replicaLabels, totals.byEndpoint, coverage),
    unknown: plan.unknown.map((endpoint) => explainUnknown(endpoint, replicaLabels)),
    cells: explainer.cells,
    summary: totals.summary(),
    series: shown,
    seriesNotShown: groups.length - shown.length,
    annotations,
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
  readonly byEndpoint = new Map<EndpointId, SampleFigures>();
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
      const { id } = replica.endpoint;
      this.byEndpoint.set(id, sum(this.byEndpoint.get(id) ?? NO_SAMPLES, figures[r]!));
    });
  }

  summary(): SelectSummary {
    return {
      series: this.#series,
      samples: [...this.byEndpoint.values()].reduce(sum, NO_SAMPLES),
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

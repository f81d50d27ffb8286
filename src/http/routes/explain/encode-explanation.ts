import type { ExplainedSelect, Explanation } from '../../../gateway/explain.ts';
import type { KeptExplanation } from '../../../gateway/results-cache/explain-kept.ts';
import type { NothingWanted } from '../../../gateway/results-cache/wanted-steps.ts';
import { labelsToRecord } from '../../../model/labels.ts';
import type { ExplainedNode } from '../../../plan/explain.ts';
import type { CoverageExplanation } from '../../../select/coverage/explain-coverage.ts';
import type {
  EndpointExplanation,
  MarginExplanation,
  PushExplanation,
  SampleFigures,
  SelectSummary,
  SeriesExplanation,
  ShardExplanation,
} from '../../../select/explaining/explanation.ts';
import type {
  CoverageJson,
  EndpointJson,
  ExplanationJson,
  KeptJson,
  MarginJson,
  NodeJson,
  PushJson,
  SelectorJson,
  SeriesJson,
  ShardJson,
  SummaryJson,
} from '../../api/explanation.ts';
import { encodeJson } from '../../json/json-value.ts';
import { selectorText } from '../../selector-text.ts';

/** The data of `/api/v1/explain` in pieces: an {@link ExplanationJson}. */
export function* encodeExplanation(explanation: Explanation): Generator<string> {
  const { text, start, end, step, options, plan, nodes, selects, kept } = explanation;
  const head: Omit<ExplanationJson, 'selectors'> = {
    query: text,
    start: start / 1000,
    end: end / 1000,
    step: step / 1000,
    dedup: options.replicas.mergedHere.size > 0,
    dedupFunc: options.dedupMode,
    replicaLabels: options.replicas.replicaLabels,
    partialResponse: options.partialResponse,
    plan,
    nodes: nodes.map(nodeJson),
    resultsCache: kept === undefined ? undefined : keptJson(kept),
  };
  yield* withList({ ...head }, 'selectors', selects, encodeSelect);
}

const WHY_NOT_KEPT: Readonly<Record<NothingWanted['because'], string>> = {
  around: 'the request wants all steps evaluated',
  ranged: 'what stands for replicas in this way depends on the range',
  unfit: 'its steps depend on more than the samples and the time of each',
  young: 'all of its steps look at samples that may still change',
};

function keptJson(kept: KeptExplanation): KeptJson {
  if (kept.kind === 'nothing') return { reason: WHY_NOT_KEPT[kept.because] };
  const { steps, keptSteps, ageMs } = kept;
  return { steps, keptSteps, ageSeconds: ageMs === undefined ? undefined : ageMs / 1000 };
}

function nodeJson({ level, headline, at, type, select }: ExplainedNode): NodeJson {
  const place = at === undefined ? undefined : { start: at.start, end: at.end };
  return { level, text: headline, at: place, type, selector: select };
}

function* encodeSelect({ select, explanation }: ExplainedSelect): Generator<string> {
  const { minTime, maxTime, refused, cells, seriesNotShown } = explanation;
  const head: Omit<SelectorJson, 'series'> = {
    selector: selectorText(select.matchers),
    start: select.minTime / 1000,
    end: select.maxTime / 1000,
    fetched: { start: minTime / 1000, end: maxTime / 1000 },
    margin: marginJson(explanation.margin),
    pushdown: explanation.pushes.length === 0 ? undefined : explanation.pushes.map(pushJson),
    refused,
    shards: explanation.shards.map(shardJson),
    unknownEndpoints: explanation.unknown.map((endpoint) => endpointJson(endpoint, 0)),
    summary: summaryJson(explanation.summary),
    timeline: { start: cells.start / 1000, cellSeconds: cells.lengthMs / 1000, cells: cells.count },
    seriesNotShown,
  };
  yield* withList({ ...head }, 'series', explanation.series, encodeSeries);
}

function pushJson({ shard, endpoint, reason, readSteps }: PushExplanation): PushJson {
  const steps = readSteps && { start: readSteps.minTime / 1000, end: readSteps.maxTime / 1000 };
  return { shard, endpoint, reason, readSteps: steps };
}

function marginJson({ ms, reason, readAgain, readAgainMs }: MarginExplanation): MarginJson {
  const again = readAgain === 0 ? undefined : { series: readAgain, seconds: readAgainMs / 1000 };
  return { seconds: ms / 1000, reason, readAgain: again };
}

/** A JSON object with one more member at its end, a list that may be long. */
function* withList<T>(
  head: Parameters<typeof encodeJson>[0],
  name: string,
  items: readonly T[],
  encode: (item: T) => Iterable<string>,
): Generator<string> {
  yield `${encodeJson(head).slice(0, -1)},${encodeJson(name)}:[`;
  for (const [i, item] of items.entries()) {
    if (i > 0) yield ',';
    yield* encode(item);
  }
  yield ']}';
}

function shardJson({ labels, endpoints }: ShardExplanation): ShardJson {
  const survived = endpoints.reduce(
    (sum, { outcome }) => sum + (outcome.kind === 'answered' ? outcome.samples.survived : 0),
    0,
  );
  return {
    labels: labelsToRecord(labels),
    endpoints: endpoints.map((endpoint) => endpointJson(endpoint, survived)),
  };
}

/** `survived` is that of the whole shard. */
function endpointJson(endpoint: EndpointExplanation, survived: number): EndpointJson {
  const { address, replica, externalLabels, protocol, health, outcome, coverage } = endpoint;
  const common = {
    address,
    replica,
    externalLabels: externalLabels === undefined ? undefined : labelsToRecord(externalLabels),
    protocol,
    health,
    outcome: outcome.kind,
    coverage: coverage === undefined ? undefined : coverageJson(coverage),
  };
  switch (outcome.kind) {
    case 'pruned':
    case 'spared':
      return { ...common, reason: outcome.reason };
    case 'failed':
      return { ...common, reason: outcome.reason, durationMs: rounded(outcome.elapsedMs) };
    case 'answered': {
      const { elapsedMs, bytes, series, samples } = outcome;
      const share = survived === 0 ? 0 : samples.survived / survived;
      return { ...common, durationMs: rounded(elapsedMs), bytes, series, samples: figures(samples), share };
    }
  }
}

function coverageJson(coverage: CoverageExplanation): CoverageJson {
  switch (coverage.kind) {
    case 'whole':
      return { state: 'whole', targets: coverage.targets, ...knownUntilJson(coverage) };
    case 'lacks':
      return {
        state: 'lacks',
        targets: coverage.targets,
        holes: coverage.holes.map(({ from, to, kind, targets, heldBy }) => ({
          start: from / 1000,
          end: to / 1000,
          kind,
          targets,
          heldBy,
        })),
        holesNotShown: coverage.notShown,
        ...knownUntilJson(coverage),
      };
    case 'unproven':
      return { state: 'unproven', reason: coverage.reason };
  }
}

function knownUntilJson({ knownUntil }: { readonly knownUntil: number | undefined }) {
  return knownUntil === undefined ? {} : { knownUntil: knownUntil / 1000 };
}

function summaryJson({ series, samples, switches, holesFilled, reasons }: SelectSummary): SummaryJson {
  return {
    series,
    samples: figures(samples),
    switches,
    holesFilled,
    reasons: reasons.map(({ reason, windows }) => ({ reason, windows })),
  };
}

function* encodeSeries(series: SeriesExplanation): Generator<string> {
  const { labels, replicas, switches, holesFilled, windows, windowsNotShown } = series;
  const json: SeriesJson = {
    labels: labelsToRecord(labels),
    replicas: replicas.map(({ replica, address, samples, timeline }) => ({
      replica,
      address,
      samples: figures(samples),
      timeline,
    })),
    switches,
    holesFilled,
    windows: windows.map(({ start, end, replica, reason, penaltyMs, windows: count }) => ({
      start: start / 1000,
      end: end / 1000,
      replica,
      reason,
      penaltyMs,
      windows: count,
    })),
    windowsNotShown,
  };
  yield encodeJson({ ...json });
}

function figures({ delivered, inRange, survived }: SampleFigures): SampleFigures {
  return { delivered, inRange, survived };
}

/** Microseconds are finer than what is measured. */
function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1000) / 1000;
}

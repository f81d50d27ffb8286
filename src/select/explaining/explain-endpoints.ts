import type { RawSeriesSet } from '../../backend/backend.ts';
import type { EndpointId } from '../../cluster/endpoint-id.ts';
import { shardsOf } from '../../cluster/shard.ts';
import { overlaps } from '../../cluster/time-ranges.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import { EMPTY_LABELS, labelValue } from '../../model/labels.ts';
import { printMatcher } from '../../promql/print/print-selector.ts';
import type { CoverageExplanation } from '../coverage/explain-coverage.ts';
import type { Outcome } from '../routing/ask-shard.ts';
import type { EndpointExplanation, EndpointOutcome, SampleFigures, ShardExplanation } from './explanation.ts';
import type { Fetched } from '../series/fetch.ts';
import { canMatch } from '../routing/route.ts';
import { isContradiction } from '../routing/split-matchers.ts';

export const NO_SAMPLES: SampleFigures = { delivered: 0, inRange: 0, survived: 0 };

/** What the texts of an explanation call an endpoint: the values of its replica labels, or its id. */
export function replicaNameOf({ externalLabels, id }: Endpoint, replicaLabels: readonly string[]): string {
  const values = replicaLabels
    .map((name) => labelValue(externalLabels ?? EMPTY_LABELS, name))
    .filter((value) => value !== '');
  return values.length === 0 ? id : values.join(',');
}

/** Every endpoint with known labels, by shard; `figures` by id. */
export function explainShards(
  { topology, shards, spoken, now }: Fetched,
  request: SelectRequest,
  replicaLabels: readonly string[],
  figures: ReadonlyMap<EndpointId, SampleFigures>,
  coverage: ReadonlyMap<EndpointId, CoverageExplanation>,
): readonly ShardExplanation[] {
  const outcomes = new Map(
    shards.flatMap((shard) => shard.outcomes.map((outcome) => [outcome.route.endpoint, outcome] as const)),
  );
  const whyNotAsked = (endpoint: Endpoint): EndpointOutcome => {
    const spared = spoken.find(({ siblings }) => siblings.some((route) => route.endpoint === endpoint));
    if (spared === undefined) return { kind: 'pruned', reason: whyPruned(endpoint, request, now) };
    const speaker = replicaNameOf(spared.speaker.endpoint, replicaLabels);
    return {
      kind: 'spared',
      reason: `replica ${speaker} speaks for it: it missed no scrape of these targets, and both had the same series lately`,
    };
  };
  return shardsOf(topology, new Set(replicaLabels)).map(({ labels, endpoints }) => ({
    labels,
    endpoints: endpoints.map((endpoint) => {
      const outcome = outcomes.get(endpoint);
      const told =
        outcome === undefined
          ? whyNotAsked(endpoint)
          : outcomeOf(outcome, figures.get(endpoint.id) ?? NO_SAMPLES);
      return describe(endpoint, replicaLabels, told, coverage.get(endpoint.id));
    }),
  }));
}

/** An endpoint that nobody could ask, because its labels were never known. */
export function explainUnknown(endpoint: Endpoint, replicaLabels: readonly string[]): EndpointExplanation {
  const { health } = endpoint;
  const why = health.kind === 'down' ? `: ${health.failure.reason}` : '';
  const reason = `it never answered, so its labels are unknown${why}`;
  return describe(endpoint, replicaLabels, { kind: 'failed', reason, elapsedMs: undefined });
}

function describe(
  endpoint: Endpoint,
  replicaLabels: readonly string[],
  outcome: EndpointOutcome,
  coverage?: CoverageExplanation,
): EndpointExplanation {
  const { address, externalLabels, protocol, health } = endpoint;
  const replica = replicaNameOf(endpoint, replicaLabels);
  return { address, replica, externalLabels, protocol, health: health.kind, outcome, coverage };
}

function outcomeOf({ result, elapsedMs }: Outcome<RawSeriesSet>, samples: SampleFigures): EndpointOutcome {
  if (!result.ok) return { kind: 'failed', reason: result.failure.reason, elapsedMs };
  const { bytes, series } = result.value;
  return { kind: 'answered', elapsedMs: elapsedMs ?? 0, bytes, series: series.length, samples };
}

function whyPruned(endpoint: Endpoint, { matchers, minTime, maxTime }: SelectRequest, now: number): string {
  const range = { minTime, maxTime };
  if (!overlaps({ ...endpoint, window: undefined }, range, now))
    return 'it holds no samples of the time range';
  if (!overlaps(endpoint, range, now)) return 'its min_time and max_time leave the time range out';
  if (endpoint.labelSets !== undefined && !canMatch(endpoint, matchers))
    return `none of its ${endpoint.labelSets.length} label sets matches`;
  const labels = endpoint.externalLabels ?? EMPTY_LABELS;
  const contradicted = matchers.find((matcher) => isContradiction(matcher, labels, endpoint));
  if (contradicted === undefined) return 'it cannot have matching series';
  const { name } = contradicted;
  const own = printMatcher({ kind: '=', name, value: labelValue(labels, name) });
  return `its label ${own} does not match ${printMatcher(contradicted)}`;
}

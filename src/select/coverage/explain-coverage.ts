import { USUAL_LOOK_BACK_MS, type CoverageIndex } from '../../cluster/coverage/coverage-index.ts';
import type { HoleList } from '../../cluster/coverage/hole-list.ts';
import type { HoleKind } from '../../cluster/coverage/target-holes.ts';
import { wantedTargets } from '../../cluster/coverage/wanted-targets.ts';
import type { EndpointId } from '../../cluster/endpoint-id.ts';
import { shardsOf } from '../../cluster/shard.ts';
import type { Endpoint, Topology } from '../../cluster/topology.ts';
import type { SelectRequest } from '../../engine/series-source.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { SelectionContext } from '../context.ts';
import { loaded } from './await-reads.ts';

/**
 * How the scrapes of one endpoint compare with those of its replicas. Times in ms since the epoch. `knownUntil` is given where nothing is
 * known of the end of the range, as of an endpoint that does not answer any more.
 */
export type CoverageExplanation =
  /** Its replicas have no scrape that it lacks, as far as is known. */
  | { readonly kind: 'whole'; readonly targets: number; readonly knownUntil: number | undefined }
  /** It lacks something of so many targets. */
  | {
      readonly kind: 'lacks';
      readonly targets: number;
      /** What its replicas have and it does not: the first ones, ascending. */
      readonly holes: readonly ExplainedHole[];
      /** Holes of targets, each counted for itself, that are not among these. */
      readonly notShown: number;
      readonly knownUntil: number | undefined;
    }
  | { readonly kind: 'unproven'; readonly reason: string };

export interface ExplainedHole {
  readonly from: number;
  readonly to: number;
  readonly kind: HoleKind;
  /** How many targets have it. */
  readonly targets: number;
  readonly heldBy: readonly EndpointId[];
}

/** So long before its end a range may be known, ms: endpoints are read every few seconds, and now and then one read fails. */
const FRESH_MS = 90_000;
/** So many holes are told of each endpoint. */
const MOST_SHOWN = 20;

/**
 * Compares the replicas of each shard in the range of a select, for the targets that its matchers can match. Endpoints that have no
 * replicas, or that the request groups by other labels than the configured ones, are left out.
 */
export async function explainCoverage(
  { coverage, clock }: Pick<SelectionContext, 'coverage' | 'clock'>,
  scope: RequestScope,
  { matchers, minTime, maxTime }: SelectRequest,
  topology: Topology,
): Promise<ReadonlyMap<EndpointId, CoverageExplanation>> {
  const explained = new Map<EndpointId, CoverageExplanation>();
  const { mergedHere } = scope.options.replicas;
  if (coverage === undefined || !coverage.groupsBy(mergedHere)) return explained;
  const pacer = new Pacer(scope);
  for (const { endpoints } of shardsOf(topology, coverage.replicaLabels)) {
    if (endpoints.length < 2) continue;
    const unproven = (reason: string) =>
      endpoints.forEach(({ id }) => explained.set(id, { kind: 'unproven', reason }));
    if (maxTime - minTime > USUAL_LOOK_BACK_MS) {
      unproven('the range is longer than the day that is read for this');
      continue;
    }
    await loaded(coverage, scope, endpoints, { minTime, maxTime });
    const answer = await coverage.compare(
      endpoints,
      (targets) => ({ from: minTime, to: maxTime, missed: 1, isWanted: wantedTargets(targets, matchers) }),
      pacer,
    );
    if (answer.kind === 'unknown') {
      const reasons = answer.endpoints.map((endpoint) => {
        const { problem = 'not all of the range was read' } = coverage.standing(endpoint, 0);
        return `${endpoint.id}: ${problem}`;
      });
      unproven(reasons.join('; '));
      continue;
    }
    const { comparison } = answer;
    if (comparison.targets === 0) unproven('no target was scraped in the range');
    else if (comparison.unproven > 0) unproven(`${comparison.unproven} targets come and go too often`);
    else
      for (const [i, { id, lacks }] of comparison.replicas.entries()) {
        const knownUntil = endOfKnown(coverage, endpoints[i]!, Math.min(maxTime, clock.now()));
        explained.set(
          id,
          lacks.isEmpty
            ? { kind: 'whole', targets: comparison.targets, knownUntil }
            : { ...explainHoles(lacks, (i) => comparison.replicas[i]!.id), knownUntil },
        );
      }
  }
  return explained;
}

/** Until when an endpoint is known where that is too long before a time, both ms; of one that is down nothing more will be known soon. */
function endOfKnown(coverage: CoverageIndex, endpoint: Endpoint, time: number): number | undefined {
  const { until } = coverage.standing(endpoint, 0);
  return until < time - (endpoint.health.kind === 'up' ? FRESH_MS : 0) ? until : undefined;
}

function explainHoles(lacks: HoleList, idOf: (position: number) => EndpointId) {
  const shown = lacks.list().slice(0, MOST_SHOWN);
  return {
    kind: 'lacks' as const,
    targets: lacks.targets,
    holes: shown.map(({ from, to, kind, targets, heldBy }) => ({
      from,
      to,
      kind,
      targets,
      heldBy: heldBy.map(idOf),
    })),
    notShown: lacks.count - shown.reduce((sum, { targets }) => sum + targets, 0),
  };
}

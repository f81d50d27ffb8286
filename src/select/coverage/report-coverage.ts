import { OUTAGE_SCRAPES, type ReplicaStanding } from '../../cluster/coverage/compare-replicas.ts';
import {
  USUAL_LOOK_BACK_MS,
  type CoverageIndex,
  type EndpointStanding,
} from '../../cluster/coverage/coverage-index.ts';
import type { HoleList } from '../../cluster/coverage/hole-list.ts';
import type { HoleKind } from '../../cluster/coverage/target-holes.ts';
import type { TargetTable } from '../../cluster/coverage/target-table.ts';
import type { EndpointId } from '../../cluster/endpoint-id.ts';
import { shardsOf } from '../../cluster/shard.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Labels } from '../../model/labels.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SelectionContext } from '../context.ts';
import { loaded } from './await-reads.ts';

/** Which replica was there when. Times in ms since the epoch. */
export interface CoverageReport {
  readonly shards: readonly ShardCoverage[];
}

export interface ShardCoverage {
  readonly labels: Labels;
  /** What was compared; undefined where nothing of the shard is known. */
  readonly range: TimeRange | undefined;
  /** How many targets were scraped by some endpoint. */
  readonly targets: number;
  /** Further ones of which nothing can be said. */
  readonly unproven: number;
  readonly endpoints: readonly EndpointCoverageReport[];
  /** What no endpoint has, because none tried (`away`) or those that did tried in vain (`failed`). */
  readonly common: ReportedHoles;
}

export interface EndpointCoverageReport {
  readonly id: EndpointId;
  readonly known: EndpointStanding;
  /** How it compares with the others of its shard; undefined where not all of the range is known of it. */
  readonly standing: ReportedStanding | undefined;
}

export interface ReportedStanding {
  /** Whether it has all, up to now: it scraped, has no hole of its own, and can be read. */
  readonly isWhole: boolean;
  /** How many of the targets it scraped. */
  readonly scraped: number;
  /**
   * Since when it has no hole, at the earliest since its first scrape; undefined where a hole goes on, it cannot be read, or it never
   * scraped.
   */
  readonly wholeSince: number | undefined;
  /** When it has nothing, though a sibling has something, or none tried to scrape. */
  readonly own: ReportedHoles;
  /** The parts of it that siblings have. */
  readonly lacks: ReportedHoles;
  /** What would be lost with it; 'all' where it is the only one that is known. */
  readonly alone: ReportedHoles | 'all';
}

export interface ReportedHoles {
  /** Those that end last, ascending. */
  readonly holes: readonly ReportedHole[];
  /** How many targets have a hole. */
  readonly targets: number;
  /** Holes of targets, each counted for itself, that are not among these. */
  readonly notShown: number;
}

export interface ReportedHole {
  readonly from: number;
  readonly to: number;
  readonly kind: HoleKind;
  /** How many targets have it. */
  readonly targets: number;
  /** Some of the targets. */
  readonly examples: readonly Labels[];
  readonly heldBy: readonly EndpointId[];
}

/** So many holes are told of each list. */
const MOST_SHOWN = 20;

const NO_HOLES: ReportedHoles = { holes: [], targets: 0, notShown: 0 };

/**
 * Reports on all shards. Without a range it is about the last day, as far as that is known of the endpoints that are known at all; with
 * one, what is not known yet is read. Callers see the targets that they may see series of.
 */
export async function reportCoverage(
  context: SelectionContext,
  scope: RequestScope,
  range: TimeRange | undefined,
): Promise<CoverageReport> {
  const { coverage } = context;
  if (coverage === undefined) return { shards: [] };
  const shards = shardsOf(context.topology(), coverage.replicaLabels);
  if (range !== undefined)
    await loaded(
      coverage,
      scope,
      shards.flatMap(({ endpoints }) => endpoints),
      range,
    );
  const reports: ShardCoverage[] = [];
  for (const { labels, endpoints } of shards)
    reports.push(
      await reportShard(
        coverage,
        scope,
        { labels, endpoints },
        range ?? knownRange(context, coverage, endpoints),
      ),
    );
  return { shards: reports };
}

function knownRange(
  { clock }: SelectionContext,
  coverage: CoverageIndex,
  endpoints: readonly Endpoint[],
): TimeRange | undefined {
  const since = endpoints
    .map((endpoint) => coverage.standing(endpoint, USUAL_LOOK_BACK_MS).since)
    .filter((each) => each < Infinity);
  if (since.length === 0) return undefined;
  return { minTime: Math.max(...since), maxTime: clock.now() };
}

interface ReportedShard {
  readonly labels: Labels;
  readonly endpoints: readonly Endpoint[];
}

async function reportShard(
  coverage: CoverageIndex,
  scope: RequestScope,
  { labels, endpoints }: ReportedShard,
  range: TimeRange | undefined,
): Promise<ShardCoverage> {
  const standings = new Map<EndpointId, ReplicaStanding>();
  const unknown: ShardCoverage = {
    labels,
    range,
    targets: 0,
    unproven: 0,
    endpoints: endpoints.map((endpoint) => reportEndpoint(coverage, endpoint, undefined)),
    common: NO_HOLES,
  };
  if (range === undefined) return unknown;
  const question = () => ({
    from: range.minTime,
    to: range.maxTime,
    missed: OUTAGE_SCRAPES,
  });
  const pacer = new Pacer(scope);
  let answer = await coverage.compare(endpoints, question, pacer);
  if (answer.kind === 'unknown') {
    const { endpoints: missing } = answer;
    answer = await coverage.compare(
      endpoints.filter((each) => !missing.includes(each)),
      question,
      pacer,
    );
  }
  if (answer.kind === 'unknown') return unknown;
  const { comparison, targets } = answer;
  for (const standing of comparison.replicas) standings.set(standing.id, standing);
  const names = comparison.replicas.map(({ id }) => id);
  const told = (holes: HoleList): ReportedHoles => reportHoles(holes, targets, names);
  return {
    labels,
    range,
    targets: comparison.targets,
    unproven: comparison.unproven,
    endpoints: endpoints.map((endpoint) => {
      const standing = standings.get(endpoint.id);
      if (standing === undefined) return reportEndpoint(coverage, endpoint, undefined);
      const { scraped, own, lacks, alone } = standing;
      const isReadable = knownOf(coverage, endpoint).problem === undefined;
      return reportEndpoint(coverage, endpoint, {
        isWhole: own.isEmpty && scraped > 0 && isReadable,
        scraped,
        wholeSince: isReadable ? wholeSince(standing, range) : undefined,
        own: told(own),
        lacks: told(lacks),
        alone: names.length === 1 ? 'all' : told(alone),
      });
    }),
    common: told(comparison.common),
  };
}

function wholeSince({ first, own, until }: ReplicaStanding, { maxTime }: TimeRange): number | undefined {
  const goesOn = own.end >= Math.min(until, maxTime);
  return first === Infinity || goesOn ? undefined : Math.max(first, own.end);
}

function reportEndpoint(
  coverage: CoverageIndex,
  endpoint: Endpoint,
  standing: EndpointCoverageReport['standing'],
): EndpointCoverageReport {
  return { id: endpoint.id, known: knownOf(coverage, endpoint), standing };
}

/** One that is down is not read, so no read of its scrapes fails that would tell of it. */
function knownOf(coverage: CoverageIndex, endpoint: Endpoint): EndpointStanding {
  const known = coverage.standing(endpoint, USUAL_LOOK_BACK_MS);
  const { health } = endpoint;
  return known.problem === undefined && health.kind === 'down'
    ? { ...known, problem: health.failure.reason }
    : known;
}

function reportHoles(list: HoleList, targets: TargetTable, names: readonly EndpointId[]): ReportedHoles {
  const shown = list
    .list()
    .toSorted((a, b) => a.to - b.to)
    .slice(-MOST_SHOWN)
    .sort((a, b) => a.from - b.from);
  return {
    holes: shown.map(({ from, to, kind, targets: count, examples, heldBy }) => ({
      from,
      to,
      kind,
      targets: count,
      examples: examples.map((target) => targets.labels(target)),
      heldBy: heldBy.map((i) => names[i]!),
    })),
    targets: list.targets,
    notShown: list.count - shown.reduce((sum, { targets: count }) => sum + count, 0),
  };
}

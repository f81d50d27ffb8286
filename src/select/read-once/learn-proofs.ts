import { NO_TARGET, type TargetTable } from '../../cluster/coverage/target-table.ts';
import type { RawSeriesSet } from '../../backend/backend.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { Pacer } from '../../model/pacer.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import type { Before } from './proofs.ts';
import type { ReadOnce } from './read-once.ts';

/** What of the index tells the targets of a shard. */
type Targets = (endpoints: readonly Endpoint[]) => TargetTable | undefined;

/** A shard that was read in full. */
export interface ReadInFull {
  readonly shard: ShardOutcome<RawSeriesSet>;
  readonly before: Before;
}

const NO_SERIES = new Uint32Array(0);

/** A shard whose replicas all answered. */
interface Candidate extends ReadInFull {
  readonly table: TargetTable;
  readonly size: number;
  speaker: Endpoint | undefined;
  isProven: boolean;
  /** Series that each replica has: all, and those of each target. */
  series: number;
  readonly perTarget: Uint32Array;
}

/**
 * Takes down of shards that were read in full whether all of their replicas have the same series, each of a scraped target, and which
 * replica deduplication prefers.
 */
export async function learnProofs(
  { proofs, targets }: ReadOnce,
  tableOf: Targets,
  shards: readonly ReadInFull[],
  groups: SeriesGroups,
  range: TimeRange,
  pacer: Pacer,
): Promise<void> {
  const byEndpoint = new Map<Endpoint, Candidate>();
  for (const { shard, before } of shards) {
    const { outcomes } = shard;
    if (outcomes.length < 2 || !outcomes.every(({ result }) => result.ok)) continue;
    const routes = outcomes.map(({ route }) => route);
    // What was not so a moment ago is not looked at again.
    const known = proofs.get(routes, range);
    if (known !== undefined && known.speaker === undefined && known.before.states === before.states) continue;
    const endpoints = routes.map(({ endpoint }) => endpoint);
    const table = tableOf(endpoints);
    if (table === undefined) continue;
    const candidate = {
      shard,
      before,
      table,
      size: endpoints.length,
      speaker: undefined,
      isProven: true,
      series: 0,
      perTarget: new Uint32Array(table.size),
    };
    for (const endpoint of endpoints) byEndpoint.set(endpoint, candidate);
  }
  if (byEndpoint.size === 0) return;
  await pacer.times(groups.length, (position) => {
    const holders = groups.endpointsOf(position);
    const concerned = new Set(holders.map((endpoint) => byEndpoint.get(endpoint)));
    const [only] = concerned;
    if (concerned.size === 1 && only?.isProven === false) return;
    const isWhole = concerned.size === 1 && only !== undefined && isOnAll(holders, only);
    const target = isWhole ? targets.of(groups, position, only.table) : NO_TARGET;
    if (only !== undefined && target !== NO_TARGET) {
      only.speaker ??= holders[0];
      only.series++;
      only.perTarget[target]!++;
    } else for (const candidate of concerned) if (candidate !== undefined) candidate.isProven = false;
  });
  for (const candidate of new Set(byEndpoint.values())) {
    const { shard, before, speaker, isProven, series, perTarget, table } = candidate;
    if (isProven && speaker === undefined) continue;
    const { outcomes } = shard;
    const spoken = outcomes.find(({ route }) => route.endpoint === speaker);
    proofs.put(
      outcomes.map(({ route }) => route),
      {
        speaker: isProven ? speaker?.id : undefined,
        range,
        before,
        elapsedMs: spoken?.elapsedMs ?? 0,
        series,
        perTarget: isProven ? perTarget : NO_SERIES,
        targets: table,
      },
    );
  }
}

/** Whether each replica of a shard has a series once, in the same order as the others. */
function isOnAll(holders: readonly Endpoint[], { size, speaker }: Candidate): boolean {
  return (
    holders.length === size &&
    new Set(holders).size === size &&
    (speaker === undefined || holders[0] === speaker)
  );
}

import type { DownsampledData, RawData, RawSeriesSet } from '../../backend/backend.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, labelsKey, valuesKey } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { ReplicaView } from '../../model/request-scope.ts';
import type { ShardOutcome } from '../routing/fan-out.ts';
import type { FetchedRange, ReplicaData, SeriesGroup } from './replica-data.ts';
import { recheck } from '../routing/route.ts';
import { labelMerger } from './label-merger.ts';

interface OpenReplica extends ReplicaData {
  readonly pieces: RawData[];
  downsampled: DownsampledData[] | undefined;
}

interface OpenGroup {
  readonly labels: Labels;
  readonly range: FetchedRange;
  readonly replicas: OpenReplica[];
}

/**
 * Groups the series of all endpoints by their labels without those that are merged here, across replicas and shards.
 * Series that only one endpoint has stay alone, so disjoint endpoints pass through. Sorted by labels, each label set once, whatever the order of arrival.
 */
export function groupSeries(
  shards: readonly ShardOutcome<RawSeriesSet>[],
  { replicaLabels, mergedHere }: Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>,
  range: FetchedRange,
): readonly SeriesGroup[] {
  const groups = new Map<string, OpenGroup>();
  for (const { name: shard, outcomes } of shards)
    for (const { route, result } of outcomes) {
      if (!result.ok) continue;
      const { endpoint } = route;
      const accepts = recheck(route);
      const merged = labelMerger(endpoint, mergedHere);
      const nameOf = replicaNames(endpoint.id, replicaLabels);
      for (const { labels, data, downsampled } of result.value.series) {
        if (!accepts(labels)) continue;
        const group = groupOf(groups, merged(labels), range);
        addPiece(group.replicas, {
          endpoint,
          shard,
          name: nameOf(labels),
          pieces: [data],
          downsampled: downsampled && [downsampled],
        });
      }
    }
  return [...groups.values()].sort((a, b) => compareLabels(a.labels, b.labels));
}

function groupOf(groups: Map<string, OpenGroup>, labels: Labels, range: FetchedRange): OpenGroup {
  const key = labelsKey(labels);
  let group = groups.get(key);
  if (group === undefined) {
    group = { labels, range, replicas: [] };
    groups.set(key, group);
  }
  return group;
}

/** Names of replicas by the labels of their series: the series of one endpoint share a few. */
function replicaNames(id: string, replicaLabels: readonly string[]): (labels: Labels) => string {
  const names = new Map<string, string>();
  return (labels) => {
    const values = valuesKey(labels, replicaLabels);
    let name = names.get(values);
    if (name === undefined) {
      name = `${values} ${id}`;
      names.set(values, name);
    }
    return name;
  };
}

/** Adds to the replica of the same name, or inserts a new one where its name belongs. */
function addPiece(replicas: OpenReplica[], replica: OpenReplica): void {
  let at = replicas.length;
  while (at > 0) {
    const before = replicas[at - 1]!;
    if (before.name === replica.name) {
      before.pieces.push(...replica.pieces);
      if (replica.downsampled !== undefined) (before.downsampled ??= []).push(...replica.downsampled);
      return;
    }
    if (compareStrings(before.name, replica.name) < 0) break;
    at--;
  }
  if (at === replicas.length) replicas.push(replica);
  else replicas.splice(at, 0, replica);
}

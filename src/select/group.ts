import type { RawData, RawSeries, RawSeriesSet } from '../backend/backend.ts';
import { compareStrings } from '../model/compare-strings.ts';
import { compareLabels, labelsKey, valuesKey, withoutLabels } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import { compileMatchers } from '../promql/match/compile.ts';
import type { ShardOutcome } from './fan-out.ts';
import type { ReplicaData, SeriesGroup } from './replica-data.ts';
import type { Route } from './route.ts';

interface OpenReplica extends ReplicaData {
  readonly pieces: RawData[];
}

interface OpenGroup {
  readonly labels: Labels;
  readonly replicas: OpenReplica[];
}

/**
 * Groups the series of all endpoints by their labels without `hidden` (the replica labels, or nothing where replicas
 * are to be seen), across replicas and shards. Series that only one endpoint has stay alone, so disjoint endpoints
 * pass through. Sorted by labels, each label set once, whatever the order of arrival.
 */
export function groupSeries(
  shards: readonly ShardOutcome<RawSeriesSet>[],
  replicaLabels: readonly string[],
  hidden: ReadonlySet<string>,
): readonly SeriesGroup[] {
  const groups = new Map<string, OpenGroup>();
  for (const { name, outcomes } of shards)
    for (const { route, result } of outcomes) {
      if (!result.ok) continue;
      const accepts = recheck(route);
      for (const series of result.value.series) {
        if (!accepts(series.labels)) continue;
        const labels = withoutLabels(series.labels, hidden);
        const key = labelsKey(labels);
        const group = groups.get(key) ?? { labels, replicas: [] };
        groups.set(key, group);
        addPiece(group, series, route, name, replicaLabels);
      }
    }
  const sorted = [...groups.values()].sort((a, b) => compareLabels(a.labels, b.labels));
  for (const { replicas } of sorted)
    if (replicas.length > 1) replicas.sort((a, b) => compareStrings(a.name, b.name));
  return sorted;
}

function addPiece(
  group: OpenGroup,
  { labels, data }: RawSeries,
  { endpoint }: Route,
  shard: string,
  replicaLabels: readonly string[],
): void {
  const name = `${valuesKey(labels, replicaLabels)} ${endpoint.address}`;
  const known = group.replicas.find((replica) => replica.name === name);
  if (known !== undefined) known.pieces.push(data);
  else group.replicas.push({ endpoint, shard, name, pieces: [data] });
}

/**
 * A series may carry the name of an external label itself, with another value (Prometheus lets the series' own label
 * win). The endpoint could not apply the matchers that were taken out, so they are applied to what came.
 */
export function recheck({ fulfilled }: Route): (labels: Labels) => boolean {
  if (fulfilled.length !== 1 || fulfilled[0]!.length === 0) return () => true;
  return compileMatchers(fulfilled[0]!);
}

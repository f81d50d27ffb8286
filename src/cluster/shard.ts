import { EMPTY_LABELS, labelsKey, pairsOf, withoutLabels } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import type { Endpoint } from './topology.ts';

/** The endpoints whose external labels are equal once the replica labels are taken away. */
export interface Shard {
  /** Those common external labels. */
  readonly labels: Labels;
  readonly endpoints: readonly Endpoint[];
}

/** Groups endpoints with known labels into shards, in order of appearance. */
export function shardsOf(
  endpoints: readonly Endpoint[],
  replicaLabels: ReadonlySet<string>,
): readonly Shard[] {
  const labelsOf = ({ externalLabels }: Endpoint): Labels =>
    withoutLabels(externalLabels ?? EMPTY_LABELS, replicaLabels);
  const known = endpoints.filter(({ externalLabels }) => externalLabels !== undefined);
  const groups = Map.groupBy(known, (endpoint) => labelsKey(labelsOf(endpoint)));
  return [...groups.values()].map((members) => ({ labels: labelsOf(members[0]!), endpoints: members }));
}

/** The shard as people read it: `{cluster="eu", shard="0"}`. */
export function shardName(labels: Labels): string {
  return `{${[...pairsOf(labels)].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

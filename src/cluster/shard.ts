import { EMPTY_LABELS, compareLabels, labelsKey, pairsOf, withoutLabels } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import type { Endpoint } from './topology.ts';

/** The endpoints whose external labels are equal once the replica labels are taken away. */
export interface Shard {
  /** Those common external labels; of endpoints with several label sets what all sets have in common. */
  readonly labels: Labels;
  /** The label sets, without replica labels, each once and sorted. */
  readonly labelSets: readonly Labels[];
  readonly endpoints: readonly Endpoint[];
}

/**
 * Groups endpoints with known labels into shards, in order of appearance. One with several label sets belongs to those
 * that have the very same sets: a querier over the replicas of one shard is as good as they are, while one over several
 * shards replaces none of them. A store of old blocks is a shard apart from the servers whose blocks it holds, since
 * neither can stand in for the other.
 */
export function shardsOf(
  endpoints: readonly Endpoint[],
  replicaLabels: ReadonlySet<string>,
): readonly Shard[] {
  const groups = new Map<string, { readonly labelSets: readonly Labels[]; readonly endpoints: Endpoint[] }>();
  for (const endpoint of endpoints) {
    if (endpoint.externalLabels === undefined) continue;
    const labelSets = distinctSets(labelSetsOf(endpoint), replicaLabels);
    const key = JSON.stringify([endpoint.component === STORE_GATEWAY, ...labelSets]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labelSets, endpoints: [endpoint] });
    else group.endpoints.push(endpoint);
  }
  return [...groups.values()].map((group) => ({
    ...group,
    labels: withoutLabels(group.endpoints[0]!.externalLabels ?? EMPTY_LABELS, replicaLabels),
  }));
}

/** What Thanos calls a server of blocks in object storage. */
const STORE_GATEWAY = 'store';

/** The label sets of an endpoint, of which one with known labels has at least one. */
export function labelSetsOf({
  externalLabels = EMPTY_LABELS,
  labelSets,
}: Pick<Endpoint, 'externalLabels' | 'labelSets'>): readonly Labels[] {
  return labelSets === undefined || labelSets.length === 0 ? [externalLabels] : labelSets;
}

function distinctSets(sets: readonly Labels[], replicaLabels: ReadonlySet<string>): readonly Labels[] {
  const byKey = new Map<string, Labels>();
  for (const set of sets) {
    const labels = withoutLabels(set, replicaLabels);
    byKey.set(labelsKey(labels), labels);
  }
  return [...byKey.values()].sort(compareLabels);
}

/** Label sets that a name shows. */
const MOST_SETS = 3;

/** The shard as people read it: `{cluster="eu", shard="0"}`, or several such. */
export function shardName({ labelSets }: Pick<Shard, 'labelSets'>): string {
  const more = labelSets.length - MOST_SETS;
  const names = labelSets.slice(0, MOST_SETS).map(setName).join(' and ');
  return more > 0 ? `${names} and ${more} more` : names;
}

function setName(labels: Labels): string {
  return `{${[...pairsOf(labels)].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

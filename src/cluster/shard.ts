import { EMPTY_LABELS, compareLabels, labelsKey, pairsOf, withoutLabels } from '../model/labels.ts';
import type { Labels } from '../model/labels.ts';
import type { Endpoint, Topology } from './topology.ts';

/** The endpoints whose external labels are equal once the replica labels are taken away. */
export interface Shard {
  /** Those common external labels; of endpoints with several label sets what all sets have in common. */
  readonly labels: Labels;
  /** Its label sets as people read them: `{cluster="eu", shard="0"}`, or several such. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
}

/** Groupings that are remembered for one topology; replica labels come with requests. */
const MOST_GROUPINGS = 8;

/** By the names that make a difference. In the order of their last use. */
type Groupings = Map<string, readonly Shard[]>;

interface ShardMemory {
  /** All names of external labels: others make no difference. */
  readonly names: ReadonlySet<string>;
  readonly groupings: Groupings;
}

const memories = new WeakMap<Topology, ShardMemory>();

/**
 * Groups endpoints with known labels into shards, in order of appearance. One with several label sets belongs to those
 * that have the very same sets: a querier over the replicas of one shard is as good as they are, while one over several
 * shards replaces none of them. A store of old blocks is a shard apart from the servers whose blocks it holds, since
 * neither can stand in for the other; so is one that is asked for another range of time than others. Computed once for each topology, for as many sets of replica labels as are in use.
 */
export function shardsOf(topology: Topology, replicaLabels: ReadonlySet<string>): readonly Shard[] {
  const { names, groupings } = memoryOf(topology);
  const telling = new Set([...replicaLabels].filter((name) => names.has(name)));
  const key = JSON.stringify([...telling].sort());
  const shards = groupings.get(key) ?? groupEndpoints(topology.endpoints, telling);
  groupings.delete(key);
  groupings.set(key, shards);
  if (groupings.size > MOST_GROUPINGS) groupings.delete(groupings.keys().next().value!);
  return shards;
}

function memoryOf(topology: Topology): ShardMemory {
  let memory = memories.get(topology);
  if (memory === undefined) {
    memory = { names: externalNames(topology.endpoints), groupings: new Map() };
    memories.set(topology, memory);
  }
  return memory;
}

function externalNames(endpoints: readonly Endpoint[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const endpoint of endpoints)
    for (const set of [endpoint.externalLabels ?? EMPTY_LABELS, ...labelSetsOf(endpoint)])
      for (const [name] of pairsOf(set)) names.add(name);
  return names;
}

function groupEndpoints(
  endpoints: readonly Endpoint[],
  replicaLabels: ReadonlySet<string>,
): readonly Shard[] {
  const groups = new Map<string, { readonly labelSets: readonly Labels[]; readonly endpoints: Endpoint[] }>();
  for (const endpoint of endpoints) {
    const placed = placeOf(endpoint, replicaLabels);
    if (placed === undefined) continue;
    const group = groups.get(placed.key);
    if (group === undefined) groups.set(placed.key, { labelSets: placed.labelSets, endpoints: [endpoint] });
    else group.endpoints.push(endpoint);
  }
  return [...groups.values()].map(({ labelSets, endpoints: members }) => ({
    labels: withoutLabels(members[0]!.externalLabels ?? EMPTY_LABELS, replicaLabels),
    name: shardName(labelSets),
    endpoints: members,
  }));
}

/** A text that is equal for endpoints of one shard; undefined where the labels are not known. */
export function shardKeyOf(endpoint: Endpoint, replicaLabels: ReadonlySet<string>): string | undefined {
  return placeOf(endpoint, replicaLabels)?.key;
}

interface Place {
  readonly key: string;
  /** Without replica labels, each once and sorted. */
  readonly labelSets: readonly Labels[];
}

function placeOf(endpoint: Endpoint, replicaLabels: ReadonlySet<string>): Place | undefined {
  if (endpoint.externalLabels === undefined) return undefined;
  const labelSets = distinctSets(labelSetsOf(endpoint), replicaLabels);
  const { component, window = {} } = endpoint;
  return { key: JSON.stringify([component === STORE_GATEWAY, window, ...labelSets]), labelSets };
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

/** Label sets without replica labels, each once and sorted. */
export function distinctSets(sets: readonly Labels[], replicaLabels: ReadonlySet<string>): readonly Labels[] {
  const byKey = new Map<string, Labels>();
  for (const set of sets) {
    const labels = withoutLabels(set, replicaLabels);
    byKey.set(labelsKey(labels), labels);
  }
  return [...byKey.values()].sort(compareLabels);
}

/** Label sets that a name shows. */
const MOST_SETS = 3;

function shardName(labelSets: readonly Labels[]): string {
  const more = labelSets.length - MOST_SETS;
  const names = labelSets.slice(0, MOST_SETS).map(setName).join(' and ');
  return more > 0 ? `${names} and ${more} more` : names;
}

function setName(labels: Labels): string {
  return `{${[...pairsOf(labels)].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

import { labelValue, pairsOf } from '../../model/labels.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { carries } from '../routing/split-matchers.ts';

/** Of more shards each is not compared with each. */
const MOST_SHARDS = 64;

/**
 * Whether no series can be in two of some shards: the external labels of each two differ by a label that none of their series carries
 * itself. A label that is merged tells nothing apart.
 * @param shards the endpoints of each.
 */
export function areDisjoint(shards: readonly (readonly Endpoint[])[], merged: ReadonlySet<string>): boolean {
  if (shards.length > MOST_SHARDS) return false;
  return shards.every((shard, i) =>
    shards.slice(i + 1).every((other) => shard.every((a) => other.every((b) => differ(a, b, merged)))),
  );
}

function differ(a: Endpoint, b: Endpoint, merged: ReadonlySet<string>): boolean {
  const { externalLabels: own } = a;
  const { externalLabels: others } = b;
  if (own === undefined || others === undefined || a.labelSets !== undefined || b.labelSets !== undefined)
    return false;
  return [...pairsOf(own)].some(([name, value]) => {
    const other = labelValue(others, name);
    return other !== '' && other !== value && !merged.has(name) && !carries(a, name) && !carries(b, name);
  });
}

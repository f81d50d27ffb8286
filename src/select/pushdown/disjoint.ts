import { distinctSets, labelSetsOf } from '../../cluster/shard.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { labelValue, pairsOf, type Labels } from '../../model/labels.ts';
import { carries } from '../routing/split-matchers.ts';

/** Of more shards each is not compared with each, and neither are more pairs of label sets, over all shards. */
const MOST_SHARDS = 64;
const MOST_PAIRS = 10_000;

/** An endpoint of a shard, and its label sets without those that are merged. */
interface Compared {
  readonly endpoint: Endpoint;
  readonly sets: readonly Labels[];
}

/**
 * Whether no series can be in two of some shards: the external labels of each two differ by a label that none of their series carries
 * itself. A label that is merged tells nothing apart. Of an endpoint with several label sets each has to differ.
 * @param shards the endpoints of each.
 */
export function areDisjoint(shards: readonly (readonly Endpoint[])[], merged: ReadonlySet<string>): boolean {
  if (shards.length > MOST_SHARDS) return false;
  const compared = shards.map((shard) =>
    shard.map((endpoint): Compared => ({ endpoint, sets: distinctSets(labelSetsOf(endpoint), merged) })),
  );
  let pairs = 0;
  return compared.every((shard, i) =>
    compared.slice(i + 1).every((other) =>
      shard.every((a) =>
        other.every((b) => {
          pairs += a.sets.length * b.sets.length;
          return pairs <= MOST_PAIRS && differ(a, b);
        }),
      ),
    ),
  );
}

function differ(a: Compared, b: Compared): boolean {
  const tellsApart = (name: string): boolean => !carries(a.endpoint, name) && !carries(b.endpoint, name);
  return a.sets.every((set) =>
    b.sets.every((other) =>
      [...pairsOf(set)].some(([name, value]) => {
        const its = labelValue(other, name);
        return its !== '' && its !== value && tellsApart(name);
      }),
    ),
  );
}

import { EMPTY_LABELS, labelValue, pairsOf, type Labels } from '../../model/labels.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { carries } from '../routing/split-matchers.ts';

/** Of more shards each is not compared with each, and neither are more pairs of the label sets of two. */
const MOST_SHARDS = 64;
const MOST_PAIRS = 1000;

/**
 * Whether no series can be in two of some shards: the external labels of each two differ by a label that none of their series carries
 * itself. A label that is merged tells nothing apart. Of an endpoint with several label sets each has to differ.
 * @param shards the endpoints of each.
 */
export function areDisjoint(shards: readonly (readonly Endpoint[])[], merged: ReadonlySet<string>): boolean {
  if (shards.length > MOST_SHARDS) return false;
  return shards.every((shard, i) =>
    shards.slice(i + 1).every((other) => shard.every((a) => other.every((b) => differ(a, b, merged)))),
  );
}

function differ(a: Endpoint, b: Endpoint, merged: ReadonlySet<string>): boolean {
  const [own, others] = [labelSetsOf(a), labelSetsOf(b)];
  if (own.length * others.length > MOST_PAIRS) return false;
  return own.every((set) =>
    others.every((other) =>
      [...pairsOf(set)].some(([name, value]) => {
        const its = labelValue(other, name);
        return its !== '' && its !== value && !merged.has(name) && !carries(a, name) && !carries(b, name);
      }),
    ),
  );
}

/** One set without labels where none are known: it differs from no other. */
function labelSetsOf({ labelSets, externalLabels = EMPTY_LABELS }: Endpoint): readonly Labels[] {
  return labelSets ?? [externalLabels];
}

import type { Endpoint } from './topology.ts';

/** From this part of common targets on, two endpoints count as replicas of each other. */
const REPLICA_COVER = 0.5;
/** From this part on, a replica replaces a lost one: what is missing is the turnover of targets between refreshes. */
const FULL_COVER = 0.9;

/** What the loss of one endpoint means while others of its shard answer. */
export type Cover =
  /** Nothing is missing. */
  | { readonly kind: 'full' }
  /** A sibling scrapes a part of the same targets. */
  | { readonly kind: 'part'; readonly fraction: number }
  /** The siblings hold other series: everything of the lost one is missing. */
  | { readonly kind: 'none' }
  /** Unknown: the endpoints never answered at the same time, or have too many targets to be compared. */
  | { readonly kind: 'unproven'; readonly because: 'never-compared' | 'too-many-targets' };

/** How well the endpoints that did answer replace the one that did not. `answered` are others of the same shard. */
export function coverOf(lost: Endpoint, answered: readonly Endpoint[]): Cover {
  if (answered.length === 0 || lost.replication === 'disjoint') return { kind: 'none' };
  if (lost.replication === 'redundant') return { kind: 'full' };
  const parts = answered.map(({ id }) => lost.covered.get(id)).filter((fraction) => fraction !== undefined);
  const fraction = Math.max(...parts, 0);
  if (fraction >= FULL_COVER) return { kind: 'full' };
  // One that could not be compared may hold what the others lack.
  if (parts.length === 0 || (parts.length < answered.length && hasTooMany(lost, answered)))
    return { kind: 'unproven', because: hasTooMany(lost, answered) ? 'too-many-targets' : 'never-compared' };
  return fraction >= REPLICA_COVER ? { kind: 'part', fraction } : { kind: 'none' };
}

function hasTooMany(lost: Endpoint, answered: readonly Endpoint[]): boolean {
  return lost.hasTooManyTargets || answered.some(({ hasTooManyTargets }) => hasTooManyTargets);
}

/** Which part of the keys of `own`, which is not empty, is in `other` as well. */
export function coveredFraction(own: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0;
  for (const target of own) if (other.has(target)) common++;
  return common / own.size;
}

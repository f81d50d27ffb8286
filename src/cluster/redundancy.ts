import type { Targets } from './probe.ts';
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
  /** Nobody knows: the endpoints never answered at the same time. */
  | { readonly kind: 'unproven' };

/** How well the endpoints that did answer replace the one that did not. `answered` are others of the same shard. */
export function coverOf(lost: Endpoint, answered: readonly Endpoint[]): Cover {
  if (answered.length === 0 || lost.replication === 'disjoint') return { kind: 'none' };
  if (lost.replication === 'redundant') return { kind: 'full' };
  const parts = answered
    .map(({ address }) => lost.covered.get(address))
    .filter((fraction) => fraction !== undefined);
  if (parts.length === 0) return { kind: 'unproven' };
  const fraction = Math.max(...parts);
  if (fraction >= FULL_COVER) return { kind: 'full' };
  return fraction >= REPLICA_COVER ? { kind: 'part', fraction } : { kind: 'none' };
}

/** Which part of `own`, which is not empty, is in `other` as well. */
export function coveredFraction(own: Targets, other: Targets): number {
  let common = 0;
  for (const target of own.keys()) if (other.has(target)) common++;
  return common / own.size;
}

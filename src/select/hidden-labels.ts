import type { SelectionOptions } from './selection.ts';

/**
 * The labels that an answer leaves out: endpoints that differ by these alone stand in for each other, and their series
 * become one. None where each replica is to be seen.
 */
export function hiddenLabels({
  dedup,
  replicaLabels,
}: Pick<SelectionOptions, 'dedup' | 'replicaLabels'>): ReadonlySet<string> {
  return new Set(dedup ? replicaLabels : []);
}

import type { SelectionOptions } from './selection.ts';

/** The labels that an answer leaves out, so that replicas become one. None where each replica is to be seen. */
export function hiddenLabels({
  dedup,
  replicaLabels,
}: Pick<SelectionOptions, 'dedup' | 'replicaLabels'>): ReadonlySet<string> {
  return new Set(dedup ? replicaLabels : []);
}

/** The labels by which endpoints that stand in for each other may differ: if one does not answer, nothing is missing. */
export function standInLabels(
  options: Pick<SelectionOptions, 'dedup' | 'replicaLabels' | 'mergedAbove'>,
): ReadonlySet<string> {
  return options.dedup ? hiddenLabels(options) : new Set(options.mergedAbove);
}

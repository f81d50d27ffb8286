import { labelSetsOf } from '../../cluster/shard.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { labelValue, withoutLabels, type Labels } from '../../model/labels.ts';
import { carries } from '../routing/split-matchers.ts';

/** What of an endpoint decides. */
type MarkedEndpoint = Pick<Endpoint, 'externalLabels' | 'labelSets' | 'ownLabels'>;

/** By replica label: the values that mark the endpoint. */
type ReplicaMarks = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Tells which labels of an endpoint's series are merged away. Where the endpoint has such a label itself and series carry one
 * of the same name, that of an application, theirs is data: it stays where its value is another.
 */
export function mergedLabels(
  endpoint: MarkedEndpoint,
  mergedHere: ReadonlySet<string>,
  own: ReplicaMarks = ownReplicaLabels(endpoint, mergedHere),
): (name: string, value: string) => boolean {
  return (name, value) => mergedHere.has(name) && own.get(name)?.has(value) !== false;
}

/** Takes the labels that are merged away from the labels of an endpoint's series, see {@link mergedLabels}. */
export function labelMerger(
  endpoint: MarkedEndpoint,
  mergedHere: ReadonlySet<string>,
): (labels: Labels) => Labels {
  const own = ownReplicaLabels(endpoint, mergedHere);
  if (own.size === 0) return (labels) => withoutLabels(labels, mergedHere);
  const isMerged = mergedLabels(endpoint, mergedHere, own);
  return (labels) => {
    let hidden = mergedHere;
    for (const name of own.keys()) {
      const value = labelValue(labels, name);
      if (value === '' || isMerged(name, value)) continue;
      if (hidden === mergedHere) hidden = new Set(mergedHere);
      (hidden as Set<string>).delete(name);
    }
    return withoutLabels(labels, hidden);
  };
}

/** Labels that are merged and that series of the endpoint carry as data, with the values that mark the endpoint instead. */
export function ownReplicaLabels(endpoint: MarkedEndpoint, mergedHere: ReadonlySet<string>): ReplicaMarks {
  const own = new Map<string, ReadonlySet<string>>();
  for (const name of mergedHere) {
    const marks = new Set(labelSetsOf(endpoint).map((labels) => labelValue(labels, name)));
    marks.delete('');
    if (marks.size > 0 && carries(endpoint, name)) own.set(name, marks);
  }
  return own;
}

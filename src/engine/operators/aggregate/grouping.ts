import {
  EMPTY_LABELS,
  METRIC_NAME,
  keepLabels,
  labelsKey,
  textsKey,
  withoutLabels,
  type Labels,
} from '../../../model/labels.ts';
import type { Pacer } from '../../../model/pacer.ts';
import { labelOf, type SeriesHead, type SeriesHeads } from '../../operator.ts';

/** `by (labels)`, or `without (labels)`, which leaves the metric name out as well. */
export interface Grouping {
  readonly labels: readonly string[];
  readonly without: boolean;
}

export interface SeriesGroups {
  /** The group of each series. */
  readonly groupOf: Int32Array;
  /** The labels of each group. */
  readonly labels: readonly Labels[];
  /** How many series each group has. */
  readonly sizes: Int32Array;
}

/** The labels that name a series' group. */
export function groupLabels(grouping: Grouping): (labels: Labels) => Labels {
  const names = new Set(grouping.without ? [METRIC_NAME, ...grouping.labels] : grouping.labels);
  return grouping.without ? (labels) => withoutLabels(labels, names) : (labels) => keepLabels(labels, names);
}

/** Equal for series of the same group alone. Of `by` few labels decide, and the others need not be made. */
function groupKey(
  { labels: names, without }: Grouping,
  labelsOf: (labels: Labels) => Labels,
): (head: SeriesHead) => string {
  if (without) return (head) => labelsKey(labelsOf(head.labels));
  const [first] = names;
  if (names.length === 1 && first !== undefined) return (head) => labelOf(head, first);
  return (head) => textsKey(names.map((name) => labelOf(head, name)));
}

/** Sorts series into groups by their labels. */
export async function groupSeries(
  heads: SeriesHeads,
  grouping: Grouping,
  pacer: Pacer,
): Promise<SeriesGroups> {
  // One group needs no labels.
  if (heads.length > 0 && !grouping.without && grouping.labels.length === 0)
    return {
      groupOf: new Int32Array(heads.length),
      labels: [EMPTY_LABELS],
      sizes: Int32Array.of(heads.length),
    };
  const labelsOf = groupLabels(grouping);
  const keyOf = groupKey(grouping, labelsOf);
  const numbers = new Map<string, number>();
  const labels: Labels[] = [];
  const groupOf = new Int32Array(heads.length);
  await pacer.forEach(heads, (head, i) => {
    const key = keyOf(head);
    let number = numbers.get(key);
    if (number === undefined) {
      number = labels.push(labelsOf(head.labels)) - 1;
      numbers.set(key, number);
    }
    groupOf[i] = number;
  });
  const sizes = new Int32Array(labels.length);
  for (const group of groupOf) sizes[group]!++;
  return { groupOf, labels, sizes };
}

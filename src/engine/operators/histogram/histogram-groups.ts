import { parseGoFloat } from '../../../model/go-float.ts';
import { METRIC_NAME, labelValue, labelsKey, withLabel, type Labels } from '../../../model/labels.ts';
import { sortPaced } from '../../../model/paced-sort.ts';
import type { QueryContext } from '../../context.ts';
import type { ClassicBuckets } from '../../kernels/quantile/classic-buckets.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { badBucketLabel } from '../../kernels/remarks.ts';
import type { SeriesHeads } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import type { HeldRows } from '../shape/held-rows.ts';

const BUCKET_LABEL = 'le';

/** The series that make up one histogram: buckets by `le`, or one native series, or both at different times. */
export interface HistogramGroup {
  /** Without `le`. */
  readonly labels: Labels;
  /** For remarks; empty where the name is dropped at once. */
  readonly metricName: string;
  /** Bounds ascending. */
  buckets: { readonly upper: number; readonly row: StepRow }[];
  native: StepRow | undefined;
}

/** Sorts the series of a vector into histograms; a remark points out buckets without usable bound. */
export async function groupHistograms(
  heads: SeriesHeads,
  held: HeldRows,
  query: QueryContext,
  notes: KernelNotes,
): Promise<readonly HistogramGroup[]> {
  const { pacer } = query;
  const groups = new Map<string, HistogramGroup>();
  await pacer.forEach(held.rows, (row, i) => {
    const { labels } = heads.at(held.index[i]!)!;
    const metricName = query.delayNameRemoval ? labelValue(labels, METRIC_NAME) : '';
    if (row.kind.includes(StepKind.histogram)) groupOf(groups, labels, metricName).native = row;
    if (!row.kind.includes(StepKind.float)) return;
    const le = labelValue(labels, BUCKET_LABEL);
    const upper = parseGoFloat(le);
    if (upper === undefined) notes.warn(badBucketLabel(metricName, le));
    else groupOf(groups, withLabel(labels, BUCKET_LABEL, ''), metricName).buckets.push({ upper, row });
  });
  const all = [...groups.values()];
  for (const group of all) {
    group.buckets = await sortPaced(group.buckets, (a, b) => a.upper - b.upper, pacer);
    if (pacer.due()) await pacer.breathe();
  }
  return all;
}

function groupOf(groups: Map<string, HistogramGroup>, labels: Labels, metricName: string): HistogramGroup {
  const key = labelsKey(labels);
  let group = groups.get(key);
  if (group === undefined) {
    group = { labels, metricName, buckets: [], native: undefined };
    groups.set(key, group);
  }
  return group;
}

/** Fills `buckets` with what a group's classic buckets hold at a step; it stays empty where they hold nothing. */
export function readBuckets(group: HistogramGroup, step: number, buckets: ClassicBuckets): void {
  buckets.clear();
  for (const { upper, row } of group.buckets) {
    if (row.kind[step] === StepKind.float) buckets.push(upper, row.v[step]!);
  }
}

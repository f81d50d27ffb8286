import type { Exemplar, ExemplarSeries } from '../../model/exemplar.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import { groupPaced } from './grouped.ts';
import { compareLabels, labelsKey } from '../../model/labels.ts';

/**
 * The exemplars of all endpoints by series. The same time, labels and value are one
 * exemplar (Thanos' order and equality, pkg/exemplars). Sorted by series, then by time; series without any are left out.
 */
export async function mergeExemplars(
  series: readonly ExemplarSeries[],
  pacer: Pacer,
): Promise<readonly ExemplarSeries[]> {
  const merged: ExemplarSeries[] = [];
  for (const copies of (await groupPaced(series, ({ labels }) => labelsKey(labels), pacer)).values()) {
    const exemplars = await distinct(
      copies.flatMap((copy) => copy.exemplars),
      pacer,
    );
    if (exemplars.length > 0) merged.push({ labels: copies[0]!.labels, exemplars });
    if (pacer.due()) await pacer.breathe();
  }
  return sortPaced(merged, (a, b) => compareLabels(a.labels, b.labels), pacer);
}

async function distinct(exemplars: readonly Exemplar[], pacer: Pacer): Promise<readonly Exemplar[]> {
  const byKey = new Map<string, Exemplar>();
  await pacer.forEach(exemplars, (exemplar) => {
    byKey.set(JSON.stringify([exemplar.t, String(exemplar.value), labelsKey(exemplar.labels)]), exemplar);
  });
  return sortPaced(
    [...byKey.values()],
    (a, b) => a.t - b.t || compareLabels(a.labels, b.labels) || a.value - b.value,
    pacer,
  );
}

import type { Exemplar, ExemplarSeries } from '../../model/exemplar.ts';
import { compareLabels, labelsKey } from '../../model/labels.ts';

/**
 * The exemplars of all endpoints by series. The same time, labels and value are one
 * exemplar (Thanos' order and equality, pkg/exemplars). Sorted by series, then by time; series without any are left out.
 */
export function mergeExemplars(series: readonly ExemplarSeries[]): readonly ExemplarSeries[] {
  return [...Map.groupBy(series, ({ labels }) => labelsKey(labels)).values()]
    .map((copies) => ({
      labels: copies[0]!.labels,
      exemplars: distinct(copies.flatMap(({ exemplars }) => exemplars)),
    }))
    .filter(({ exemplars }) => exemplars.length > 0)
    .sort((a, b) => compareLabels(a.labels, b.labels));
}

function distinct(exemplars: readonly Exemplar[]): readonly Exemplar[] {
  const byKey = new Map(
    exemplars.map((exemplar) => [
      JSON.stringify([exemplar.t, String(exemplar.value), labelsKey(exemplar.labels)]),
      exemplar,
    ]),
  );
  return [...byKey.values()].sort(
    (a, b) => a.t - b.t || compareLabels(a.labels, b.labels) || a.value - b.value,
  );
}

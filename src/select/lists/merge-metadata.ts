import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';

/** Metadata of all endpoints, each once, sorted by metric; of a metric first what most endpoints say. */
export function mergeMetadata(items: readonly MetricMetadata[]): readonly MetricMetadata[] {
  const same = Map.groupBy(items, ({ metric, type, unit, help }) =>
    JSON.stringify([metric, type, unit, help]),
  );
  return [...same.values()]
    .map((copies) => ({ item: copies[0]!, votes: copies.length }))
    .sort(
      (a, b) =>
        compareStrings(a.item.metric, b.item.metric) || b.votes - a.votes || compareTexts(a.item, b.item),
    )
    .map(({ item }) => item);
}

/** The same by target, whose `hidden` labels are taken away; sorted by target and metric. */
export function mergeTargetMetadata(
  items: readonly TargetMetadata[],
  hidden: ReadonlySet<string>,
): readonly TargetMetadata[] {
  const byKey = new Map<string, TargetMetadata>();
  for (const item of items) {
    const target = withoutLabels(item.target, hidden);
    const key = JSON.stringify([labelsKey(target), item.metric, item.type, item.unit, item.help]);
    byKey.set(key, { ...item, target });
  }
  return [...byKey.values()].sort(
    (a, b) => compareLabels(a.target, b.target) || compareStrings(a.metric, b.metric) || compareTexts(a, b),
  );
}

function compareTexts(a: MetricMetadata, b: MetricMetadata): number {
  return compareStrings(a.type, b.type) || compareStrings(a.help, b.help) || compareStrings(a.unit, b.unit);
}

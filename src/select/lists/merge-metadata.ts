import { compareStrings } from '../../model/compare-strings.ts';
import { compareLabels, labelsKey, withoutLabels } from '../../model/labels.ts';
import { sortPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import { groupPaced } from './grouped.ts';
import type { MetricMetadata, TargetMetadata } from '../../model/metric-metadata.ts';

/** Metadata of all endpoints, each once, sorted by metric; of a metric first what most endpoints say. */
export async function mergeMetadata(
  items: readonly MetricMetadata[],
  pacer: Pacer,
): Promise<readonly MetricMetadata[]> {
  const keyOf = ({ metric, type, unit, help }: MetricMetadata): string =>
    JSON.stringify([metric, type, unit, help]);
  const counted = await sortPaced(
    [...(await groupPaced(items, keyOf, pacer)).values()],
    (a, b) => compareStrings(a[0]!.metric, b[0]!.metric) || b.length - a.length || compareTexts(a[0]!, b[0]!),
    pacer,
  );
  return pacer.map(counted, ([item]) => item!);
}

/** The same by target, whose `hidden` labels are taken away; sorted by target and metric. */
export async function mergeTargetMetadata(
  items: readonly TargetMetadata[],
  hidden: ReadonlySet<string>,
  pacer: Pacer,
): Promise<readonly TargetMetadata[]> {
  const byKey = new Map<string, TargetMetadata>();
  await pacer.forEach(items, (item) => {
    const target = withoutLabels(item.target, hidden);
    const key = JSON.stringify([labelsKey(target), item.metric, item.type, item.unit, item.help]);
    byKey.set(key, { ...item, target });
  });
  return sortPaced(
    [...byKey.values()],
    (a, b) => compareLabels(a.target, b.target) || compareStrings(a.metric, b.metric) || compareTexts(a, b),
    pacer,
  );
}

function compareTexts(a: MetricMetadata, b: MetricMetadata): number {
  return compareStrings(a.type, b.type) || compareStrings(a.help, b.help) || compareStrings(a.unit, b.unit);
}

import { type FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { type Labels, labelsKey, labelValue, METRIC_NAME, withLabel } from '../../src/model/labels.ts';
import { bucketsFrom, custom } from '../support/histograms.ts';

/** One float sample of a classic histogram's series. */
interface ClassicSample {
  readonly labels: Labels;
  readonly t: number;
  readonly v: number;
}

/** The cumulative buckets, count and sum of one classic histogram at one time. */
interface Collected {
  readonly buckets: Map<number, number>;
  count: number | undefined;
  sum: number;
}

export interface NativeSeries {
  readonly labels: Labels;
  /** Times ascending, ms. */
  readonly samples: readonly { readonly t: number; readonly histogram: FloatHistogram }[];
}

/** Makes native histograms with custom buckets of classic ones (`_bucket`, `_count` and `_sum` series). */
export function classicToNative(samples: readonly ClassicSample[]): readonly NativeSeries[] {
  const series = new Map<string, { readonly labels: Labels; readonly byTime: Map<number, Collected> }>();
  for (const { labels, t, v } of samples) {
    const [, base, suffix] = /^(.*)_(bucket|count|sum)$/.exec(labelValue(labels, METRIC_NAME)) ?? [];
    if (base === undefined) continue;
    const baseLabels = withLabel(withLabel(labels, METRIC_NAME, base), 'le', '');
    const key = labelsKey(baseLabels);
    const { byTime } =
      series.get(key) ?? series.set(key, { labels: baseLabels, byTime: new Map() }).get(key)!;
    const empty = { buckets: new Map<number, number>(), count: undefined, sum: 0 };
    const collected = byTime.get(t) ?? byTime.set(t, empty).get(t)!;
    if (suffix === 'count') collected.count = v;
    else if (suffix === 'sum') collected.sum = v;
    else collected.buckets.set(boundOf(labels), v);
  }
  return [...series.values()].map(({ labels, byTime }) => ({
    labels,
    samples: [...byTime]
      .map(([t, collected]) => ({ t, histogram: toNative(collected) }))
      .sort((a, b) => a.t - b.t),
  }));
}

function boundOf(labels: Labels): number {
  const text = labelValue(labels, 'le');
  const bound = Number(text.replace(/inf$/i, 'Infinity'));
  if (text === '' || Number.isNaN(bound)) throw new Error(`${JSON.stringify(text)} is no bucket bound`);
  return bound;
}

function toNative({ buckets, count, sum }: Collected): FloatHistogram {
  const cumulative = [...buckets].sort(([a], [b]) => a - b);
  const total = count ?? cumulative.at(-1)?.[1] ?? 0;
  if (cumulative.at(-1)?.[0] !== Infinity) cumulative.push([Infinity, total]);
  const counts = cumulative.map(([, value], i) => value - (cumulative[i - 1]?.[1] ?? 0));
  const bounds = cumulative.slice(0, -1).map(([bound]) => bound);
  const { count: last } = custom(bounds, counts, {});
  if (counts.some((value) => value < 0) || last !== total) throw new Error('classic buckets do not add up');
  return { ...custom(bounds, {}, { sum }), count: total, positive: bucketsFrom(counts) };
}

import { allBuckets } from '../../model/histogram/buckets.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { formatFloat } from '../../model/format-decimal.ts';

/**
 * `{"count":"…","sum":"…","buckets":[[boundaries,"lower","upper","count"],…]}`, buckets from the lowest to the
 * highest, empty ones left out, no `buckets` at all where there is none (util/jsonutil `MarshalHistogram`).
 */
export function encodeHistogram(h: FloatHistogram): string {
  const { length, lower, upper, count, rule } = allBuckets(h);
  const buckets: string[] = [];
  for (let i = 0; i < length; i++) {
    if (count[i] === 0) continue;
    const bounds = `"${formatFloat(lower[i]!)}","${formatFloat(upper[i]!)}"`;
    buckets.push(`[${rule[i]},${bounds},"${formatFloat(count[i]!)}"]`);
  }
  const head = `{"count":"${formatFloat(h.count)}","sum":"${formatFloat(h.sum)}"`;
  return buckets.length === 0 ? `${head}}` : `${head},"buckets":[${buckets.join(',')}]}`;
}

import { formatFloat } from '../../model/format-decimal.ts';
import { allBuckets } from '../../model/histogram/buckets.ts';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';

/**
 * `{"count":"…","sum":"…","buckets":[[boundaries,"lower","upper","count"],…]}`, from the lowest bucket to
 * the highest. Empty buckets are left out, and `buckets` where there is none (util/jsonutil `MarshalHistogram`).
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

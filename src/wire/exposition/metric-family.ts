import { type FloatHistogram, ResetHint } from '../../model/histogram/float-histogram.ts';
import type { NamedSample } from '../../model/named-sample.ts';

export type FamilyType = 'untyped' | 'histogram' | 'gaugeHistogram';

/** What a server tells of metrics that it has from elsewhere: nothing, but that histograms are such. */
export function familyType({ h }: NamedSample): FamilyType {
  if (h === undefined) return 'untyped';
  return h.resetHint === ResetHint.gauge ? 'gaugeHistogram' : 'histogram';
}

/** A scraper gives its own `instance` to a series that has none, unless it is said to be empty (web/federate.go). */
export const OWN_INSTANCE = 'instance';

/** The cumulative counts of a histogram with custom buckets at each of its bounds, without that at +Inf. */
export function cumulativeCounts({ customValues, positive }: FloatHistogram): Float64Array {
  const counts = new Float64Array(customValues.length);
  let at = 0;
  let sum = 0;
  for (let bound = 0; bound < counts.length; bound++) {
    for (; at < positive.index.length && positive.index[at]! <= bound; at++) sum += positive.count[at]!;
    counts[bound] = sum;
  }
  return counts;
}

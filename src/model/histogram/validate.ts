import { isExponentialSchema } from './bounds.ts';
import { type Buckets, type FloatHistogram, usesCustomBuckets } from './float-histogram.ts';

/** Why a histogram cannot be right, as a clause; undefined where nothing speaks against it. */
export function histogramProblem(h: FloatHistogram): string | undefined {
  const layout = usesCustomBuckets(h) ? customProblem(h) : exponentialProblem(h);
  if (layout !== undefined) return layout;
  if (h.count < 0) return `the count of observations is ${h.count}, which is negative`;
  return bucketsProblem('positive', h.positive) ?? bucketsProblem('negative', h.negative);
}

function exponentialProblem(h: FloatHistogram): string | undefined {
  if (!isExponentialSchema(h.schema))
    return `schema ${h.schema} is none of -4 to 8 and not that of custom buckets`;
  if (h.customValues.length > 0) return 'a histogram with exponential buckets has custom bounds';
  return h.zeroCount < 0 ? `the zero bucket has ${h.zeroCount} observations, which is negative` : undefined;
}

function customProblem({ customValues, positive, ...h }: FloatHistogram): string | undefined {
  for (let i = 0; i < customValues.length; i++) {
    if (!Number.isFinite(customValues[i])) return `custom bound ${customValues[i]} is not finite`;
    if (i > 0 && customValues[i]! <= customValues[i - 1]!) {
      return `custom bound ${customValues[i]} follows on ${customValues[i - 1]}, but bounds must ascend`;
    }
  }
  if (h.zeroCount !== 0 || h.zeroThreshold !== 0) return 'a histogram with custom buckets has a zero bucket';
  if (h.negative.index.length > 0) return 'a histogram with custom buckets has negative buckets';
  const first = positive.index[0] ?? 0;
  if (first < 0) return `custom bucket ${first} does not exist`;
  const last = positive.index.at(-1) ?? 0;
  return last > customValues.length
    ? `${customValues.length} custom bounds are too few for bucket ${last}`
    : undefined;
}

function bucketsProblem(side: string, { index, count }: Buckets): string | undefined {
  if (index.length !== count.length) {
    return `the ${side} side has ${index.length} bucket indices and ${count.length} counts`;
  }
  for (let i = 0; i < index.length; i++) {
    if (i > 0 && index[i]! <= index[i - 1]!) return `${side} bucket ${index[i]} follows on ${index[i - 1]}`;
    if (count[i]! < 0) return `${side} bucket ${index[i]} has ${count[i]} observations, which is negative`;
  }
  return undefined;
}

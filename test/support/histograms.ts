import * as fc from 'fast-check';
import {
  type Buckets,
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
  NO_CUSTOM_VALUES,
  ResetHint,
} from '../../src/model/histogram/float-histogram.ts';

/** Bucket index → count. */
type BucketRecord = Readonly<Record<number, number>>;

interface HistogramParts {
  readonly schema?: number;
  readonly resetHint?: ResetHint;
  readonly sum?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly positive?: BucketRecord;
  readonly negative?: BucketRecord;
}

export function bucketsFrom(record: BucketRecord): Buckets {
  const index = Int32Array.from(Object.keys(record), Number).toSorted();
  return { index, count: Float64Array.from(index, (i) => record[i]!) };
}

function total({ count }: Buckets): number {
  return count.reduce((sum, value) => sum + value, 0);
}

/** A histogram with exponential buckets; the count follows from the buckets. */
export function exponential(parts: HistogramParts): FloatHistogram {
  const positive = bucketsFrom(parts.positive ?? {});
  const negative = bucketsFrom(parts.negative ?? {});
  const zeroCount = parts.zeroCount ?? 0;
  return {
    schema: parts.schema ?? 0,
    resetHint: parts.resetHint ?? ResetHint.unknown,
    count: total(positive) + total(negative) + zeroCount,
    sum: parts.sum ?? 0,
    zeroThreshold: parts.zeroThreshold ?? 0,
    zeroCount,
    positive,
    negative,
    customValues: NO_CUSTOM_VALUES,
  };
}

/** A histogram with custom buckets; the count follows from the buckets. */
export function custom(
  bounds: readonly number[],
  buckets: BucketRecord,
  parts: Pick<HistogramParts, 'resetHint' | 'sum'> = {},
): FloatHistogram {
  return {
    ...exponential({ ...parts, positive: buckets }),
    schema: CUSTOM_BUCKETS_SCHEMA,
    customValues: Float64Array.from(bounds),
  };
}

/** What a histogram says, as plain data for deepEqual; empty buckets left out. */
export function asRecord(h: FloatHistogram): Omit<
  FloatHistogram,
  'positive' | 'negative' | 'customValues'
> & {
  readonly positive: BucketRecord;
  readonly negative: BucketRecord;
  readonly customValues: readonly number[];
} {
  const record = ({ index, count }: Buckets): BucketRecord =>
    Object.fromEntries(
      [...index].map((i, at) => [i, count[at]!] as const).filter(([, value]) => value !== 0),
    );
  return {
    ...h,
    positive: record(h.positive),
    negative: record(h.negative),
    customValues: [...h.customValues],
  };
}

const resetHint = fc.constantFrom(...Object.values(ResetHint));
/** Whole numbers, so that sums are exact in any order. */
const count = fc.integer({ min: 0, max: 1000 });

function side(min: number, max: number): fc.Arbitrary<BucketRecord> {
  return fc.dictionary(fc.integer({ min, max }).map(String), count, { maxKeys: 8 });
}

export const arbitraryExponential: fc.Arbitrary<FloatHistogram> = fc
  .record({
    schema: fc.integer({ min: -2, max: 4 }),
    resetHint,
    sum: fc.integer({ min: -1000, max: 1000 }),
    zeroCount: count,
    positive: side(-20, 20),
    negative: side(-20, 20),
  })
  .map(exponential);

const BOUNDS = [-5, -1, 0, 0.5, 1, 2, 10];

export const arbitraryCustom: fc.Arbitrary<FloatHistogram> = fc
  .subarray(BOUNDS)
  .chain((bounds) =>
    fc
      .record({ resetHint, sum: fc.integer({ min: -1000, max: 1000 }), buckets: side(0, bounds.length) })
      .map(({ buckets, ...parts }) => custom(bounds, buckets, parts)),
  );

/** Two histograms of the same kind: both exponential or both custom. */
export const arbitraryPair: fc.Arbitrary<readonly [FloatHistogram, FloatHistogram]> = fc.oneof(
  fc.tuple(arbitraryExponential, arbitraryExponential),
  fc.tuple(arbitraryCustom, arbitraryCustom),
);

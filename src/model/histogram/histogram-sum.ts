import { kahanAdd } from '../kahan.ts';
import {
  addBuckets,
  cloneBuckets,
  type CompensatedBuckets,
  dropFirst,
  reduceCompensated,
  remapCompensated,
  settleBuckets,
  startBuckets,
} from './compensated-buckets.ts';
import { bucketMapping, intersectBounds, sameBounds } from './custom-bounds.ts';
import { type Buckets, type FloatHistogram, ResetHint, usesCustomBuckets } from './float-histogram.ts';
import { bucketsWithin, commonZeroThreshold, firstAbove } from './zero-bucket.ts';
import { combineResetHints } from './combine.ts';

/**
 * What adding a histogram came to: `reconciled` where custom bounds differed and were brought to the shared ones,
 * `incompatible` where only one side has custom buckets (then nothing was added).
 */
export type AddOutcome = 'added' | 'reconciled' | 'incompatible';

/** What belongs to a sum beside its counts. */
interface CarriedErrors {
  /** Of count, sum and zero count. */
  readonly totals: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  readonly resetSeen: boolean;
  readonly noResetSeen: boolean;
}

/** Positions in the columns of totals. */
const COUNT = 0;
const SUM = 1;
const ZERO = 2;

/**
 * A running sum of histograms with compensated summation, as `sum`, `sum_over_time` and the averages compute it
 * (Prometheus: FloatHistogram.KahanAdd). It owns its columns and adds in place while the bucket layout stays the same.
 */
export class HistogramSum {
  #schema: number;
  #resetHint: ResetHint;
  #zeroThreshold: number;
  #customValues: Float64Array;
  #positive: CompensatedBuckets;
  #negative: CompensatedBuckets;
  readonly #totals: Float64Array;
  readonly #errors: Float64Array;
  #resetSeen = false;
  #noResetSeen = false;

  constructor(first: FloatHistogram) {
    this.#schema = first.schema;
    this.#resetHint = first.resetHint;
    this.#zeroThreshold = first.zeroThreshold;
    this.#customValues = first.customValues;
    this.#positive = startBuckets(first.positive);
    this.#negative = startBuckets(first.negative);
    this.#totals = Float64Array.of(first.count, first.sum, first.zeroCount);
    this.#errors = new Float64Array(3);
    this.#noteHint(first.resetHint);
  }

  /** Carries a sum on that was computed elsewhere. Copies the counts and errors. */
  static resume(uncompensated: FloatHistogram, carried: CarriedErrors): HistogramSum {
    const sum = new HistogramSum(uncompensated);
    sum.#errors.set(carried.totals);
    sum.#positive.error.set(carried.positive);
    sum.#negative.error.set(carried.negative);
    sum.#resetSeen = carried.resetSeen;
    sum.#noResetSeen = carried.noResetSeen;
    return sum;
  }

  clone(): HistogramSum {
    const copy = new HistogramSum(this.#uncompensated());
    copy.#positive = cloneBuckets(this.#positive);
    copy.#negative = cloneBuckets(this.#negative);
    copy.#errors.set(this.#errors);
    copy.#resetSeen = this.#resetSeen;
    copy.#noResetSeen = this.#noResetSeen;
    return copy;
  }

  /** True where one summand claimed a counter reset and another claimed none: worth a warning. */
  get resetHintsCollide(): boolean {
    return this.#resetSeen && this.#noResetSeen;
  }

  add(other: FloatHistogram): AddOutcome {
    this.#noteHint(other.resetHint);
    const custom = usesCustomBuckets(other);
    if (custom !== usesCustomBuckets(this.#uncompensated())) return 'incompatible';
    this.#resetHint = combineResetHints(this.#resetHint, other.resetHint);
    kahanAdd(this.#totals, this.#errors, COUNT, other.count);
    kahanAdd(this.#totals, this.#errors, SUM, other.sum);
    if (custom) return this.#addCustom(other);
    this.#addExponential(other);
    return 'added';
  }

  multiply(factor: number): void {
    this.#each((column) => {
      for (let i = 0; i < column.length; i++) column[i]! *= factor;
    });
  }

  divide(divisor: number): void {
    this.#each((column) => {
      for (let i = 0; i < column.length; i++) column[i]! /= divisor;
    });
  }

  /** True where a total or a bucket has grown beyond float64. */
  hasOverflow(): boolean {
    return [this.#totals, this.#positive.count, this.#negative.count].some((column) =>
      column.some((value) => value === Infinity || value === -Infinity),
    );
  }

  /** The sum so far. It does not change when more is added. */
  value(): FloatHistogram {
    const [totals, errors] = [this.#totals, this.#errors];
    return {
      ...this.#uncompensated(),
      count: totals[COUNT]! + errors[COUNT]!,
      sum: totals[SUM]! + errors[SUM]!,
      zeroCount: totals[ZERO]! + errors[ZERO]!,
      positive: settleBuckets(this.#positive),
      negative: settleBuckets(this.#negative),
    };
  }

  #noteHint(hint: ResetHint): void {
    if (hint === ResetHint.reset) this.#resetSeen = true;
    else if (hint === ResetHint.notReset) this.#noResetSeen = true;
  }

  /** The sum without its errors, sharing the columns. */
  #uncompensated(): FloatHistogram {
    return {
      schema: this.#schema,
      resetHint: this.#resetHint,
      count: this.#totals[COUNT]!,
      sum: this.#totals[SUM]!,
      zeroThreshold: this.#zeroThreshold,
      zeroCount: this.#totals[ZERO]!,
      positive: this.#positive,
      negative: this.#negative,
      customValues: this.#customValues,
    };
  }

  #each(change: (column: Float64Array) => void): void {
    change(this.#totals);
    change(this.#errors);
    for (const { count, error } of [this.#positive, this.#negative]) {
      change(count);
      change(error);
    }
  }

  #addCustom(other: FloatHistogram): AddOutcome {
    if (sameBounds(this.#customValues, other.customValues)) {
      this.#positive = addBuckets(this.#positive, other.positive, 0);
      return 'added';
    }
    const bounds = intersectBounds(this.#customValues, other.customValues);
    const mapping = bucketMapping(other.customValues, bounds);
    const mine = bucketMapping(this.#customValues, bounds);
    const positive = remapCompensated(this.#positive, mine, bounds.length + 1);
    const { index, count } = other.positive;
    for (let i = 0; i < index.length; i++) {
      kahanAdd(positive.count, positive.error, mapping[index[i]!]!, count[i]!);
    }
    this.#positive = positive;
    this.#customValues = bounds;
    return 'reconciled';
  }

  #addExponential(other: FloatHistogram): void {
    this.#widen(commonZeroThreshold(this.#uncompensated(), other));
    this.#addZeroCount(other);
    const schema = Math.min(this.#schema, other.schema);
    this.#positive = this.#summed(this.#positive, other.positive, other.schema, schema);
    this.#negative = this.#summed(this.#negative, other.negative, other.schema, schema);
    this.#schema = schema;
  }

  #summed(mine: CompensatedBuckets, theirs: Buckets, origin: number, schema: number): CompensatedBuckets {
    const sum = reduceCompensated(mine, this.#schema, schema);
    if (origin === schema)
      return addBuckets(sum, theirs, firstAbove(theirs.index, schema, this.#zeroThreshold));
    const other = reduceCompensated(startBuckets(theirs), origin, schema);
    return addBuckets(sum, other, firstAbove(other.index, schema, this.#zeroThreshold), other.error);
  }

  /** With the buckets of `other` that lie inside of the zero threshold. */
  #addZeroCount(other: FloatHistogram): void {
    if (other.zeroThreshold === this.#zeroThreshold) {
      kahanAdd(this.#totals, this.#errors, ZERO, other.zeroCount);
      return;
    }
    const total = Float64Array.of(other.zeroCount);
    const error = new Float64Array(1);
    for (const buckets of [other.positive, other.negative]) {
      const within = bucketsWithin(buckets, other.schema, this.#zeroThreshold);
      for (let i = 0; i < within; i++) kahanAdd(total, error, 0, buckets.count[i]!);
    }
    kahanAdd(this.#totals, this.#errors, ZERO, total[0]!);
    kahanAdd(this.#totals, this.#errors, ZERO, error[0]!);
  }

  #widen(threshold: number): void {
    if (threshold === this.#zeroThreshold) return;
    this.#zeroThreshold = threshold;
    this.#positive = this.#absorb(this.#positive);
    this.#negative = this.#absorb(this.#negative);
  }

  /** Moves the buckets inside of the zero threshold into the zero bucket. */
  #absorb(buckets: CompensatedBuckets): CompensatedBuckets {
    const within = bucketsWithin(buckets, this.#schema, this.#zeroThreshold);
    for (let i = 0; i < within; i++) {
      kahanAdd(this.#totals, this.#errors, ZERO, buckets.count[i]!);
      kahanAdd(this.#totals, this.#errors, ZERO, buckets.error[i]!);
    }
    return dropFirst(buckets, within);
  }
}

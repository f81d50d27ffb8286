import {
  type Buckets,
  type FloatHistogram,
  NO_BUCKETS,
  ResetHint,
} from '../../model/histogram/float-histogram.ts';
import type { HistogramLayout } from '../../model/histogram/layout.ts';
import type { SampleBuffer } from '../../model/sample-columns.ts';
import { withModelResolution } from '../histogram-schema.ts';
import { checkTime } from './timestamps.ts';
import { STALE_HIGH, STALE_LOW, floatFromBits } from './xor-float.ts';

/** The counter reset header of a chunk of gauge histograms. */
export const GAUGE_HEADER = 0b11;

/** One histogram sample as it is in the chunk. */
export interface HistogramSample {
  readonly count: number;
  readonly zeroCount: number;
  readonly sum: number;
  /** Counts of the buckets of the layout; taken over, not copied. */
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** Takes the histogram samples of one chunk in order and appends those in [minTime, maxTime] to a buffer. */
export class HistogramAppender {
  /** True as soon as a sample came after `maxTime`: the rest of the chunk need not be read. */
  done = false;
  readonly #layout: HistogramLayout;
  readonly #gauge: boolean;
  readonly #target: SampleBuffer;
  readonly #minTime: number;
  readonly #maxTime: number;
  #previous = -Infinity;
  #isFirst = true;

  constructor(
    layout: HistogramLayout,
    resetHeader: number,
    target: SampleBuffer,
    minTime: number,
    maxTime: number,
  ) {
    this.#layout = layout;
    this.#gauge = resetHeader === GAUGE_HEADER;
    this.#target = target;
    this.#minTime = minTime;
    this.#maxTime = maxTime;
  }

  /** Tells whether the next sample, at `time`, is wanted; its counts need not be made otherwise. */
  wants(time: number): boolean {
    checkTime(time, this.#previous);
    this.#previous = time;
    this.done = time > this.#maxTime;
    return !this.done && time >= this.#minTime;
  }

  append(time: number, sample: HistogramSample, start: number): void {
    const { schema, zeroThreshold, positiveIndex, negativeIndex, customValues } = this.#layout;
    const histogram: FloatHistogram = {
      schema,
      resetHint: this.#resetHint(),
      count: sample.count,
      sum: sample.sum,
      zeroThreshold,
      zeroCount: sample.zeroCount,
      positive: bucketsOf(positiveIndex, sample.positive),
      negative: bucketsOf(negativeIndex, sample.negative),
      customValues,
    };
    this.#target.pushHistogram(time, withModelResolution(histogram));
    this.#setStart(start);
  }

  /** A histogram whose sum is the stale marker says no more than that: it becomes the marker itself. */
  appendStale(time: number, start: number): void {
    this.#target.push(time, floatFromBits(STALE_HIGH, STALE_LOW));
    this.#setStart(start);
  }

  /** To be called after every sample, wanted or not. */
  next(): void {
    this.#isFirst = false;
  }

  /**
   * A chunk is cut at each reset, so only its first sample can be one. Whether it is cannot be told from the header
   * alone: the chunk before it may be another one than when it was written (Prometheus does the same).
   */
  #resetHint(): ResetHint {
    if (this.#gauge) return ResetHint.gauge;
    return this.#isFirst ? ResetHint.unknown : ResetHint.notReset;
  }

  #setStart(start: number): void {
    if (start !== 0 || this.#target.st !== undefined) this.#target.setStart(start);
  }
}

function bucketsOf(index: Int32Array, count: Float64Array): Buckets {
  return index.length === 0 ? NO_BUCKETS : { index, count };
}

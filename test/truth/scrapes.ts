import { exponentialBound } from '../../src/model/histogram/bounds.ts';
import { NO_BUCKETS, NO_CUSTOM_VALUES, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { randomFrom } from './random.ts';
import type { Signal } from './signals.ts';

/** Native histograms' buckets double at every second one; the first reaches up to 2^-7.5 s, about 5 ms. */
const SCHEMA = 1;
const FIRST_BUCKET = -15;

/** A stretch of time, ms since the epoch, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How one replica watches a target. All times in ms. */
export interface Watch {
  readonly interval: number;
  /** Time of the first scrape. */
  readonly first: number;
  readonly end: number;
  /** Seed of the timestamps that come late: a tenth of them, by up to 5 ms. */
  readonly jitterSeed: number;
  /** Nothing is written in these stretches. */
  readonly outages: readonly Span[];
}

/** The times at which a replica writes samples of the target, ascending. */
export function scrapeTimes(watch: Watch): number[] {
  const random = randomFrom(watch.jitterSeed);
  const times: number[] = [];
  for (let t = watch.first; t < watch.end; t += watch.interval) {
    const late = random() < 0.1 ? Math.ceil(random() * 5) : 0;
    if (!watch.outages.some(({ from, to }) => t >= from && t < to)) times.push(t + late);
  }
  return times;
}

export function samplesOf(signal: Signal, times: readonly number[]): SampleBuffer {
  const samples = new SampleBuffer(times.length);
  for (const t of times) samples.push(t, signal(t));
  return samples;
}

/** The samples of these times, all of which are there: to work a signal out once more takes longer. */
export function samplesAt(times: readonly number[], { t, v, length }: SampleColumns): SampleBuffer {
  const found = new SampleBuffer(times.length);
  for (let i = 0; i < length; i++) if (t[i] === times[found.length]) found.push(t[i]!, v[i]!);
  return found;
}

/**
 * Native histograms of integer observations: a signal for each bucket, the lowest first. Hints say of each whether the
 * counts fell since the one before it in the same replica, as Prometheus does when it appends.
 */
export function histogramsOf(buckets: readonly Signal[], times: readonly number[]): SampleBuffer {
  const samples = new SampleBuffer(times.length);
  const index = Int32Array.from(buckets, (_, i) => FIRST_BUCKET + i);
  let previous: FloatHistogram | undefined;
  for (const t of times) {
    const counts = Float64Array.from(buckets, (bucket) => bucket(t));
    const count = counts.reduce((sum, each) => sum + each, 0);
    previous = {
      schema: SCHEMA,
      resetHint: hintAfter(previous, count),
      count,
      sum: counts.reduce((sum, each, i) => sum + each * exponentialBound(index[i]!, SCHEMA), 0),
      zeroThreshold: 0,
      zeroCount: 0,
      positive: { index, count: counts },
      negative: NO_BUCKETS,
      customValues: NO_CUSTOM_VALUES,
    };
    samples.pushHistogram(t, previous);
  }
  return samples;
}

function hintAfter(previous: FloatHistogram | undefined, count: number): ResetHint {
  if (previous === undefined) return ResetHint.unknown;
  return count < previous.count ? ResetHint.reset : ResetHint.notReset;
}

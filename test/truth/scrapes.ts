import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { randomFrom } from './random.ts';
import type { Signal } from './signals.ts';

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

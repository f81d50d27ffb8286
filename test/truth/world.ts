import type { Replica } from '../../src/dedup/replica.ts';
import { dedupe } from '../../src/dedup/dedupe.ts';
import type { DedupOptions } from '../../src/dedup/dedupe.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { isStale, STALE_NAN } from '../../src/model/stale.ts';
import { randomFrom } from './random.ts';
import type { Signal } from './signals.ts';

/** No multiple of anything, so that windows begin anywhere. ms since the epoch. */
export const ORIGIN_MS = 1_790_000_000_123;

/** How one replica sees a target; times in ms, scrapes are counted from 0. */
export interface Sight {
  readonly interval?: number;
  readonly phase?: number;
  /** Scrapes of which nothing is written. */
  readonly lacks?: (scrape: number) => boolean;
  /** Scrapes that do not reach the target: a stale marker at the first of a row, nothing at the others. */
  readonly blind?: (scrape: number) => boolean;
  /** Added to each timestamp: a clock that is wrong. */
  readonly skew?: number;
  /** Values are those of this long ago. */
  readonly lag?: number;
  /** The newest samples that have not arrived yet. */
  readonly late?: number;
  readonly firstScrape?: number;
}

/** Samples that a replica takes of a signal for `duration` ms; a tenth of the timestamps is up to 5 ms late. */
export function watch(signal: Signal, duration: number, sight: Sight, seed = 1): SampleBuffer {
  const { interval = 15_000, phase = 0, skew = 0, lag = 0, late = 0, firstScrape = 0 } = sight;
  const random = randomFrom(seed);
  const samples = new SampleBuffer();
  let wasBlind = false;
  for (let k = firstScrape; phase + k * interval < duration - late; k++) {
    if (sight.lacks?.(k) === true) continue;
    const at = ORIGIN_MS + phase + k * interval + (random() < 0.1 ? Math.ceil(random() * 5) : 0);
    const blind = sight.blind?.(k) === true;
    if (!blind) samples.push(at + skew, signal(at - lag));
    else if (!wasBlind) samples.push(at + skew, STALE_NAN);
    wasBlind = blind;
  }
  return samples;
}

/** Replicas a, b, c … that watch the same signal. */
export function replicas(signal: Signal, duration: number, sights: readonly Sight[]): Replica[] {
  return sights.map((sight, i) => ({
    name: String.fromCodePoint(97 + i),
    columns: watch(signal, duration, sight, i + 1),
  }));
}

export function merged(of: readonly Replica[], options?: DedupOptions): SampleBuffer {
  const target = new SampleBuffer();
  dedupe(of, target, options);
  return target;
}

/** A counter of 7 events a second that starts from zero at the given times (ms after the origin). */
export function counterWithResets(...resets: readonly number[]): Signal {
  return (t) => {
    const since = resets.findLast((reset) => ORIGIN_MS + reset <= t) ?? -3_600_000;
    return Math.floor((t - ORIGIN_MS - since) * 0.007);
  };
}

/** Longest spacing of samples in ms, stale markers left out. */
export function longestHole({ t, v, length }: SampleBuffer): number {
  const times = [...t.subarray(0, length)].filter((_, i) => !isStale(v[i]!));
  return Math.max(...times.slice(1).map((time, i) => time - times[i]!));
}

export function shortestSpacing({ t, length }: SampleBuffer): number {
  const times = [...t.subarray(0, length)];
  return Math.min(...times.slice(1).map((time, i) => time - times[i]!));
}

/** Number of samples that are lower than the one before. */
export function falls({ v, length }: SampleBuffer): number {
  return v.subarray(1, length).reduce((count, value, i) => count + (value < v[i]! ? 1 : 0), 0);
}

export function staleMarkers({ v, length }: SampleBuffer): number {
  return v.subarray(0, length).reduce((count, value) => count + (isStale(value) ? 1 : 0), 0);
}

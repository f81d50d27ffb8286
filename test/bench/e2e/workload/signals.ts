import type { FloatHistogram } from '../../../../src/model/histogram/float-histogram.ts';
import { exponential } from '../../../support/histograms.ts';

/**
 * What a target would show at a time (ms since the epoch). It depends on the time alone, so that replicas which scrape at
 * different moments see the same thing, and each run makes the same data.
 */
export type Signal = (time: number) => number;
export type HistogramSignal = (time: number) => FloatHistogram;

/** ms: how long the noise takes from one random value to the next. */
const NOISE_PERIOD = 20_000;
/** ms since the epoch: where counters begin. */
const COUNTER_ZERO = 1_790_000_000_000;

/** Whole numbers that never fall, `perSecond` more each second on average. */
export function counter(seed: number, perSecond: number): Signal {
  return (time) => Math.floor(events(seed, perSecond, time));
}

/** The cumulative count of one bucket of a classic histogram: a part of all events, so that wider ones hold more. */
export function bucketCounter(seed: number, perSecond: number, fraction: number): Signal {
  return (time) => Math.floor(fraction * Math.floor(events(seed, perSecond, time)));
}

/** Bytes, a multiple of a page, that wander by a tenth around a level. */
export function memory(seed: number): Signal {
  const level = 2 ** 26 * (1 + (scramble(seed) % 64));
  return (time) => {
    const wave = Math.sin(time / 900_000 + seed);
    return Math.floor((level * (1 + 0.08 * wave + 0.02 * noise(seed, time))) / 4096) * 4096;
  };
}

/** A small whole number that stays for a while. */
export function level(seed: number): Signal {
  return (time) => 20 + Math.floor(12 * noise(seed, time / 4));
}

/** Latencies as a native histogram, some thirty exponential buckets around 100 ms. */
export function latencies(seed: number, perSecond: number): HistogramSignal {
  const weights = BUCKETS.map((bucket) => Math.exp(-(((bucket + 26 + (seed % 5)) / 9) ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (time) => {
    const count = events(seed, perSecond, time);
    const positive = Object.fromEntries(
      BUCKETS.map((bucket, i) => [bucket, Math.floor((count * weights[i]!) / total)]),
    );
    return exponential({
      schema: SCHEMA,
      sum: count * 0.125,
      zeroThreshold: 2 ** -128,
      zeroCount: Math.floor(count / 10_000),
      positive,
    });
  };
}

const SCHEMA = 3;
const BUCKETS: readonly number[] = Array.from({ length: 32 }, (_, i) => i - 42);

function events(seed: number, perSecond: number, time: number): number {
  const seconds = (time - COUNTER_ZERO) / 1000;
  // The noise falls by less in its period than the rest grows, so the sum never falls.
  return perSecond * (seconds + (NOISE_PERIOD / 2000) * noise(seed, time));
}

/** 0 … 1, without jumps. */
function noise(seed: number, time: number): number {
  const period = Math.floor(time / NOISE_PERIOD);
  const part = time / NOISE_PERIOD - period;
  return fraction(seed, period) * (1 - part) + fraction(seed, period + 1) * part;
}

function fraction(seed: number, period: number): number {
  return scramble(Math.imul(seed, 7919) ^ period) / 2 ** 32;
}

/** Numbers from 0 to 2³² that look random. */
export function scramble(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) >>> 0;
}

import { type FloatHistogram, ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import type { Random } from '../../truth/random.ts';
import { custom, exponential } from '../histograms.ts';

/** What one scrape sees of a series. */
export type Value = number | FloatHistogram;

/** Upper bounds of the buckets of classic histograms, and of native ones with bounds of their own. */
export const BOUNDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5];

/** Far from zero, also after resets: how rates reach back to zero has changed between versions. */
export function counter(random: Random): () => number {
  let value = 100_000;
  const pace = 1 + Math.floor(random() * 20);
  return () => {
    if (random() < 0.01) value = 50_000 + Math.floor(random() * 1000);
    value += random() < 0.1 ? 0 : Math.floor(random() * pace * 2);
    return value;
  };
}

export function gauge(random: Random): () => number {
  let value = random() * 100 - 30;
  return () => {
    value += random() < 0.3 ? 0 : random() * 20 - 10;
    return random() < 0.3 ? Math.round(value) : value;
  };
}

/** Grows bucket by bucket; now and then it begins anew. */
export function nativeCounter(random: Random, schema: number): () => FloatHistogram {
  let counts = startCounts();
  return () => {
    if (random() < 0.02) counts = startCounts();
    const { positive, negative } = counts;
    for (let i = -4; i <= 5; i++)
      if (random() < 0.4) positive[i] = (positive[i] ?? 0) + Math.ceil(random() * 5);
    for (let i = -2; i <= 2; i++) if (random() < 0.1) negative[i] = (negative[i] ?? 0) + 1;
    counts.zero += random() < 0.3 ? 1 : 0;
    const sum = Object.entries(positive).reduce((sum, [i, n]) => sum + 2 ** (Number(i) / 2) * n, 0);
    return exponential({
      schema,
      sum,
      zeroThreshold: 0.001,
      zeroCount: counts.zero,
      positive: { ...positive },
      negative: { ...negative },
    });
  };
}

function startCounts(): { positive: Record<number, number>; negative: Record<number, number>; zero: number } {
  const positive: Record<number, number> = {};
  const negative: Record<number, number> = {};
  for (let i = -4; i <= 5; i++) positive[i] = 1;
  for (let i = -2; i <= 2; i++) negative[i] = 1;
  return { positive, negative, zero: 1 };
}

export function nativeGauge(random: Random): () => FloatHistogram {
  return () => {
    const positive: Record<number, number> = {};
    for (let i = -2; i <= 3; i++) positive[i] = 1 + Math.floor(random() * 10);
    return exponential({
      schema: 1,
      resetHint: ResetHint.gauge,
      sum: random() * 100,
      zeroThreshold: 0.01,
      zeroCount: 1 + Math.floor(random() * 3),
      positive,
    });
  };
}

export function customCounter(random: Random, bounds: readonly number[]): () => FloatHistogram {
  let counts: Record<number, number> = {};
  return () => {
    if (random() < 0.02) counts = {};
    for (let i = 0; i <= bounds.length; i++) {
      counts[i] ??= 1;
      if (random() < 0.5) counts[i] = (counts[i] ?? 0) + Math.ceil(random() * 5);
    }
    const sum = Object.entries(counts).reduce((sum, [i, n]) => sum + (bounds[Number(i)] ?? 4) * n, 0);
    return custom(bounds, counts, { sum });
  };
}

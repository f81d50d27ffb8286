import { dedupe } from '../../src/dedup/dedupe.ts';
import type { DedupOptions } from '../../src/dedup/dedupe.ts';
import type { DedupTrace } from '../../src/dedup/trace.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { isStale, STALE_NAN } from '../../src/model/stale.ts';

/** A multiple of the windows' length; times of these tests are seconds after it. */
export const EPOCH_S = 1_790_000_040;

/** Seconds and a value; `stale` because the marker's bits would not survive in an array of numbers. */
export type Sample = readonly [seconds: number, value: number | 'stale'];

export function columnsOf(samples: readonly Sample[]): SampleBuffer {
  const columns = new SampleBuffer();
  for (const [seconds, value] of samples)
    columns.push(EPOCH_S * 1000 + Math.round(seconds * 1000), value === 'stale' ? STALE_NAN : value);
  return columns;
}

/** Samples every `interval` seconds from `from` to before `to`, with values of their time. */
export function every(
  interval: number,
  from: number,
  to: number,
  value: (seconds: number) => number = (s) => s,
): [number, number][] {
  const samples: [number, number][] = [];
  for (let s = from; s < to; s += interval) samples.push([s, value(s)]);
  return samples;
}

/** Deduplicates replicas a, b, c …; as `seconds=value`, a stale marker as `seconds=stale`. */
export function merge(
  replicas: readonly (readonly Sample[])[],
  options?: DedupOptions,
  trace?: DedupTrace,
): string {
  const target = new SampleBuffer();
  const named = replicas.map((samples, i) => ({
    name: String.fromCodePoint(97 + i),
    columns: columnsOf(samples),
  }));
  dedupe(named, target, options, trace);
  return textOf(target);
}

export function textOf({ t, v, length }: SampleBuffer): string {
  return Array.from(t.subarray(0, length), (time, i) => {
    const value = isStale(v[i]!) ? 'stale' : String(v[i]!);
    return `${(time - EPOCH_S * 1000) / 1000}=${value}`;
  }).join(' ');
}

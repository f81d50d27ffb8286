import {
  NO_BUCKETS,
  NO_CUSTOM_VALUES,
  ResetHint,
  type FloatHistogram,
} from '../model/histogram/float-histogram.ts';
import { eventsBetween, gaugeAt, latencyShare, type Rhythm } from './signals.ts';
import { processStart, type Target } from './targets.ts';

/** One line of an exposition: a float or a native histogram. */
export interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | FloatHistogram;
}

const CLASSIC_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const NATIVE_SCHEMA = 3;
/** Indexes of the native buckets, from 1 ms to 8 s, and their upper bounds in seconds, after that of the one below. */
const NATIVE_FIRST = Math.ceil(Math.log2(0.001) * 2 ** NATIVE_SCHEMA);
const NATIVE_LAST = Math.floor(Math.log2(8) * 2 ** NATIVE_SCHEMA);
const NATIVE_BOUNDS: readonly number[] = Array.from(
  { length: NATIVE_LAST - NATIVE_FIRST + 2 },
  (_, i) => 2 ** ((NATIVE_FIRST - 1 + i) / 2 ** NATIVE_SCHEMA),
);
const CODES: readonly { readonly code: string; readonly share: number }[] = [
  { code: '200', share: 0.94 },
  { code: '404', share: 0.04 },
  { code: '500', share: 0.02 },
];

/** What the target shows at `at` (ms since the epoch): the same names and labels in the same order each time. */
export function scrape(target: Target, at: number): readonly Exposed[] {
  const now = at / 1000;
  const started = processStart(target, at) / 1000;
  const rhythm: Rhythm = { base: target.load, swing: 0.6, period: 900 + 60 * target.load };
  const requests = eventsBetween(rhythm, started, now);
  const median = 0.02 + target.load / 500;
  const busy = eventsBetween({ base: 0.02 * target.load, swing: 0.5, period: 700 }, started, now);
  return [
    ...CODES.map(({ code, share }) => counter('http_requests_total', { code }, requests * share)),
    ...classicHistogram(requests, median),
    { name: 'http_request_latency_seconds', labels: {}, value: nativeHistogram(requests, median) },
    counter('process_cpu_seconds_total', {}, busy * 100, 100),
    gauge('process_start_time_seconds', started),
    gauge('memory_usage_bytes', Math.round(gaugeAt(6e8, 2e8, 5400, now + target.phase))),
    gauge('queue_length', Math.max(0, Math.round(gaugeAt(20, 25, 1300, now + target.phase)))),
    gauge('temperature_celsius', gaugeAt(48, 9, 2600, now + target.phase)),
  ];
}

function counter(name: string, labels: Readonly<Record<string, string>>, value: number, per = 1): Exposed {
  return { name, labels, value: Math.floor(value) / per };
}

function gauge(name: string, value: number): Exposed {
  return { name, labels: {}, value };
}

function classicHistogram(requests: number, median: number): readonly Exposed[] {
  const name = 'http_request_duration_seconds';
  const total = Math.floor(requests);
  const buckets = CLASSIC_BOUNDS.map((bound) =>
    counter(`${name}_bucket`, { le: String(bound) }, requests * latencyShare(bound, median)),
  );
  return [
    ...buckets,
    counter(`${name}_bucket`, { le: '+Inf' }, requests),
    { name: `${name}_sum`, labels: {}, value: total * median * 1.21 },
    { name: `${name}_count`, labels: {}, value: total },
  ];
}

/** Counts are whole, as scraped ones are. */
function nativeHistogram(requests: number, median: number): FloatHistogram {
  const index: number[] = [];
  const count: number[] = [];
  let total = 0;
  let below = latencyShare(NATIVE_BOUNDS[0]!, median);
  for (let i = 1; i < NATIVE_BOUNDS.length; i++) {
    const upTo = latencyShare(NATIVE_BOUNDS[i]!, median);
    const inBucket = Math.floor(requests * (upTo - below));
    below = upTo;
    if (inBucket === 0) continue;
    index.push(NATIVE_FIRST - 1 + i);
    count.push(inBucket);
    total += inBucket;
  }
  return {
    schema: NATIVE_SCHEMA,
    resetHint: ResetHint.unknown,
    count: total,
    sum: total * median * 1.21,
    zeroThreshold: 2 ** -128,
    zeroCount: 0,
    positive: { index: Int32Array.from(index), count: Float64Array.from(count) },
    negative: NO_BUCKETS,
    customValues: NO_CUSTOM_VALUES,
  };
}

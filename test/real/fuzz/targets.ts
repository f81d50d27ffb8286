import {
  BOUNDS,
  counter,
  customCounter,
  gauge,
  nativeCounter,
  nativeGauge,
  type Value,
} from '../../support/differential/sample-values.ts';
import { DATA_LENGTH, DATA_START } from '../../support/differential/sample-series.ts';
import type { Random } from '../../truth/random.ts';
import type { Span } from '../../truth/scrapes.ts';

/** A series as each scrape of its target would see it. */
export interface SeenSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** By the number of the scrape; undefined where it is not exposed. */
  readonly values: readonly (Value | undefined)[];
}

/** What is scraped, or a group of rules: all of its series have samples at the same times. */
export interface Target {
  /** The labels of a scraped target; undefined for a group of rules. */
  readonly identity: Readonly<Record<string, string>> | undefined;
  readonly times: readonly number[];
  /** Whether it answered, by the number of the scrape. */
  readonly isUp: readonly boolean[];
  readonly series: readonly SeenSeries[];
}

const MINUTE = 60_000;
/** ms since the epoch. The fixed times of random queries lie in the middle. */
export const FIRST: number = DATA_START - 60 * MINUTE;
export const LAST: number = DATA_START + DATA_LENGTH + 50 * MINUTE;

export const CLUSTERS = ['eu', 'us', 'asia'] as const;
const JOBS = ['api', 'db', 'web'];
const INSTANCES = ['0', '1', '2'];
const PATHS = ['/', '/cart', '/login', '/search'];
const CODES = ['404', '500', '503'];

/** When the target of a job and an instance fails, ms since the epoch: once for a while, and by turns. */
function failuresOf(job: string, instance: string): readonly Span[] {
  if (job !== 'web' || instance !== '1') return [];
  const short = Array.from({ length: 6 }, (_, i) => {
    const from = DATA_START + (70 + 2 * i) * MINUTE;
    return { from, to: from + 20_000 };
  });
  return [{ from: DATA_START + 14 * MINUTE, to: DATA_START + 23 * MINUTE }, ...short];
}

/** All that the shards scrape and compute, by shard. Each shard has each job and each instance once. */
export function targetsOf(random: Random): readonly (readonly Target[])[] {
  return CLUSTERS.map((_, shard) => [
    ...JOBS.map((job, i) => scraped(random, job, INSTANCES[(shard + i) % INSTANCES.length]!)),
    ...ruleGroups(random, shard),
  ]);
}

function scraped(random: Random, job: string, instance: string): Target {
  const identity = { job, instance };
  const interval = job === 'db' && instance === '0' ? 30_000 : 15_000;
  const times = timesOf(interval, 1 + Math.floor(random() * (interval - 2)));
  const failures = failuresOf(job, instance);
  const isUp: readonly boolean[] = times.map(
    (time) => !failures.some(({ from, to }) => time >= from && time < to),
  );
  const series: SeenSeries[] = [];
  const add = (
    name: string,
    more: Readonly<Record<string, string>>,
    value: () => Value,
    life: readonly boolean[] = isUp,
  ): void => {
    const values = times.map((_, i) => {
      const seen = value();
      return life[i] === true && isUp[i] === true ? seen : undefined;
    });
    series.push({ labels: { __name__: name, ...identity, ...more }, values });
  };
  for (const path of PATHS) add('requests_total', { path }, counter(random));
  for (const code of CODES) {
    const life = code === '503' && job === 'web' ? lifeOf(random, times) : undefined;
    add('errors_total', { code }, counter(random), life);
  }
  for (const by of ['', 'a', 'b|c']) {
    const more = { ...(by === '' ? {} : { by }), 'a.b': 'x"y\\z', größe: 'é😀' };
    add('http_requests_total', more, counter(random));
  }
  add('memory_bytes', {}, gauge(random));
  add('memory_bytes', { le: '0.5' }, gauge(random), lifeOf(random, times));
  add('target_info', { version: instance === '0' ? 'v1' : 'v2', region: `r${instance}` }, () => 1);
  addClassicHistogram(random, add);
  add('latency_native', {}, nativeCounter(random, job === 'db' ? 1 : 2));
  const bounds = instance === '2' ? [0.1, 0.5, 2.5] : BOUNDS;
  add('latency_custom', {}, customCounter(random, bounds), lifeOf(random, times));
  return { identity, times, isUp, series };
}

type Add = (name: string, more: Readonly<Record<string, string>>, value: () => Value) => void;

/** Each scrape sees all of its buckets at the same moment, so they are made together, one after the other. */
function addClassicHistogram(random: Random, add: Add): void {
  const rows: number[][] = [];
  const bounds = [...BOUNDS.map(String), '+Inf'];
  const rowAt = (i: number): readonly number[] => {
    const before = rows.at(-1) ?? bounds.map((_, bucket) => 50_000 * (bucket + 1));
    let more = 0;
    if (rows.length <= i) rows.push(before.map((count) => count + (more += Math.floor(random() * 12))));
    return rows[i]!;
  };
  const each = (value: (row: readonly number[]) => number): (() => number) => {
    let i = 0;
    return () => value(rowAt(i++));
  };
  for (const [bucket, le] of bounds.entries())
    add(
      'latency_seconds_bucket',
      { le },
      each((row) => row[bucket]!),
    );
  add(
    'latency_seconds_count',
    {},
    each((row) => row.at(-1)!),
  );
  add(
    'latency_seconds_sum',
    {},
    each((row) => row.at(-1)! * 0.7),
  );
}

/** What belongs to no target: results of rules at round times, some of them rare, and of changing kinds. */
function ruleGroups(random: Random, shard: number): readonly Target[] {
  const group = (
    interval: number,
    skew: number,
    rules: readonly (readonly [string, string, () => Value])[],
  ): Target => {
    const times = timesOf(interval, skew);
    const isUp: readonly boolean[] = times.map(() => true);
    const series = rules.map(([name, job, value], i) => {
      const life = i % 2 === 0 ? isUp : lifeOf(random, times);
      const values = times.map((_, scrape) => {
        const seen = value();
        return life[scrape] === true ? seen : undefined;
      });
      return { labels: { __name__: name, ...(job === '' ? {} : { job }) }, values };
    });
    return { identity: undefined, times, isUp, series };
  };
  const special = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324, 3, 3, 3];
  const [floats, histograms] = [counter(random), nativeCounter(random, 2)];
  const [gauges, natives] = [gauge(random), nativeGauge(random)];
  let [mixedAt, otherAt] = [0, 0];
  const single: readonly (readonly [string, string, () => Value])[] =
    shard === 0 ? [['single', '', gauge(random)]] : [];
  return [
    group(30_000, 0, [
      ...JOBS.map((job) => ['job:rate:sum', job, gauge(random)] as const),
      ['special', JOBS[shard]!, () => special[Math.floor(random() * special.length)]!],
      ['size_gauge', JOBS[shard]!, nativeGauge(random)],
      ...single,
    ]),
    group(15_000, 4321, [
      ['mixed', 'api', () => (mixedAt++ < 400 ? floats() : histograms())],
      ['mixed', 'web', () => (otherAt++ % 7 < 4 ? gauges() : natives())],
    ]),
    group(240_000, 7321, [['sparse', 'api', gauge(random)]]),
  ];
}

function timesOf(interval: number, skew: number): readonly number[] {
  const times: number[] = [];
  for (let time = FIRST + skew; time < LAST; time += interval) times.push(time);
  return times;
}

/** When a series is there that comes later, goes earlier, or is away now and then. */
function lifeOf(random: Random, times: readonly number[]): readonly boolean[] {
  const [from, to] = [random() < 0.5 ? 0 : random() * 0.6, random() < 0.5 ? 1 : 0.7 + random() * 0.3];
  const gaps = Array.from({ length: Math.floor(random() * 3) }, () => {
    const start = random();
    return { start, end: start + random() * 0.1 };
  });
  return times.map((_, i) => {
    const at = i / times.length;
    return at >= from && at < to && !gaps.some(({ start, end }) => at >= start && at < end);
  });
}

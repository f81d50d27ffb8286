import { randomFrom, type Random } from '../../truth/random.ts';
import type { FloatHistogram } from '../../../src/model/histogram/float-histogram.ts';
import { compareLabels, labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import { copyColumns, SampleBuffer, type SampleColumns } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import {
  BOUNDS,
  counter,
  customCounter,
  gauge,
  nativeCounter,
  nativeGauge,
  type Value,
} from './sample-values.ts';

/** ms; a whole minute, so that steps and subqueries fall on round times. */
export const DATA_START = 1_790_000_040_000;
/** ms; how long the longest series are. */
export const DATA_LENGTH: number = 40 * 60_000;

/** A series of the sample data. */
export interface SampleSeries {
  readonly labels: Labels;
  readonly columns: SampleColumns;
}

interface Shape {
  readonly interval: number;
  /** ms behind each multiple of the interval. */
  readonly skew: number;
  /** From and to which fraction of the data the series is there. */
  readonly from: number;
  readonly to: number;
  /** Scrapes that fail: stretches of the series, as fractions. A stale marker is written at their start. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
}

const JOBS = ['api', 'db', 'web'];
const INSTANCES = ['0', '1', '2'];

/** Counters, gauges and classic histograms with resets, gaps, stale markers and special values. Ordered by labels. */
export function floatSeries(onGrid = false): readonly SampleSeries[] {
  const random = randomFrom(4211);
  const series: SampleSeries[] = [];
  const add = (record: Readonly<Record<string, string>>, values: (at: number) => Value): void => {
    const shape = shapeOf(random, onGrid);
    series.push({ labels: labelsFromRecord(record), columns: sampled(shape, values) });
  };
  for (const job of JOBS) {
    for (const instance of INSTANCES) {
      const target = { job, instance };
      add({ __name__: 'requests_total', ...target }, counter(random));
      if (job !== 'db') add({ __name__: 'errors_total', ...target, code: '500' }, counter(random));
      if (instance !== '2') add({ __name__: 'errors_total', ...target, code: '404' }, counter(random));
      add({ __name__: 'memory_bytes', ...target }, gauge(random));
      add({ __name__: 'up', ...target }, () => (random() < 0.9 ? 1 : 0));
      const version = instance === '0' ? 'v1' : 'v2';
      add({ __name__: 'target_info', ...target, version, region: `r${instance}` }, () => 1);
    }
  }
  for (const job of ['api', 'web']) {
    for (const instance of ['0', '1']) addClassicHistogram(random, onGrid, { job, instance }, series);
  }
  const special = [NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 5e-324, 3, 3, 3];
  add({ __name__: 'special', job: 'api' }, () => special[Math.floor(random() * special.length)]!);
  add({ __name__: 'special', job: 'web' }, () => special[Math.floor(random() * special.length)]!);
  add({ __name__: 'single' }, gauge(random));
  series.push({
    labels: labelsFromRecord({ __name__: 'sparse', job: 'api' }),
    columns: sampled({ interval: 240_000, skew: onGrid ? 0 : 7321, from: 0, to: 1, gaps: [] }, gauge(random)),
  });
  return series.sort((a, b) => compareLabels(a.labels, b.labels));
}

/** Native histograms of several layouts, gauges and counters, and series that change between kinds. */
export function histogramSeries(onGrid = false): readonly SampleSeries[] {
  const random = randomFrom(977);
  const series: SampleSeries[] = [];
  const add = (record: Readonly<Record<string, string>>, values: (at: number) => Value): void => {
    const shape = shapeOf(random, onGrid);
    series.push({ labels: labelsFromRecord(record), columns: sampled(shape, values) });
  };
  for (const job of JOBS) {
    for (const instance of INSTANCES) {
      const target = { job, instance };
      add({ __name__: 'latency_native', ...target }, nativeCounter(random, job === 'db' ? 1 : 2));
      const bounds = instance === '2' ? [0.1, 0.5, 2.5] : BOUNDS;
      add({ __name__: 'latency_custom', ...target }, customCounter(random, bounds));
    }
    add({ __name__: 'size_gauge', job }, nativeGauge(random));
  }
  const [floats, histograms] = [counter(random), nativeCounter(random, 2)];
  add({ __name__: 'mixed', job: 'api' }, (at) => (at < 0.5 ? floats() : histograms()));
  const [other, customs] = [nativeCounter(random, 3), customCounter(random, BOUNDS)];
  add({ __name__: 'mixed', job: 'db' }, (at) => (Math.floor(at * 10) % 2 === 0 ? other() : customs()));
  const [gauges, natives] = [gauge(random), nativeGauge(random)];
  add({ __name__: 'mixed', job: 'web' }, () => (random() < 0.5 ? gauges() : natives()));
  return series.sort((a, b) => compareLabels(a.labels, b.labels));
}

function shapeOf(random: Random, onGrid: boolean): Shape {
  const gaps = Array.from({ length: Math.floor(random() * 3) }, (): [number, number] => {
    const from = random();
    return [from, from + random() * 0.2];
  });
  return {
    interval: random() < 0.8 ? 15_000 : 30_000,
    // Never a whole second, so that no sample lies where a window begins.
    skew: onGrid ? 0 : 1 + Math.floor(random() * 998) + 1000 * Math.floor(random() * 14),
    from: random() < 0.8 ? 0 : random() * 0.5,
    to: random() < 0.8 ? 1 : 0.5 + random() * 0.5,
    gaps,
  };
}

function sampled(shape: Shape, values: (at: number) => Value): SampleColumns {
  const { interval, skew, from, to, gaps } = shape;
  const columns = new SampleBuffer();
  let wasThere = false;
  for (let t = skew; t < DATA_LENGTH; t += interval) {
    const at = t / DATA_LENGTH;
    const value = values(at);
    const isThere = at >= from && at < to && !gaps.some(([start, end]) => at >= start && at < end);
    if (!isThere && wasThere) columns.push(DATA_START + t, STALE_NAN);
    else if (isThere && typeof value === 'number') columns.push(DATA_START + t, value);
    else if (isThere) columns.pushHistogram(DATA_START + t, value as FloatHistogram);
    wasThere = isThere;
  }
  return copyColumns(columns);
}

function addClassicHistogram(
  random: Random,
  onGrid: boolean,
  target: Readonly<Record<string, string>>,
  series: SampleSeries[],
): void {
  const shape = shapeOf(random, onGrid);
  const counts = new Float64Array(BOUNDS.length + 1).fill(50_000);
  const rows = new Map<number, Float64Array>();
  const countsAt = (at: number): Float64Array => {
    let row = rows.get(at);
    if (row === undefined) {
      for (let i = 0; i < counts.length; i++) counts[i]! += Math.floor(random() * 12);
      row = counts.slice();
      rows.set(at, row);
    }
    return row;
  };
  const upTo = (at: number, last: number): number =>
    countsAt(at)
      .subarray(0, last + 1)
      .reduce((sum, n) => sum + n, 0);
  const name = 'latency_seconds';
  const push = (record: Readonly<Record<string, string>>, value: (at: number) => number): void => {
    series.push({ labels: labelsFromRecord({ ...record, ...target }), columns: sampled(shape, value) });
  };
  for (const [i, bound] of [...BOUNDS, '+Inf'].entries()) {
    push({ __name__: `${name}_bucket`, le: String(bound) }, (at) => upTo(at, i));
  }
  push({ __name__: `${name}_count` }, (at) => upTo(at, BOUNDS.length));
  push({ __name__: `${name}_sum` }, (at) => upTo(at, BOUNDS.length) * 0.7);
}

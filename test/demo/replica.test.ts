import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplicaScraper, type LiveSeries } from '../../src/demo/replica.ts';
import type { ReplicaScript } from '../../src/demo/schedule.ts';
import { targetsOf } from '../../src/demo/targets.ts';
import { labelValue } from '../../src/model/labels.ts';

const START = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const STEADY: ReplicaScript = { awayFromMinute: 99, missEvery: 0, longOutage: undefined };

function replica(script: ReplicaScript, lag = 0, until = START): ReplicaScraper {
  const scraper = new ReplicaScraper({
    targets: targetsOf('eu'),
    script,
    startedAt: START,
    historyMs: HOUR,
    lag,
  });
  scraper.advance(until);
  return scraper;
}

function seriesOf(scraper: ReplicaScraper, name: string): readonly LiveSeries[] {
  return [...scraper.series()].filter(({ labels }) => labelValue(labels, '__name__') === name);
}

function largestGap({ columns }: LiveSeries): number {
  let gap = 0;
  for (let i = 1; i < columns.length; i++) gap = Math.max(gap, columns.t[i]! - columns.t[i - 1]!);
  return gap;
}

test('an hour of history holds a sample every 15 seconds of every target', () => {
  const up = seriesOf(replica(STEADY), 'up');
  assert.equal(up.length, 9);
  assert.deepEqual(new Set(up.map(({ columns }) => columns.length)), new Set([240]));
  assert.deepEqual(new Set(up.map(largestGap)), new Set([15_000]));
});

test('history continues without a seam while the demo runs', () => {
  const scraper = replica(STEADY);
  scraper.advance(START + 7000);
  scraper.advance(START + 61_000);
  assert.deepEqual(new Set(seriesOf(scraper, 'up').map(largestGap)), new Set([15_000]));
});

test('a replica that is away leaves a hole of minutes, and one that misses scrapes single holes', () => {
  const away = seriesOf(replica({ ...STEADY, awayFromMinute: 5 }), 'up')[0]!;
  const missing = seriesOf(replica({ ...STEADY, missEvery: 10 }), 'up')[0]!;
  assert.equal(largestGap(away), 135_000);
  assert.equal(largestGap(missing), 30_000);
});

test('two replicas see the same truth at moments of their own', () => {
  const [a, b] = [replica(STEADY), replica(STEADY, 4321)].map((each) =>
    seriesOf(each, 'process_start_time_seconds'),
  );
  assert.notEqual(a![0]!.columns.t[0], b![0]!.columns.t[0]);
  assert.equal(a![0]!.columns.v[0], b![0]!.columns.v[0]);
});

test('counters fall only where their process restarted', () => {
  const scraper = replica(STEADY, 0, START + 6 * HOUR);
  const started = startsOf(scraper);
  let resets = 0;
  for (const { labels, columns } of seriesOf(scraper, 'http_requests_total')) {
    const start = started.get(labelValue(labels, 'instance'))!;
    for (let i = 1; i < columns.length; i++) {
      const fell = columns.v[i]! < columns.v[i - 1]!;
      if (fell) resets++;
      if (fell) assert.notEqual(start.v[i], start.v[i - 1]);
    }
  }
  assert.ok(resets > 0);
});

test('native histograms count what their buckets hold and never fall without a restart', () => {
  const scraper = replica(STEADY, 0, START + 6 * HOUR);
  const started = startsOf(scraper);
  let resets = 0;
  for (const { labels, columns } of seriesOf(scraper, 'http_request_latency_seconds')) {
    const start = started.get(labelValue(labels, 'instance'))!;
    for (let i = 0; i < columns.length; i++) {
      const { positive, count } = columns.h!.at(i)!;
      assert.equal(
        positive.count.reduce((sum, count) => sum + count, 0),
        count,
      );
      if (i === 0 || count >= columns.h!.at(i - 1)!.count) continue;
      resets++;
      assert.notEqual(start.v[i], start.v[i - 1]);
    }
  }
  assert.ok(resets > 0);
});

/** When the process of each instance began, sample by sample. */
function startsOf(scraper: ReplicaScraper): ReadonlyMap<string, LiveSeries['columns']> {
  return new Map(
    seriesOf(scraper, 'process_start_time_seconds').map(({ labels, columns }) => [
      labelValue(labels, 'instance'),
      columns,
    ]),
  );
}

test('old samples are forgotten, newer ones kept as they were', () => {
  const scraper = replica(STEADY);
  scraper.forgetBefore(START - 600_000);
  const [up] = seriesOf(scraper, 'up');
  assert.equal(up!.columns.length, 40);
  assert.ok(up!.columns.t[0]! >= START - 600_000);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  firstScrapeFrom,
  interruptedRuns,
  interruption,
  lastScrapeUntil,
  scrapesWithin,
} from '../../../src/cluster/coverage/interrupted-runs.ts';
import { TargetRuns } from '../../../src/cluster/coverage/target-runs.ts';

const S = 1000;

/** Runs that were scraped every 15 s: from and to, in s. */
function runsOf(...spans: readonly (readonly [from: number, to: number])[]): TargetRuns {
  const runs = new TargetRuns();
  spans.forEach(([from, to], i) => {
    runs.firsts[i] = from * S;
    runs.lasts[i] = to * S;
    runs.intervals[i] = 15 * S;
    runs.scraped[i] = 1;
    runs.length++;
  });
  return runs;
}

/** Scraped for 10 minutes, away for 5, scraped for 10, one scrape missed, and scraped for 5. */
const SPANS = [
  [0, 600],
  [900, 1500],
  [1530, 1830],
] as const;
const { runs } = interruptedRuns(runsOf(...SPANS), Infinity)!;

describe('runs of scrapes with interruptions', () => {
  it('count the scrapes between two of them, over interruptions as well', () => {
    for (const [from, to, count] of [
      [0, 0, 1],
      [0, 600, 41],
      [600, 900, 2],
      [585, 930, 5],
      [1500, 1530, 2],
      [0, 1830, 41 + 41 + 21],
      // With jitter.
      [0.02, 599.98, 41],
      [600.02, 899.98, 2],
    ] as const)
      assert.equal(scrapesWithin(runs, from * S, to * S), count, `${from} to ${to}`);
  });

  it('are taken to begin and to go on beyond what is known', () => {
    assert.equal(scrapesWithin(runs, -150 * S, 0), 11);
    assert.equal(scrapesWithin(runs, 1830 * S, 1980 * S), 11);
  });

  it('tell the first scrape from a time on, and the last one until a time', () => {
    assert.deepEqual(
      [300, 601, 1000, 1900].map((time) => firstScrapeFrom(runs, time * S) / S),
      [0, 900, 900, Infinity],
    );
    assert.deepEqual(
      [-1, 300, 700, 1525, 2000].map((time) => lastScrapeUntil(runs, time * S) / S),
      [-Infinity, 600, 600, 1500, 1830],
    );
  });

  it('tell the time around all interruptions that touch a range', () => {
    for (const [from, to, expected] of [
      [0, 1830, [600, 1530]],
      [0, 1000, [600, 900]],
      [700, 800, [600, 900]],
      [1000, 1830, [1500, 1530]],
    ] as const) {
      const found = interruption(runs, from * S, to * S);
      assert.deepEqual([found.from / S, found.to / S], expected, `${from} to ${to}`);
    }
    for (const [from, to] of [
      [0, 600],
      [900, 1500],
      [1530, 9000],
    ] as const) {
      const none = interruption(runs, from * S, to * S);
      assert.ok(none.to < none.from, `${from} to ${to}`);
    }
  });

  it('are known up to a time, with the last scrape and the longest interval', () => {
    const slower = runsOf(...SPANS);
    slower.intervals[1] = 30 * S;
    const found = interruptedRuns(slower, 1000 * S)!;
    assert.deepEqual([found.last / S, found.interval / S, found.runs.length], [1500, 30, 6]);
  });

  it('are none where a scrape failed, the target was taken away, or there are too many', () => {
    const failed = runsOf(...SPANS);
    failed.scraped[1] = 0;
    const ended = runsOf(...SPANS);
    ended.ended[0] = 1;
    const unknown = runsOf(...SPANS);
    unknown.isUnknown = true;
    const most = Array.from({ length: 8 }, (_, i) => [100 * i, 100 * i + 45] as const);
    for (const none of [failed, ended, unknown, runsOf()])
      assert.equal(interruptedRuns(none, Infinity), undefined);
    assert.equal(interruptedRuns(runsOf(...most), Infinity)?.runs.length, 24);
    const more = new TargetRuns();
    Object.assign(more, { length: 9, firsts: new Float64Array(9), lasts: new Float64Array(9) });
    Object.assign(more, { intervals: new Float64Array(9), scraped: new Uint8Array(9).fill(1) });
    assert.equal(interruptedRuns(more, Infinity), undefined);
  });
});

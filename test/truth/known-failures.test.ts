import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { marginFor } from '../../src/dedup/margin.ts';
import type { Replica } from '../../src/dedup/replica.ts';
import { appendRange, SampleBuffer } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { rateAt } from './rate.ts';
import {
  counterWithResets,
  falls,
  longestHole,
  merged,
  ORIGIN_MS,
  replicas,
  shortestSpacing,
  staleMarkers,
} from './world.ts';

const HOUR = 3_600_000;
const INTERVAL = 15_000;
const steady = counterWithResets();

/** What goes wrong elsewhere, by the issue that reports it. */
describe('failures known from other systems', () => {
  test('gaps do not grow: one missed scrape is filled (thanos#981, thanos#7364)', () => {
    const watched = replicas(steady, HOUR, [
      { lacks: (k) => k % 20 === 7 },
      { phase: 12_000, lacks: (k) => k % 20 === 3 },
    ]);
    assert.ok(longestHole(merged(watched)) <= 1.5 * INTERVAL + 5);
    assert.ok(
      longestHole(merged(watched, { mode: 'penalty' })) > 1.5 * INTERVAL + 5,
      'the classic iterator fails here',
    );
  });

  test('the newest sample is not lost, whichever replica has it (thanos#8154)', () => {
    for (const late of [0, 10_000, 20_000, 40_000, 400_000]) {
      for (const sights of [
        [{ late }, { phase: 9000 }],
        [{}, { phase: 9000, late }],
      ]) {
        const watched = replicas(steady, HOUR, sights);
        const newest = Math.max(...watched.map(({ columns }) => columns.t[columns.length - 1]!));
        const output = merged(watched);
        assert.ok(output.t[output.length - 1]! >= newest - INTERVAL / 2 - 10);
      }
    }
  });

  test('the answer is the same from wherever the query starts (thanos#2890, thanos#7341)', () => {
    const watched = replicas(steady, HOUR, [
      { lacks: (k) => k % 11 === 3 || (k > 90 && k < 120) },
      { phase: 4321, lacks: (k) => k % 13 === 5 },
    ]);
    const whole = between(merged(watched), ORIGIN_MS + 2_000_000, ORIGIN_MS + 2_600_000);
    for (let start = 1_900_000; start <= 2_000_000; start += 1234) {
      const from = ORIGIN_MS + start - marginFor(INTERVAL);
      const part = watched.map(({ name, columns }): Replica => ({
        name,
        columns: between(columns, from, Infinity),
      }));
      assert.deepEqual(
        between(merged(part), ORIGIN_MS + 2_000_000, ORIGIN_MS + 2_600_000).t.slice(0, whole.length),
        whole.t.slice(0, whole.length),
      );
    }
  });

  test('samples of two replicas mixed are no resets (thanos#7623)', () => {
    for (let lag = 0; lag <= 20_000; lag += 1000) {
      const watched = replicas(steady, HOUR, [
        { lacks: (k) => k % 30 > 20 },
        { phase: 7000, lag, lacks: (k) => k % 30 < 5 },
      ]);
      assert.equal(falls(merged(watched)), 0, `with ${lag} ms of lag`);
    }
  });

  test('resets() sees every reset once (thanos#3644)', () => {
    for (let reset = 1_000_000; reset < 1_030_000; reset += 777) {
      const watched = replicas(counterWithResets(reset), HOUR, [
        { lacks: (k) => k >= 60 && k < 68 },
        { phase: 4321, lacks: (k) => k >= 72 && k < 80 },
      ]);
      assert.equal(falls(merged(watched)), 1, `a reset ${reset} ms after the start`);
    }
  });

  test('rate does not dip where the replica changes', () => {
    const watched = replicas(steady, HOUR, [{ lacks: (k) => k >= 80 && k < 120 }, { phase: 4321 }]);
    const output = merged(watched);
    for (let t = ORIGIN_MS + 600_000; t < ORIGIN_MS + HOUR; t += INTERVAL) {
      const rate = rateAt(output, t, 300_000);
      assert.ok(Math.abs(rate - 7) < 7 * 0.05, `${rate} at ${t - ORIGIN_MS} ms`);
    }
  });

  test('samples are not doubled, whatever the phases (promxy#734)', () => {
    for (let phase = 0; phase < INTERVAL; phase += 500) {
      const output = merged(replicas(steady, HOUR, [{}, { phase }]));
      assert.ok(output.length <= HOUR / INTERVAL + 1);
      assert.ok(shortestSpacing(output) >= INTERVAL / 2 - 10);
    }
  });

  test('`up` does not flap while one replica reaches the target (thanos#5840)', () => {
    const blind = (k: number): boolean => k >= 60 && k < 140;
    const upOf = (phase: number, seesIt: boolean): SampleBuffer => {
      const up = new SampleBuffer();
      for (let k = 0; k < 240; k++) up.push(ORIGIN_MS + phase + k * INTERVAL, seesIt || !blind(k) ? 1 : 0);
      return up;
    };
    const up = merged(
      [
        { name: 'a', columns: upOf(0, false) },
        { name: 'b', columns: upOf(6000, true) },
      ],
      { scrapeHealth: true },
    );
    assert.ok(up.v.subarray(0, up.length).every((value) => value === 1));
    const series = merged(replicas(steady, HOUR, [{ blind }, { phase: 6000 }]));
    assert.equal(staleMarkers(series), 0);
    assert.ok(longestHole(series) <= 1.5 * INTERVAL + 5);
  });

  test("a replica's low start does not win (promxy#311, promxy#592)", () => {
    // The second replica came up late and its first samples repeat an old value from its own cache.
    const watched = replicas(steady, HOUR, [{}, { phase: 4321, firstScrape: 100, lag: 20_000 }]);
    const output = merged(watched);
    assert.equal(falls(output), 0);
    assert.deepEqual(
      [...output.v.subarray(0, 239)],
      [...watched[0]!.columns.v.subarray(0, 239)],
      'the healthy replica is kept from end to end',
    );
  });
});

function between(columns: SampleColumns, from: number, to: number): SampleBuffer {
  const part = new SampleBuffer();
  for (let i = 0; i < columns.length; i++)
    if (columns.t[i]! >= from && columns.t[i]! <= to) appendRange(part, columns, i, i + 1);
  return part;
}

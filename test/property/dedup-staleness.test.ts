import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { appendRange, SampleBuffer } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { isStale, STALE_NAN } from '../../src/model/stale.ts';
import { deduped, replicasOf, scenario } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

const ORIGIN = 1_790_000_000_123;
const INTERVAL = 15_000;
const SCRAPES = 120;

/** A replica that scrapes all the time, but does not reach the target in the scrapes [from, from + missed). */
interface Sight {
  readonly phase: number;
  readonly from: number;
  readonly missed: number;
}

const sight: fc.Arbitrary<Sight> = fc.record({
  phase: fc.integer({ min: 0, max: INTERVAL - 1 }),
  from: fc.integer({ min: 10, max: 80 }),
  missed: fc.integer({ min: 0, max: 30 }),
});

/** A series of the target: a stale marker at the first scrape that fails. */
function seriesOf({ phase, from, missed }: Sight, slower: number, end = SCRAPES): SampleBuffer {
  const columns = new SampleBuffer();
  for (let k = 0; k < end; k++) {
    const t = ORIGIN + slower * (phase + k * INTERVAL);
    if (k === from && missed > 0) columns.push(t, STALE_NAN);
    else if (k < from || k >= from + missed) columns.push(t, k);
  }
  if (end < SCRAPES) columns.push(ORIGIN + slower * (phase + end * INTERVAL), STALE_NAN);
  return columns;
}

function upOf({ phase, from, missed }: Sight, slower: number): SampleBuffer {
  const columns = new SampleBuffer();
  for (let k = 0; k < SCRAPES; k++)
    columns.push(ORIGIN + slower * (phase + k * INTERVAL), k >= from && k < from + missed ? 0 : 1);
  return columns;
}

function withSample(columns: SampleColumns, t: number, v: number): SampleBuffer {
  const longer = new SampleBuffer();
  appendRange(longer, columns, 0, columns.length);
  longer.push(t, v);
  return longer;
}

function named(columns: readonly SampleBuffer[]): { name: string; columns: SampleBuffer }[] {
  return columns.map((column, i) => ({ name: String.fromCodePoint(97 + i), columns: column }));
}

/** How often the interval: 15 s, five minutes, an hour. */
const slowness = fc.constantFrom(1, 20, 240);
const blind = fc.array(sight, { minLength: 1, maxLength: 3 });
const healthy = fc.record({ phase: fc.integer({ min: 0, max: INTERVAL - 1 }), place: fc.nat(3) });

test('while one replica reaches the target, markers of others end nothing and the series has no hole', () => {
  assertProperty(
    fc.property(blind, healthy, slowness, (sights, { phase, place }, slower) => {
      const columns = sights.map((s) => seriesOf(s, slower));
      columns.splice(place, 0, seriesOf({ phase, from: 0, missed: 0 }, slower));
      const { t, v, length } = deduped(named(columns));
      assert.ok(
        t[0]! <= ORIGIN + slower * INTERVAL && t[length - 1]! >= ORIGIN + slower * (SCRAPES - 1) * INTERVAL,
      );
      // Two phases that are half an interval apart can leave this much more; where two replicas' outages touch, the
      // second fill begins half an interval behind the first.
      const longest = sights.length === 1 ? 1.5 * INTERVAL + 5 : 1.75 * INTERVAL;
      for (let i = 0; i < length; i++) {
        assert.ok(!isStale(v[i]!), `a stale marker at sample ${i}`);
        assert.ok(
          i === 0 || t[i]! - t[i - 1]! <= slower * longest,
          `${t[i]! - t[i - 1]!} ms before sample ${i}`,
        );
      }
    }),
    { numRuns: 1000, seed: 9 },
  );
});

test('while one replica reaches the target, `up` stays 1', () => {
  assertProperty(
    fc.property(blind, healthy, slowness, (sights, { phase, place }, slower) => {
      const columns = sights.map((s) => upOf(s, slower));
      columns.splice(place, 0, upOf({ phase, from: 0, missed: 0 }, slower));
      const { v, length } = deduped(named(columns), { scrapeHealth: true });
      // A seam may cost a sample.
      assert.ok(length >= 0.9 * SCRAPES, `${length} samples of ${SCRAPES} scrapes`);
      assert.ok(v.subarray(0, length).every((value) => value === 1));
    }),
    { numRuns: 1000, seed: 10 },
  );
});

test('when all replicas give a series up it ends with one marker, behind the last sample', () => {
  assertProperty(
    fc.property(
      fc.array(fc.record({ phase: fc.nat(INTERVAL - 1), end: fc.integer({ min: 20, max: 21 }) }), {
        minLength: 2,
        maxLength: 4,
      }),
      slowness,
      (sights, slower) => {
        const columns = sights.map(({ phase, end }) => seriesOf({ phase, from: 0, missed: 0 }, slower, end));
        const { t, v, length } = deduped(named(columns));
        const stale = Array.from(v.subarray(0, length), (value) => isStale(value));
        assert.deepEqual(
          stale,
          Array.from(stale, (_, i) => i === length - 1),
        );
        assert.ok(t[length - 1]! - t[length - 2]! <= slower * 1.5 * INTERVAL);
      },
    ),
    { numRuns: 1000, seed: 11 },
  );
});

test('failed scrapes of `up` change nothing of what is days before them', () => {
  assertProperty(
    fc.property(scenario(2, 4), fc.integer({ min: 2, max: 40 }), (world, giveUpEvery) => {
      const later = ORIGIN + 2 * world.interval * world.scrapes + 10 * 86_400_000;
      const before = [0, 1].map((value) => {
        let scrapes = 0;
        const columns = replicasOf(world, () => (++scrapes % giveUpEvery === 0 ? STALE_NAN : 1)).map(
          (replica) => withSample(replica.columns, later, value),
        );
        const { t, v, length } = deduped(named(columns), { scrapeHealth: true });
        const end = t.subarray(0, length).findLastIndex((time) => time < later) + 1;
        return Array.from(v.subarray(0, end), (seen, i) => `${t[i]!} ${isStale(seen) ? 'stale' : seen}`);
      });
      assert.deepEqual(before[0], before[1]);
    }),
    { numRuns: 1000, seed: 12 },
  );
});

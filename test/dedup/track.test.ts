import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sourcesOf } from '../../src/dedup/replica.ts';
import { Track } from '../../src/dedup/track.ts';
import { WINDOW_MS } from '../../src/dedup/window-length.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { assertProperty } from '../support/property.ts';

const START = 1_790_000_040_000;

/** Spacings of whole ms, most of them the same. */
const spacings = fc.integer({ min: 1, max: 4000 }).chain((usual) => {
  const spacing = fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map((late) => usual + late) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 * usual }) },
  );
  return fc.array(spacing, { minLength: 10, maxLength: 400, size: 'max' });
});

test('in window after window, the interval and the holes are those of the definition', () => {
  assertProperty(
    fc.property(spacings, fc.double({ min: 0.2, max: 3, noNaN: true }), (all, factor) => {
      const columns = new SampleBuffer();
      let at = START;
      for (const spacing of all) columns.push((at += spacing), 0);
      const track = new Track(0);
      track.begin(sourcesOf([{ name: 'a', columns }])[0]!);
      for (let start = START; start < at; start += WINDOW_MS) {
        track.scan({ start, end: start + WINDOW_MS, length: WINDOW_MS });
        const within = [...columns.t.subarray(0, columns.length)].filter(
          (t) => t >= start && t < start + WINDOW_MS,
        );
        assert.equal(track.hi - track.lo, within.length);
        const found = within.slice(1).map((t, i) => t - within[i]!);
        if (found.length < 3 || found.length > 240) continue;
        const sorted = found.toSorted((a, b) => a - b);
        const isEven = sorted.at(-1) <= 1.125 * sorted[0]!;
        const mean = (within.at(-1) - within[0]!) / found.length;
        assert.equal(track.interval, isEven ? mean : sorted[(sorted.length - 1) >>> 1]);
        const hole = factor * track.interval;
        track.listHoles(hole);
        assert.deepEqual(
          [...track.holes.subarray(0, track.holeCount)],
          found.flatMap((spacing, i) => (spacing > hole ? [track.lo + i + 1] : [])),
        );
      }
    }),
    { numRuns: 1000, seed: 18 },
  );
});

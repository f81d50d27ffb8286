import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, INTERVAL } from './faults.ts';
import {
  replicas,
  counterWithResets,
  falls,
  longestHole,
  merged,
  ORIGIN_MS,
  shortestSpacing,
  staleMarkers,
} from './world.ts';

const HOUR = 3_600_000;

for (const [name, { sights, resets = [], hole = 1.5 * INTERVAL + 5, markers = 0 }] of Object.entries(
  FAULTS,
)) {
  test(`fault: ${name}`, () => {
    const watched = replicas(counterWithResets(...resets), HOUR, sights);
    const output = merged(watched);
    assert.ok(longestHole(output) <= hole, `a hole of ${longestHole(output)} ms`);
    assert.ok(shortestSpacing(output) >= INTERVAL / 2 - 10, `samples ${shortestSpacing(output)} ms apart`);
    assert.equal(falls(output), resets.length);
    assert.equal(staleMarkers(output), markers);
    const newest = Math.max(...watched.map(({ columns }) => columns.t[columns.length - 1] ?? 0));
    assert.ok(output.t[output.length - 1]! >= newest - INTERVAL / 2 - 10, 'the newest sample is lost');
    assert.ok(output.t[0]! <= ORIGIN_MS + INTERVAL, 'the oldest sample is lost');
  });
}

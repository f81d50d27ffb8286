import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { deduped, JITTER_MS, medianSpacingOf, replicasOf, scenario, timesOf } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

test('no two output samples of different replicas are closer than half the interval', () => {
  let seams = 0;
  assertProperty(
    fc.property(scenario(2, 5), (world) => {
      const replicas = replicasOf(world, () => 0).map(({ name, columns }, i) => {
        columns.v.fill(i);
        return { name, columns };
      });
      const output = deduped(replicas);
      const intervals = replicas.map(({ columns }) =>
        columns.length > 3 ? medianSpacingOf(timesOf(columns)) : world.interval,
      );
      for (let i = 1; i < output.length; i++) {
        if (output.v[i] === output.v[i - 1]) continue;
        seams++;
        const half = Math.min(...intervals) / 2;
        const spacing = output.t[i]! - output.t[i - 1]!;
        assert.ok(spacing >= half - JITTER_MS, `${spacing} ms between two replicas' samples`);
      }
    }),
    { numRuns: 1500, seed: 2 },
  );
  assert.ok(seams > 2000, `only ${seams} seams were looked at`);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
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
      const interval = Math.min(
        ...replicas.map(({ columns }) =>
          columns.length > 3 ? medianSpacingOf(timesOf(columns)) : world.interval,
        ),
      );
      for (let i = 1; i < output.length; i++) {
        if (output.v[i] === output.v[i - 1]) continue;
        seams++;
        const time = output.t[i]!;
        // What is alone far and wide does not show its interval, which then is a minute.
        const isKnown = replicas.some(({ columns }) => isNearToTwo(columns, time));
        const half = (isKnown ? interval : Math.min(interval, 60_000)) / 2;
        const spacing = time - output.t[i - 1]!;
        assert.ok(spacing >= half - JITTER_MS, `${spacing} ms between two replicas' samples`);
      }
    }),
    { numRuns: 2000, seed: 2 },
  );
  assert.ok(seams > 2000, `only ${seams} seams were looked at`);
});

/** Whether there are two samples within 34 hours, which is as far as anything is looked for. */
function isNearToTwo(columns: SampleColumns, time: number): boolean {
  return timesOf(columns).filter((t) => Math.abs(t - time) < 34 * 3_600_000).length > 1;
}

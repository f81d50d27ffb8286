import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { dedupe } from '../../src/dedup/dedupe.ts';
import type { DedupOptions } from '../../src/dedup/dedupe.ts';
import type { Replica } from '../../src/dedup/replica.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { deduped, replicasOf, scenario } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

/** A trace has every window looked at in full, where windows that are won beyond doubt otherwise are passed through. */
function traced(replicas: readonly Replica[], options: DedupOptions = {}): SampleBuffer {
  const target = new SampleBuffer();
  dedupe(replicas, target, options, { window: () => undefined });
  return target;
}

const SIGNALS: Readonly<Record<string, [signal: (t: number) => number, options?: DedupOptions]>> = {
  'a counter with resets': [(t) => t % 1_000_000],
  'a gauge': [(t) => Math.sin(t / 60_000)],
  '`up`': [(t) => (Math.sin(t / 600_000) + Math.sin(t / 100_000) < 1 ? 1 : 0), { scrapeHealth: true }],
};

for (const [name, [signal, options]] of Object.entries(SIGNALS)) {
  test(`whether it is traced makes no difference to ${name}`, () => {
    assertProperty(
      fc.property(scenario(2, 4), fc.constantFrom(1, 2, 4), (world, longer) => {
        const replicas = replicasOf({ ...world, scrapes: world.scrapes * longer }, signal);
        const output = deduped(replicas, options);
        const full = traced(replicas, options);
        assert.deepEqual(output.t.subarray(0, output.length), full.t.subarray(0, full.length));
        assert.deepEqual(output.v.subarray(0, output.length), full.v.subarray(0, full.length));
      }),
      { numRuns: 1500, seed: 16 },
    );
  });
}

test('a source of another interval comes and goes: no difference either', () => {
  const stretch = fc.record({
    from: fc.nat(200),
    to: fc.nat(200),
    interval: fc.constantFrom(5, 7, 15, 16, 30, 60, 300),
  });
  assertProperty(
    fc.property(fc.array(fc.array(stretch, { maxLength: 3 }), { minLength: 1, maxLength: 3 }), (sources) => {
      const replicas = [[{ from: 0, to: 200, interval: 15 }], ...sources].map((stretches, r) => {
        const columns = new SampleBuffer();
        let last = 0;
        for (const { from, to, interval } of stretches)
          for (let s = from * 15; s < to * 15; s += interval)
            if (s > last) columns.push(1_790_000_000_000 + 1000 * (last = s) + 2000 * r, s);
        return { name: String.fromCodePoint(101 - r), columns };
      });
      assert.deepEqual(deduped(replicas).t, traced(replicas).t);
    }),
    { numRuns: 1500, seed: 17 },
  );
});

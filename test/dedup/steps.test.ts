import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dedupe, Deduplication } from '../../src/dedup/dedupe.ts';
import type { Replica } from '../../src/dedup/replica.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../src/model/stale.ts';

const START = 1_795_348_800_000;
/** More than is copied, or passed through, in a step. */
const SCRAPES = 450_000;

interface Faults {
  readonly misses?: (scrape: number) => boolean;
  readonly marks?: (scrape: number) => boolean;
}

/** Scraped once a second, each replica some time after the other. */
function replicasOf(...faults: readonly Faults[]): readonly Replica[] {
  return faults.map(({ misses = () => false, marks = () => false }, replica) => {
    const columns = new SampleBuffer(SCRAPES);
    for (let i = 0; i < SCRAPES; i++)
      if (!misses(i)) columns.push(START + 1000 * i + 321 * replica, marks(i) ? STALE_NAN : i);
    return { name: `r${replica}`, columns };
  });
}

const CASES: Readonly<Record<string, readonly Replica[]>> = {
  'healthy replicas': replicasOf({}, {}),
  'an outage each': replicasOf(
    { misses: (i) => i > 100_000 && i < 101_000 },
    { misses: (i) => i > 300_000 && i < 310_000 },
  ),
  'holes all over': replicasOf({ misses: (i) => i % 5 === 3 }, { misses: (i) => i % 7 === 2 }),
  'stale markers all over': replicasOf({ marks: (i) => i % 60 === 59 }, { marks: (i) => i % 60 === 59 }),
};

describe('a long series', () => {
  for (const [name, replicas] of Object.entries(CASES))
    it(`is made in many short steps, and comes out as with every window looked at: ${name}`, () => {
      const inSteps = new SampleBuffer();
      const deduplication = new Deduplication();
      deduplication.begin(replicas, inSteps);
      let steps = 1;
      while (deduplication.step()) steps++;
      const whole = new SampleBuffer();
      dedupe(replicas, whole, {}, { window: () => undefined });
      assert.ok(steps > 6, `${steps} steps`);
      assert.ok(whole.length >= SCRAPES / 2);
      assert.equal(inSteps.length, whole.length);
      assert.ok(bytesOf(inSteps.t, inSteps.length).equals(bytesOf(whole.t, whole.length)), 'the times');
      assert.ok(bytesOf(inSteps.v, inSteps.length).equals(bytesOf(whole.v, whole.length)), 'the values');
    });

  it('that was left in the middle leaves nothing to the next one', () => {
    const [abandoned, next] = [CASES['an outage each']!, replicasOf({}, { misses: (i) => i % 2 === 1 })];
    const deduplication = new Deduplication();
    deduplication.begin(abandoned, new SampleBuffer());
    for (let i = 0; i < 5; i++) deduplication.step();
    const [target, expected] = [new SampleBuffer(), new SampleBuffer()];
    deduplication.begin(next, target);
    while (deduplication.step());
    dedupe(next, expected);
    assert.deepEqual(target.t.subarray(0, target.length), expected.t.subarray(0, expected.length));
  });
});

function bytesOf(column: Float64Array, length: number): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, length * 8);
}

import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { assertProperty } from '../support/property.ts';
import {
  gatewayOver,
  MINUTE,
  named,
  read,
  type Span,
  type Target,
  type World,
} from '../select/read-once/world.ts';

/** What happens happens in the third hour, most of it where queries look; there is more on both sides than any margin. */
const SPAN_MS = 6 * 60 * MINUTE;

const time = fc.integer({ min: 130 * MINUTE, max: 190 * MINUTE });
const outage: fc.Arbitrary<Span> = fc
  .record({
    from: time,
    length: fc.oneof(fc.constantFrom(1, 20_000, 70_000), fc.integer({ min: 1, max: 40 * MINUTE })),
  })
  .map(({ from, length }) => ({ from, to: from + length }));
const seldom = <T>(arbitrary: fc.Arbitrary<T>, weight: number): fc.Arbitrary<readonly T[]> =>
  fc.oneof(
    { weight, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { maxLength: 3 }) },
  );
const life: fc.Arbitrary<Span> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ from: 0, to: Infinity }) },
  { weight: 1, arbitrary: time.map((from) => ({ from, to: Infinity })) },
  { weight: 1, arbitrary: time.map((to) => ({ from: 0, to })) },
);

const target: fc.Arbitrary<Omit<Target, 'instance'>> = fc.record({
  intervalMs: fc.constantFrom(15_000, 30_000, 60_000, 300_000),
  life,
  failures: fc.array(seldom(outage, 3), { minLength: 3, maxLength: 3 }),
  series: fc.array(
    life.map((span) => [span]),
    { maxLength: 3 },
  ),
});

const world: fc.Arbitrary<World> = fc.record({
  spanMs: fc.constant(SPAN_MS),
  replicas: fc.array(
    fc.record({ phase: fc.double({ min: 0, max: 0.999, noNaN: true }), away: seldom(outage, 4) }),
    {
      minLength: 2,
      maxLength: 3,
    },
  ),
  targets: fc
    .array(target, { minLength: 1, maxLength: 4 })
    .map((targets) => targets.map((each, i) => ({ ...each, instance: `t${i}` }))),
});

const query = fc.record({
  name: fc.constantFrom('up', 'm'),
  to: fc.integer({ min: 140 * MINUTE, max: 200 * MINUTE }),
  length: fc.constantFrom(5 * MINUTE, 15 * MINUTE, 40 * MINUTE),
});

const QUERIES_EACH = 3;

it('a shard that is read once has the same samples, bit for bit, as one that is read in full', async () => {
  let once = 0;
  await assertProperty(
    fc.asyncProperty(world, query, async (replicas, { name, to, length }) => {
      const gateway = gatewayOver(replicas, SPAN_MS);
      await gateway.refresh();
      const ask = async (selection: typeof gateway.once) => read(selection, named(name), to - length, to);
      const expected = await ask(gateway.inFull);
      for (let round = 0; round < QUERIES_EACH; round++) assert.deepEqual(await ask(gateway.once), expected);
      if (gateway.reasons.some((reason) => reason.startsWith('once'))) once++;
    }),
    { numRuns: 120, seed: 1 },
  );
  assert.ok(once > 60, `only ${once} queries were answered from one replica`);
});

/** So much of the newest samples may come from another replica where all are read: what that scraped since the speaker did. */
const NEWEST_MS = 1.5 * 300_000;

it('at the live edge it has the same but for what a sibling scraped since, and lacks no series', async () => {
  let once = 0;
  const live = fc.record({
    name: fc.constantFrom('up', 'm'),
    at: time,
    length: fc.constantFrom(0, 5 * MINUTE, 60 * MINUTE),
    behind: fc.integer({ min: 0, max: 60_000 }),
  });
  await assertProperty(
    fc.asyncProperty(world, live, async (replicas, { name, at, length, behind }) => {
      const gateway = gatewayOver({ ...replicas, spanMs: at }, at - behind);
      await gateway.refresh();
      gateway.clock.at += behind;
      const ask = async (selection: typeof gateway.once) =>
        read(selection, named(name), at - length - 5 * MINUTE, at);
      const expected = await ask(gateway.inFull);
      for (let round = 0; round < QUERIES_EACH; round++) {
        const { series, annotations } = await ask(gateway.once);
        assert.deepEqual(annotations, expected.annotations);
        assert.deepEqual(series.map(labelsOf), expected.series.map(labelsOf));
        for (const [i, text] of series.entries()) {
          const [own, all] = [samplesOf(text), samplesOf(expected.series[i]!)];
          assert.deepEqual(all.slice(0, own.length), own);
          for (const sample of all.slice(own.length))
            assert.ok(Number(sample.split('=')[0]) > at - NEWEST_MS);
        }
      }
      if (gateway.reasons.some((reason) => reason.startsWith('once'))) once++;
    }),
    { numRuns: 120, seed: 2 },
  );
  assert.ok(once > 60, `only ${once} queries were answered from one replica`);
});

function labelsOf(series: string): string {
  return series.slice(0, series.indexOf(': '));
}

function samplesOf(series: string): readonly string[] {
  return series.slice(series.indexOf(': ') + 2).split(' ');
}

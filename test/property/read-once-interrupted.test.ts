import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { assertProperty } from '../support/property.ts';
import { gatewayOver, MINUTE, named, read, type Gateway, type Span } from '../select/read-once/world.ts';
import { assertSameButNewest } from './same-but-newest.ts';
import { outage, phase, seldom } from './read-once-worlds.ts';

/** What happens happens in the third hour; ranges are long, so that most of them has nothing to do with it. */
const SPAN_MS = 7 * 60 * MINUTE;

/** A time in which a replica is away; short ones come often, as where single scrapes are missed. */
const away: fc.Arbitrary<readonly Span[]> = fc.array(outage, { maxLength: 2 });

const target = fc.record({
  intervalMs: fc.constantFrom(15_000, 30_000, 60_000),
  life: fc.constant({ from: 0, to: Infinity }),
  failures: fc.array(seldom(outage, 12), { minLength: 3, maxLength: 3 }),
  series: fc.array(seldom(outage, 6), { maxLength: 2 }),
});

const world = fc.record({
  spanMs: fc.constant(SPAN_MS),
  samplesPerChunk: fc.constantFrom(3, 50),
  replicas: fc.array(fc.record({ phase, away }), { minLength: 2, maxLength: 3 }),
  targets: fc
    .array(target, { minLength: 1, maxLength: 3 })
    .map((targets) => targets.map((each, i) => ({ ...each, instance: `t${i}` }))),
});

const query = fc.record({
  name: fc.constantFrom('up', 'm'),
  from: fc.integer({ min: 20 * MINUTE, max: 150 * MINUTE }),
  length: fc.integer({ min: 150 * MINUTE, max: 240 * MINUTE }),
});

const QUERIES_EACH = 3;

/** Whether the siblings were asked for a part of the time that the speaker was asked for. */
function isShorter({ asked }: Gateway): boolean {
  const lengths = asked.flatMap((calls) => calls.slice(-1)).map(({ minTime, maxTime }) => maxTime - minTime);
  return Math.min(...lengths) < Math.max(...lengths);
}

it('siblings that are asked for the time of an outage alone add what they would have added to all of it', async () => {
  let shorter = 0;
  await assertProperty(
    fc.asyncProperty(world, query, async (replicas, { name, from, length }) => {
      const gateway = gatewayOver(replicas, SPAN_MS);
      await gateway.refresh();
      const ask = async (selection: typeof gateway.once) => read(selection, named(name), from, from + length);
      const expected = await ask(gateway.inFull);
      for (let round = 0; round < QUERIES_EACH; round++) assert.deepEqual(await ask(gateway.once), expected);
      if (gateway.reasons.at(-1) === 'once_but_holes' && isShorter(gateway)) shorter++;
    }),
    { numRuns: 100, seed: 3 },
  );
  assert.ok(shorter > 25, `only ${shorter} queries asked siblings for a part of the time`);
});

it('so they do at the live edge, but for what a sibling scraped since', async () => {
  let shorter = 0;
  await assertProperty(
    fc.asyncProperty(world, query, fc.integer({ min: 0, max: 60_000 }), async (replicas, asked, behind) => {
      const to = asked.from + asked.length;
      const gateway = gatewayOver({ ...replicas, spanMs: to }, to - behind);
      await gateway.refresh();
      gateway.clock.at += behind;
      const ask = async (selection: typeof gateway.once) =>
        read(selection, named(asked.name), asked.from, to);
      const expected = await ask(gateway.inFull);
      for (let round = 0; round < QUERIES_EACH; round++)
        assertSameButNewest(await ask(gateway.once), expected, to);
      if (gateway.reasons.at(-1) === 'once_but_holes' && isShorter(gateway)) shorter++;
    }),
    { numRuns: 60, seed: 4 },
  );
  assert.ok(shorter > 10, `only ${shorter} queries asked siblings for a part of the time`);
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { assertProperty } from '../support/property.ts';
import { gatewayOver, MINUTE, named, read } from '../select/read-once/world.ts';
import { assertSameButNewest } from './same-but-newest.ts';
import { SPAN_MS, time, world } from './read-once-worlds.ts';

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
        assertSameButNewest(await ask(gateway.once), expected, at);
      }
      if (gateway.reasons.some((reason) => reason.startsWith('once'))) once++;
    }),
    { numRuns: 120, seed: 2 },
  );
  assert.ok(once > 60, `only ${once} queries were answered from one replica`);
});

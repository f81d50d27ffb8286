import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { assertProperty } from '../support/property.ts';
import { gatewayOverAll, MINUTE, named, read } from '../select/read-once/world.ts';
import { BEGIN_MS, REFRESH_MS, shard } from './changing-shards.ts';
import { assertSameButNewest } from './same-but-newest.ts';

const queries = fc.record({
  name: fc.constantFrom('up', 'm', 'm'),
  length: fc.constantFrom(5 * MINUTE, 20 * MINUTE),
  // Those of the same second share what is known.
  pauses: fc.array(fc.oneof(fc.integer({ min: 1001, max: 20_000 }), fc.integer({ min: 1001, max: 60_000 })), {
    minLength: 8,
    maxLength: 14,
  }),
});

it('while time goes by, whatever comes up on one replica alone is in the next answer', async () => {
  let once = 0;
  let shardsRead = 0;
  await assertProperty(
    fc.asyncProperty(
      fc.tuple(shard('eu'), shard('us'), shard('asia')),
      queries,
      async (shards, { name, length, pauses }) => {
        const gateway = gatewayOverAll(shards, BEGIN_MS);
        await gateway.refresh();
        let refreshedAt = BEGIN_MS;
        let now = BEGIN_MS;
        for (const pause of [0, 0, ...pauses]) {
          now += pause;
          gateway.clock.pass(pause);
          while (refreshedAt + REFRESH_MS <= now) refreshedAt = now;
          if (refreshedAt === now) await gateway.refresh();
          const ask = async (selection: typeof gateway.once) =>
            read(selection, named(name), now - length, now);
          assertSameButNewest(await ask(gateway.once), await ask(gateway.inFull), now);
        }
        once += gateway.reasons.filter((reason) => reason.startsWith('once')).length;
        shardsRead += gateway.reasons.length;
      },
    ),
    { numRuns: 60, seed: 3 },
  );
  assert.ok(once > shardsRead / 3, `only ${once} of ${shardsRead} shards were read once`);
});

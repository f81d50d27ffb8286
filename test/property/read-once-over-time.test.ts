import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { assertProperty } from '../support/property.ts';
import {
  gatewayOverAll,
  MINUTE,
  named,
  read,
  type Span,
  type Stray,
  type World,
} from '../select/read-once/world.ts';
import { assertSameButNewest } from './same-but-newest.ts';
import { phase, seldom } from './read-once-worlds.ts';

/** When the first query comes; all that happens lies around it and behind it. */
const BEGIN_MS = 90 * MINUTE;
const LAST_MS = BEGIN_MS + 6 * MINUTE;
/** How often the scrapes of endpoints are read. */
const REFRESH_MS = MINUTE;

const soon = fc.integer({ min: BEGIN_MS - MINUTE, max: LAST_MS });
const outage: fc.Arbitrary<Span> = fc
  .record({ from: soon, length: fc.constantFrom(1, 20_000, 70_000, 5 * MINUTE) })
  .map(({ from, length }) => ({ from, to: from + length }));
/** From the beginning on, from some time on, until then, or for so short a time that few scrapes see it, or none. */
const life: fc.Arbitrary<Span> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ from: 0, to: Infinity }) },
  { weight: 2, arbitrary: soon.map((from) => ({ from, to: Infinity })) },
  { weight: 1, arbitrary: soon.map((to) => ({ from: 0, to })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ from: soon, length: fc.integer({ min: 5000, max: 90_000 }) })
      .map(({ from, length }) => ({ from, to: from + length })),
  },
);

const target = fc.record({
  intervalMs: fc.constantFrom(15_000, 30_000, 60_000),
  life: fc.oneof(
    { weight: 9, arbitrary: fc.constant({ from: 0, to: Infinity }) },
    { weight: 1, arbitrary: life },
  ),
  failures: fc.array(seldom(outage, 9), { minLength: 2, maxLength: 2 }),
  series: fc.array(
    life.map((span) => [span]),
    { maxLength: 4 },
  ),
});

const stray: fc.Arbitrary<Stray> = fc
  .record({
    replica: fc.constantFrom(0, 1),
    from: soon,
    how: fc.constantFrom('rule', 'written', 'backfilled', 'renamed'),
    // As a rule whose result keeps all labels of a target, or as what belongs to none.
    instance: fc.constantFrom('t0', 'other'),
  })
  .map(({ instance, ...rest }) => ({
    ...rest,
    labels: { __name__: 'm', job: 'api', instance, i: 'stray' },
  }));

const shard = (cluster: string): fc.Arbitrary<World> =>
  fc
    .record({
      replicas: fc.array(fc.record({ phase: phase, away: seldom(outage, 9) }), {
        minLength: 2,
        maxLength: 2,
      }),
      targets: fc.array(target, { minLength: 1, maxLength: 3 }),
      strays: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(stray) }),
    })
    .map(({ targets, ...rest }) => ({
      ...rest,
      spanMs: LAST_MS + 5 * MINUTE,
      cluster,
      targets: targets.map((each, i) => ({ ...each, instance: `t${i}` })),
    }));

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

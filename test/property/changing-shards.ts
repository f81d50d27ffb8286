import * as fc from 'fast-check';
import { MINUTE, type Span, type Stray, type World } from '../select/read-once/world.ts';
import { phase, seldom } from './read-once-worlds.ts';

/** When the first query comes; all that happens lies around it and behind it. */
export const BEGIN_MS: number = 90 * MINUTE;
const LAST_MS = BEGIN_MS + 6 * MINUTE;
/** How often the scrapes of endpoints are read. */
export const REFRESH_MS: number = MINUTE;

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

export const shard = (cluster: string): fc.Arbitrary<World> =>
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

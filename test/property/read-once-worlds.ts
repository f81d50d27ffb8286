import * as fc from 'fast-check';
import { MINUTE, type Span, type Target, type World } from '../select/read-once/world.ts';

/** What happens happens in the third hour, most of it where queries look; there is more on both sides than any margin. */
export const SPAN_MS: number = 6 * 60 * MINUTE;

/** Numbers of floating point are drawn so that nearly all are nearly 0. */
export const phase: fc.Arbitrary<number> = fc.integer({ min: 0, max: 999 }).map((part) => part / 1000);
export const time: fc.Arbitrary<number> = fc.integer({ min: 130 * MINUTE, max: 190 * MINUTE });
export const outage: fc.Arbitrary<Span> = fc
  .record({
    from: time,
    length: fc.oneof(fc.constantFrom(1, 20_000, 70_000), fc.integer({ min: 1, max: 40 * MINUTE })),
  })
  .map(({ from, length }) => ({ from, to: from + length }));
export const seldom = <T>(arbitrary: fc.Arbitrary<T>, weight: number): fc.Arbitrary<readonly T[]> =>
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

export const world: fc.Arbitrary<World> = fc.record({
  spanMs: fc.constant(SPAN_MS),
  replicas: fc.array(fc.record({ phase: phase, away: seldom(outage, 4) }), {
    minLength: 2,
    maxLength: 3,
  }),
  targets: fc
    .array(target, { minLength: 1, maxLength: 4 })
    .map((targets) => targets.map((each, i) => ({ ...each, instance: `t${i}` }))),
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { HoleList } from '../../../src/cluster/coverage/hole-list.ts';
import { assertProperty } from '../../support/property.ts';
import { INTERVAL } from './naive-coverage.ts';
import { MINUTE, compare, scrapes, type Fault, type Replica } from './replicas.ts';
import { START } from './support.ts';

const TARGETS = 3;
const STEP_MS = 5000;
const SLACK_MS = 2.5 * INTERVAL;
/** So close to a change nothing is asserted, ms: what is shorter than an outage counts for nothing. */
const EDGE_MS = SLACK_MS + STEP_MS;

/** Whether a time lies between two neighbours that are no hole apart. */
function isBetween(times: readonly number[], t: number): boolean {
  const next = times.findIndex((each) => each >= t);
  if (next === -1) return false;
  return times[next] === t || (next > 0 && times[next]! - times[next - 1]! <= SLACK_MS);
}

/** What is true of one target at one replica, at one time. */
interface Moment {
  readonly has: boolean;
  readonly asked: boolean;
  readonly hasBegun: boolean;
}

/** By time, what is true at each replica. */
function momentsOf(
  replicas: readonly Replica[],
  target: number,
  times: readonly number[],
): readonly (readonly Moment[])[] {
  const seen = replicas.map((replica) => scrapes(replica, target));
  const asked = seen.map((samples) => samples.map(([t]) => t));
  const had = seen.map((samples) => samples.filter(([, v]) => v === 1).map(([t]) => t));
  return times.map((t) =>
    replicas.map((_, r) => ({
      has: isBetween(had[r]!, t),
      asked: isBetween(asked[r]!, t),
      hasBegun: asked[r]!.length > 0 && asked[r]![0]! < t,
    })),
  );
}

/** Whether a list tells a hole of a target at a time, of those that `which` takes. */
function tells(
  holes: ReturnType<HoleList['list']>,
  target: number,
  t: number,
  which: (hole: ReturnType<HoleList['list']>[number]) => boolean = () => true,
): boolean {
  return holes.some((hole) => hole.examples.includes(target) && hole.from < t && hole.to > t && which(hole));
}

const fault = fc
  .record({
    from: fc.integer({ min: 0, max: 350 }),
    length: fc.integer({ min: 1, max: 60 }),
    target: fc.constantFrom(undefined, undefined, 0, 1, 2),
    kind: fc.constantFrom('away' as const, 'failed' as const),
  })
  .map(({ from, length, ...rest }): Fault => ({ from, to: from + length, ...rest }));

const scenario = fc.record({
  replicas: fc
    .tuple(
      fc.shuffledSubarray([0, 2000, 5000, 11_000], { minLength: 1, maxLength: 3 }),
      fc.array(fc.array(fault, { maxLength: 5 }), { minLength: 3, maxLength: 3 }),
    )
    .map(([phases, faults]): readonly Replica[] => phases.map((phase, i) => ({ phase, faults: faults[i]! }))),
  window: fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 20, max: 150 })),
});

test('at each time it is told of each target at each replica what is missing, who has it, and nothing else', async () => {
  let told = 0;
  await assertProperty(
    fc.asyncProperty(scenario, async ({ replicas, window: [begin, minutes] }) => {
      const [from, to] = [START + begin * MINUTE, START + (begin + minutes) * MINUTE];
      const { replicas: standings, common } = await compare(replicas, TARGETS, { from, to, missed: 2 });
      const lost = common.list();
      const lists = standings.map(({ own, lacks, alone }) => ({
        own: own.list(),
        lacks: lacks.list(),
        alone: alone.list(),
      }));
      for (const { own, lacks, alone } of [{ own: lost, lacks: lost, alone: lost }, ...lists])
        for (const hole of [...own, ...lacks, ...alone])
          assert.ok(hole.targets === hole.examples.length && hole.from >= from && hole.to <= to);
      const times = Array.from({ length: (to - from) / STEP_MS + 1 }, (_, i) => from + i * STEP_MS);
      for (let target = 0; target < TARGETS; target++) {
        const moments = momentsOf(replicas, target, times);
        const edge = Math.ceil(EDGE_MS / STEP_MS);
        const changes = moments.map((moment, i) => JSON.stringify(moment) !== JSON.stringify(moments[i - 1]));
        const isWanted = replicas.some((replica) =>
          scrapes(replica, target).some(([t, v]) => v === 1 && t >= from && t <= to),
        );
        for (let i = edge; i < times.length - edge; i++) {
          if (changes.slice(i - edge, i + edge + 1).some(Boolean)) continue;
          const [t, moment] = [times[i]!, moments[i]!];
          const where = `target ${target} at ${(t - START) / MINUTE} min`;
          const isLost =
            isWanted && moment.every(({ asked }) => !asked) && moment.some(({ hasBegun }) => hasBegun);
          const isDown =
            isWanted && !isLost && moment.every(({ has }) => !has) && moment.some(({ asked }) => asked);
          assert.equal(
            tells(lost, target, t, ({ kind }) => kind === 'away'),
            isLost,
            `lost: ${where}`,
          );
          assert.equal(
            tells(lost, target, t, ({ kind }) => kind === 'failed'),
            isDown,
            `down: ${where}`,
          );
          moment.forEach(({ has }, r) => {
            const others = moment.flatMap((each, o) => (o !== r && each.has ? [o] : []));
            const { own, lacks, alone } = lists[r]!;
            others.forEach((o) =>
              assert.equal(
                tells(lacks, target, t, ({ heldBy }) => heldBy.includes(o)),
                !has,
                `replica ${r} lacks what ${o} has: ${where}`,
              ),
            );
            const isLacking = !has && others.length > 0;
            assert.equal(tells(lacks, target, t), isLacking, `replica ${r} lacks: ${where}`);
            assert.equal(tells(own, target, t), isLacking || isLost, `replica ${r} has a hole: ${where}`);
            if (moment.length > 1)
              assert.equal(tells(alone, target, t), has && others.length === 0, `alone ${r}: ${where}`);
            if (isLacking || isLost) told++;
          });
        }
      }
    }),
    { seed: 11, numRuns: 80 },
  );
  assert.ok(told > 1000, `only ${told} moments had a hole`);
});

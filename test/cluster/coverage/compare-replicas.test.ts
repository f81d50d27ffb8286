import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { compareReplicas } from '../../../src/cluster/coverage/compare-replicas.ts';
import type { HoleList } from '../../../src/cluster/coverage/hole-list.ts';
import { PieceBuilder } from '../../../src/cluster/coverage/piece-builder.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { columnsOf } from '../../select/support.ts';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { NO_PAUSE } from '../../support/pace.ts';
import { assertProperty } from '../../support/property.ts';
import { OUTAGES } from '../../truth/outages.ts';
import { INTERVAL, naiveHoles, naiveLacks, type NaiveHole } from './naive-coverage.ts';
import { ALL, MINUTE, UNTIL, away, compare, failed, scrapes, type Fault, type Replica } from './replicas.ts';
import { START, piecesOf } from './support.ts';

/** Holes in minutes after the start, rounded. */
function told(holes: HoleList): readonly string[] {
  return holes.list().map(({ from, to, kind, targets, heldBy }) => {
    const [first, last] = [from, to].map((t) => Math.round((10 * (t - START)) / MINUTE) / 10);
    return `${first}–${last} ${kind} ${targets}${heldBy.length === 0 ? '' : ` by ${heldBy.join()}`}`;
  });
}

describe('a replica', () => {
  it('that scraped all the time is whole, whatever the other did', async () => {
    const { replicas, targets, common } = await compare(
      [
        { phase: 0, faults: [] },
        { phase: 5000, faults: [away(70, 85)] },
      ],
      3,
    );
    const [a, b] = replicas;
    assert.deepEqual([targets, told(a!.lacks), told(b!.lacks)], [3, [], ['69.8–85.1 away 3 by 0']]);
    assert.deepEqual([told(a!.alone), told(b!.alone)], [['69.8–85.1 away 3 by 0'], []]);
    assert.ok(common.isEmpty);
  });

  it('lacks what it scraped in vain and another did not', async () => {
    const { replicas } = await compare(
      [
        { phase: 0, faults: [failed(70, 85, 1)] },
        { phase: 5000, faults: [] },
      ],
      2,
    );
    assert.deepEqual(told(replicas[0]!.lacks), ['69.8–85 failed 1 by 1']);
  });

  it('lacks nothing of a target that was down for all, though they saw it end at different times', async () => {
    const down = [failed(70, 85, 1)];
    const { replicas, common } = await compare(
      [
        { phase: 0, faults: down },
        { phase: 11_000, faults: down },
      ],
      2,
      { missed: 2 },
    );
    assert.ok(replicas.every(({ lacks, alone }) => lacks.isEmpty && alone.isEmpty));
    assert.deepEqual(told(common), ['69.9–85 failed 1']);
  });

  it('lacks a target that it never scraped', async () => {
    const { replicas } = await compare(
      [
        { phase: 0, faults: [away(0, 400, 1)] },
        { phase: 5000, faults: [] },
      ],
      2,
    );
    assert.deepEqual(told(replicas[0]!.lacks), ['0–360 gone 1 by 1']);
    assert.deepEqual(
      replicas.map(({ scraped }) => scraped),
      [1, 2],
    );
  });

  it('lacks a target that was taken away from it, also where the marker that says so begins a piece', async () => {
    const all = scrapes({ phase: 0, faults: [] }, 0);
    const marker = new SampleBuffer();
    marker.push(START + PIECE_MS + 5000, STALE_NAN);
    const taken = [columnsOf(all.filter(([t]) => t < START + PIECE_MS)), marker];
    const windows = [taken, [columnsOf(all)]].map((samples, i) => {
      const pieces = [START, START + PIECE_MS].map((start) => {
        const builder = new PieceBuilder(start);
        for (const each of samples) builder.add(0, each);
        return builder.build();
      });
      return { id: endpointId(`${i}:1`), from: START, until: START + 2 * PIECE_MS - 1000, pieces };
    });
    const { replicas } = await compareReplicas(windows, 1, { ...ALL, to: START + 2 * PIECE_MS }, NO_PAUSE);
    assert.deepEqual(told(replicas[0]!.lacks), ['119.8–240 gone 1 by 1']);
  });

  it('lacks what another has between its scrapes, where that scrapes more often', async () => {
    const slow = Array.from({ length: 240 }, (_, i) => [START + i * 4 * INTERVAL, 1] as const);
    const fast = scrapes({ phase: 0, faults: [] }, 0);
    const windows = [slow, fast].map((samples, i) => {
      const pieces = piecesOf([samples], START, 2);
      return { id: endpointId(`${i}:1`), from: START, until: START + 2 * PIECE_MS - 1000, pieces };
    });
    const { replicas } = await compareReplicas(windows, 1, { ...ALL, to: START + 2 * PIECE_MS }, NO_PAUSE);
    assert.deepEqual(
      replicas.map(({ lacks }) => lacks.isEmpty),
      [false, true],
    );
  });
});

describe('a question', () => {
  const replicas: readonly Replica[] = [
    { phase: 0, faults: [away(70, 85), away(200, 230, 1)] },
    { phase: 5000, faults: [away(150, 170), away(210, 220, 1)] },
  ];

  it('is answered for its window alone', async () => {
    const { replicas: standings } = await compare(replicas, 2, {
      from: START + 86 * MINUTE,
      to: START + 190 * MINUTE,
    });
    assert.deepEqual(
      standings.map(({ lacks }) => told(lacks)),
      [[], ['149.8–170.1 away 2 by 0']],
    );
  });

  it('is answered for its targets alone', async () => {
    const { replicas: standings, targets } = await compare(replicas, 2, {
      isWanted: (target) => target === 0,
    });
    assert.equal(targets, 1);
    assert.deepEqual(
      standings.map(({ lacks }) => told(lacks)),
      [['69.8–85 away 1 by 1'], ['149.8–170.1 away 1 by 0']],
    );
  });

  it('is answered for each target and each part of an outage by itself', async () => {
    const { replicas: standings, common } = await compare(
      [
        { phase: 0, faults: [away(100, 132), failed(210, 250, 1)] },
        { phase: 5000, faults: [away(110, 126), failed(200, 240, 1), away(220, 222)] },
      ],
      2,
    );
    assert.deepEqual(
      standings.map(({ lacks, own }) => [told(lacks), told(own)]),
      [
        [
          ['99.8–109.8 away 2 by 1', '126.1–132 away 2 by 1', '240.1–250 failed 1 by 1'],
          ['99.8–132 away 2', '240.1–250 failed 1'],
        ],
        [
          ['199.8–209.8 failed 1 by 0', '219.8–222.1 away 1 by 0'],
          ['109.8–126.1 away 2', '199.8–209.8 failed 1', '219.8–222.1 away 1'],
        ],
      ],
    );
    assert.deepEqual(told(common), ['109.8–126.1 away 2', '209.8–240.1 failed 1']);
  });

  it('finds nothing missing of a target that nobody knew, or that was taken away while a server was down', async () => {
    const replica = (phase: number, minute: number): Replica => ({
      phase,
      faults: [away(0, 60), away(minute, 400)],
    });
    const taken = new PieceBuilder(START);
    const seen = scrapes(replica(0, 110), 0);
    taken.add(0, columnsOf(seen));
    const marker = new SampleBuffer();
    marker.push(seen.at(-1)![0] + INTERVAL, STALE_NAN);
    taken.add(0, marker);
    const cut = piecesOf([scrapes(replica(5000, 100), 0)], START, 1);
    const windows = [[taken.build()], cut].map((pieces, i) => ({
      id: endpointId(`${i}:1`),
      from: START,
      until: START + PIECE_MS,
      pieces,
    }));
    const { replicas: standings, common } = await compareReplicas(windows, 1, ALL, NO_PAUSE);
    assert.deepEqual(
      standings.map(({ own }) => told(own)),
      [[], ['99.8–109.8 away 1']],
    );
    assert.ok(common.isEmpty);
  });

  it('takes scrapes that follow one another at once for no interval', async () => {
    const burst = [...scrapes({ phase: 0, faults: [away(100, 120)] }, 0)];
    const at = burst.findIndex(([t]) => t > START + 110 * MINUTE);
    burst.splice(at, 0, [burst[at]![0] - 1000, 1]);
    const windows = [burst, scrapes({ phase: 5000, faults: [] }, 0)].map((samples, i) => {
      const pieces = piecesOf([samples], START, 2);
      return { id: endpointId(`${i}:1`), from: START, until: START + 2 * PIECE_MS - 1000, pieces };
    });
    const { replicas: standings } = await compareReplicas(windows, 1, ALL, NO_PAUSE);
    assert.deepEqual(
      standings.map(({ lacks }) => told(lacks)),
      [['99.8–120 away 1 by 1'], []],
    );
  });

  it('tells what nobody has', async () => {
    const { common } = await compare(replicas, 2);
    assert.deepEqual(told(common), ['209.8–220.1 away 1']);
  });
});

describe('against the samples themselves', () => {
  const phases = [0, 2000, 5000, 11_000];
  const fault = fc
    .record({
      from: fc.integer({ min: 0, max: 350 }),
      length: fc.integer({ min: 1, max: 60 }),
      target: fc.constantFrom(undefined, 0, 1, 2),
      kind: fc.constantFrom('away' as const, 'failed' as const),
    })
    .map(({ from, length, ...rest }): Fault => ({ from, to: from + length, ...rest }));
  const catalogue = (replica: 'a' | 'b'): readonly Fault[] =>
    OUTAGES.filter((outage) => outage.replica === replica).map(({ from, to, target }) =>
      away(from, to, target),
    );
  const scenario = fc.record({
    replicas: fc
      .tuple(
        fc.shuffledSubarray(phases, { minLength: 2, maxLength: 3 }),
        fc.array(fc.array(fault, { maxLength: 4 }), { minLength: 3, maxLength: 3 }),
      )
      .map(([some, faults]): readonly Replica[] => some.map((phase, i) => ({ phase, faults: faults[i]! }))),
    window: fc.tuple(fc.integer({ min: 0, max: 340 }), fc.integer({ min: 1, max: 360 })),
    missed: fc.constantFrom(1, 2),
    lost: fc.constantFrom(0, 0, 0.03),
  });

  it('each lack is found, with its times, and nothing else is told', async () => {
    const outages: readonly Replica[] = [
      { phase: 0, faults: catalogue('a') },
      { phase: 5000, faults: catalogue('b') },
    ];
    const check = async ({
      replicas,
      window: [from, length],
      missed,
      lost,
    }: {
      readonly replicas: readonly Replica[];
      readonly window: readonly [number, number];
      readonly missed: number;
      readonly lost: number;
    }): Promise<void> => {
      // Where every second scrape is missing for a while, that passes for the interval, and counts as a lack of each one alone.
      const some = replicas.map((replica) => ({ ...replica, lost: missed === 1 ? lost : 0 }));
      const question = { from: START + from * MINUTE, to: START + (from + length) * MINUTE, missed };
      const { replicas: standings, common } = await compare(some, 3, question);
      const times = some.map((replica) =>
        [0, 1, 2].map((target) =>
          scrapes(replica, target)
            .filter(([, v]) => v === 1)
            .map(([t]) => t),
        ),
      );
      for (const [own, { lacks }] of standings.entries()) {
        const lacking = (widened: number, least: number): readonly NaiveHole[] =>
          times.flatMap((others, other) =>
            other === own
              ? []
              : others.flatMap((seen, target) => {
                  const { from: first, to: last } = question;
                  if (!times.some((each) => each[target]!.some((t) => t >= first && t <= last))) return [];
                  const wide = { from: first - widened, to: last + widened, missed: least };
                  return naiveLacks(times[own]![target]!, seen, UNTIL, wide);
                }),
          );
        const list = lacks.list();
        for (const hole of lacking(0, missed))
          assert.ok(
            list.some((each) => each.from < hole.to && each.to > hole.from),
            `replica ${own} lacks ${(hole.from - START) / MINUTE}–${(hole.to - START) / MINUTE} min`,
          );
        const possible = lacking(2 * INTERVAL, Math.max(1, missed - 1));
        for (const hole of list)
          assert.ok(
            lost > 0 || possible.some((each) => each.from < hole.to && each.to > hole.from),
            `replica ${own} lacks nothing in ${(hole.from - START) / MINUTE}–${(hole.to - START) / MINUTE} min`,
          );
      }
      for (const hole of common.list())
        for (const each of times)
          assert.ok(
            each.some((seen) =>
              naiveHoles(seen, UNTIL, missed).some(({ from: a, to: b }) => a < hole.to && b > hole.from),
            ),
          );
    };
    await check({ replicas: outages, window: [0, 360], missed: 1, lost: 0 });
    await check({ replicas: outages, window: [0, 360], missed: 2, lost: 0 });
    await assertProperty(fc.asyncProperty(scenario, check), { seed: 5, numRuns: 60 });
  });
});

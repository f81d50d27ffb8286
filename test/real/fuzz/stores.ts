import { labelsFromRecord, compareLabels } from '../../../src/model/labels.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import type { TargetSeries } from '../../bench/e2e/workload/series.ts';
import type { Store } from '../../bench/e2e/workload/stores.ts';
import { DATA_START } from '../../support/differential/sample-series.ts';
import type { Value } from '../../support/differential/sample-values.ts';
import { randomFrom, type Random } from '../../truth/random.ts';
import type { Span } from '../../truth/scrapes.ts';
import { CLUSTERS, targetsOf, type SeenSeries, type Target } from './targets.ts';

/** What the servers hold: both replicas of each shard, and one that was never away and scraped all shards. */
export interface Stores {
  readonly replicas: readonly Store[];
  readonly direct: Store;
}

const MINUTE = 60_000;
const REPLICAS = ['a', 'b'] as const;
type Replica = (typeof REPLICAS)[number];
type Away = Readonly<Record<Replica, readonly (readonly [from: number, to: number])[]>>;

/**
 * When each replica of the shards is away, in minutes behind {@link DATA_START}; never both of a shard. The first one by name is away less,
 * because only what it has can be computed by it.
 */
const AWAY: readonly Away[] = [
  {
    a: [[12.1, 21.6]],
    b: [
      [-31.7, -20.2],
      [34.4, 38.9],
    ],
  },
  {
    a: [[64.3, 66.1]],
    b: [
      [3.3, 3.8],
      [43.2, 52.7],
    ],
  },
  { a: [[-44.2, -41.5]], b: [[70.3, 84.8]] },
];
/** One scrape in so many is missed by one replica alone. */
const SELDOM = 300;
/** Scrapes between two that are missed, and minutes between one and a replica that is away: then it is plain who has what. */
const APART = 20;
const APART_MINUTES = 3;

/** The same seed makes the same data. Replicas have the same samples at the same times: together they have what the direct one has. */
export function makeStores(seed: number): Stores {
  const random = randomFrom(seed);
  const shards = targetsOf(random);
  const direct: Held[] = [];
  const replicas = shards.flatMap((targets, shard) => {
    const misses = targets.map((target) => missesOf(random, target, AWAY[shard]!));
    direct.push(...targets.flatMap((target) => heldBy(target, () => 'there', { cluster: CLUSTERS[shard]! })));
    return REPLICAS.map((replica) => {
      const spans = AWAY[shard]![replica].map(([from, to]): Span => ({
        from: DATA_START + from * MINUTE,
        to: DATA_START + to * MINUTE,
      }));
      const held = targets.flatMap((target, i) => {
        const attends = (scrape: number): Attendance => {
          const time = target.times[scrape]!;
          if (spans.some(({ from, to }) => time >= from && time < to)) return 'away';
          return misses[i]!.get(scrape) === replica ? 'late' : 'there';
        };
        return heldBy(target, attends, {});
      });
      return storeOf(
        `${CLUSTERS[shard]}-${replica}`,
        { cluster: CLUSTERS[shard]!, __replica__: replica },
        held,
      );
    });
  });
  return { replicas, direct: storeOf('direct', {}, direct) };
}

/** A replica that is `away` begins anew when it comes back; one that was too late for a scrape knows what it saw before. */
type Attendance = 'there' | 'late' | 'away';

interface Held {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: ReadonlyMap<number, Value>;
}

/**
 * Which scrapes one replica misses alone. Not where series come or go: the other replica writes the stale marker then, and the one
 * that missed it writes another one later, which no server without gaps would have.
 */
function missesOf(random: Random, { times, series }: Target, away: Away): ReadonlyMap<number, Replica> {
  const misses = new Map<number, Replica>();
  let last = -Infinity;
  for (const i of times.keys()) {
    const isDrawn = random() * SELDOM < 1;
    const replica = random() < 0.5 ? 'a' : 'b';
    const isQuiet = series.every(({ values }) => {
      const around = [-1, 0, 1, 2].map((by) => values[i + by] === undefined);
      return new Set(around).size === 1;
    });
    if (!isDrawn || !isQuiet || i - last < APART || isNearAway(away, times[i]!)) continue;
    misses.set(i, replica);
    last = i;
  }
  return misses;
}

/** The other one may be away there, and then nobody would have the scrape. */
function isNearAway({ a, b }: Away, time: number): boolean {
  const at = (time - DATA_START) / MINUTE;
  return [...a, ...b].some(([from, to]) => at > from - APART_MINUTES && at < to + APART_MINUTES);
}

/** What comes of a target where one attends some of its scrapes, as Prometheus would write it. */
function heldBy(
  target: Target,
  attends: (scrape: number) => Attendance,
  external: Readonly<Record<string, string>>,
): readonly Held[] {
  const { identity, times, isUp, series } = target;
  const numbers = [...times.keys()];
  const attended = numbers.map(attends);
  const held = series.map(({ labels, values }): Held => {
    const samples = new Map<number, Value>();
    let wasThere = false;
    for (const i of numbers) {
      if (attended[i] === 'away') wasThere = false;
      if (attended[i] !== 'there') continue;
      const value = values[i];
      if (value !== undefined) samples.set(times[i]!, value);
      else if (wasThere) samples.set(times[i]!, STALE_NAN);
      wasThere = value !== undefined;
    }
    return { labels: { ...labels, ...external }, samples };
  });
  if (identity === undefined) return held;
  const own = (name: string, valueAt: (scrape: number) => number): Held => ({
    labels: { __name__: name, ...identity, ...external },
    samples: new Map(numbers.filter((i) => attended[i] === 'there').map((i) => [times[i]!, valueAt(i)])),
  });
  const counts = countsOf(numbers, attended, series);
  return [
    ...held,
    own('up', (i) => (isUp[i] === true ? 1 : 0)),
    own('scrape_samples_post_metric_relabeling', (i) => counts.all[i]!),
    own('scrape_series_added', (i) => counts.added[i]!),
  ];
}

/** By the number of the scrape: how many series were there, and how many of them were not in the scrape before. */
function countsOf(
  numbers: readonly number[],
  attended: readonly Attendance[],
  series: readonly SeenSeries[],
): { readonly all: readonly number[]; readonly added: readonly number[] } {
  const [all, added]: [number[], number[]] = [[], []];
  let before: ReadonlySet<SeenSeries> = new Set();
  for (const i of numbers) {
    if (attended[i] === 'away') before = new Set();
    const there = new Set(series.filter(({ values }) => values[i] !== undefined));
    all.push(there.size);
    added.push([...there].filter((each) => !before.has(each)).length);
    if (attended[i] === 'there') before = there;
  }
  return { all, added };
}

/** Each series has times of its own here. */
function storeOf(
  name: string,
  externalLabels: Readonly<Record<string, string>>,
  held: readonly Held[],
): Store {
  const sorted = held
    .filter(({ samples }) => samples.size > 0)
    .map((each) => ({ ...each, key: labelsFromRecord(each.labels) }))
    .toSorted((one, other) => compareLabels(one.key, other.key));
  return {
    name,
    externalLabels,
    *series() {
      for (const [i, { labels, samples }] of sorted.entries()) {
        const signal = (time: number): Value => samples.get(time)!;
        yield { target: i, labels, signal: signal as TargetSeries['signal'] };
      }
    },
    scrapes: (i) => sorted[i]!.samples.keys(),
  };
}

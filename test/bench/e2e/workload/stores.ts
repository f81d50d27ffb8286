import { targetSeries, wideSeries, type TargetSeries } from './series.ts';
import { scramble } from './signals.ts';
import type { Size } from './sizes.ts';

/** ms since the epoch: where the queries of all sizes end. A whole hour, long ago, so that data can be kept. */
export const END: number = Date.UTC(2026, 9, 1);
/**
 * The data go on behind it: where they end, another replica may have the newest sample, and then the answers of one
 * server and of several differ by right.
 */
const DATA_END = END + 180_000;
export const INTERVAL = 15_000;
export const WIDE_SPAN: number = 5 * 60_000;

export const SHARDS = 4;
export const REPLICAS = ['a', 'b'] as const;
export type Replica = (typeof REPLICAS)[number];

/** All that one server holds. */
export interface Store {
  /** Name of its folder. */
  readonly name: string;
  readonly externalLabels: Readonly<Record<string, string>>;
  series(): Iterable<TargetSeries>;
  /** When it scraped a target, ms since the epoch, ascending. */
  scrapes(target: number): Iterable<number>;
}

/** Which replicas are away: none, each in turn again and again, or the first of each shard once for a tenth of the time. */
export type Outages = 'none' | 'turns' | 'once';

/** The servers of one kind of load: those behind the gateway, and one that has the merged data. */
export interface Fleet {
  readonly name: 'pairs' | 'wide';
  readonly backends: readonly Store[];
  readonly direct: Store;
}

/** Four shards of two replicas. Which shard scrapes a target follows from its number. */
export function pairsFleet(size: Size, outages: Outages): Fleet {
  const start = END - size.span;
  const store = (shard: number, replica: Replica): Store => ({
    name: `pairs-${shard}${replica}${suffixOf(outages)}`,
    externalLabels: { ...shardLabels(shard), __replica__: replica },
    *series() {
      for (const each of targetSeries(size.targets)) if (each.target % SHARDS === shard) yield each;
    },
    scrapes: (target) =>
      scrapesOf(target, replica, start, awayOf(outages, replica, shard, size.span, size.span / PAIRS_TURNS)),
  });
  return {
    name: 'pairs',
    backends: Array.from({ length: SHARDS }, (_, shard) =>
      REPLICAS.map((replica) => store(shard, replica)),
    ).flat(),
    direct: {
      name: 'pairs-direct',
      externalLabels: {},
      *series() {
        for (const { labels, ...each } of targetSeries(size.targets))
          yield { ...each, labels: { ...labels, ...shardLabels(each.target % SHARDS) } };
      },
      scrapes: (target) => scrapesOf(target, 'a', start, never),
    },
  };
}

/** Two replicas with very many series over five minutes. */
export function wideFleet(size: Size, outages: Outages): Fleet {
  const start = END - WIDE_SPAN;
  return {
    name: 'wide',
    backends: REPLICAS.map((replica) => ({
      name: `wide-${replica}${suffixOf(outages)}`,
      externalLabels: { ...shardLabels(0), __replica__: replica },
      series: () => wideSeries(size.wideSeries),
      scrapes: (target) =>
        scrapesOf(target, replica, start, awayOf(outages, replica, 0, WIDE_SPAN, WIDE_TURN)),
    })),
    direct: {
      name: 'wide-direct',
      externalLabels: {},
      *series() {
        for (const { labels, ...each } of wideSeries(size.wideSeries))
          yield { ...each, labels: { ...labels, ...shardLabels(0) } };
      },
      scrapes: (target) => scrapesOf(target, 'a', start, never),
    },
  };
}

function shardLabels(shard: number): Readonly<Record<string, string>> {
  return { cluster: 'bench', shard: String(shard) };
}

type Away = (time: number) => boolean;

const never: Away = () => false;

/** In each turn one replica of a shard is away for a third of it: so many turns a span, or so long turns in ms. */
const PAIRS_TURNS = 12;
const WIDE_TURN = 100_000;

function suffixOf(outages: Outages): string {
  return outages === 'none' ? '' : outages === 'turns' ? '-outages' : '-outage';
}

function awayOf(outages: Outages, replica: Replica, shard: number, span: number, turn: number): Away {
  if (outages === 'turns') return turnsOf(replica, shard, turn);
  return outages === 'once' && replica === 'a' ? onceOf(shard, span) : never;
}

/** In the middle of the span, in one shard after the other. */
function onceOf(shard: number, span: number): Away {
  const from = 0.3 + shard / (2 * SHARDS);
  return (time) => {
    const part = (END - time) / span;
    return part >= from && part < from + 0.1;
  };
}

/**
 * Turns are counted from the end. Replica a is away in the second third of the even ones, b in that of the odd ones, so
 * never both. Shards are shifted against each other, by so little that all replicas are there at the end, where instant
 * queries look.
 */
function turnsOf(replica: Replica, shard: number, turn: number): Away {
  return (time) => {
    const at = (END - time) / turn + shard / (3 * SHARDS);
    const isItsTurn = Math.floor(at) % 2 === (replica === 'a' ? 0 : 1);
    const part = at - Math.floor(at);
    return isItsTurn && part >= 1 / 3 && part < 2 / 3;
  };
}

/**
 * Each replica scrapes each target at moments of its own, b 4 to 8 s later than a. One scrape in fifty is late by some ms, as
 * Prometheus itself keeps smaller deviations out of the timestamps.
 */
function* scrapesOf(target: number, replica: Replica, start: number, isAway: Away): Generator<number> {
  const which = scramble(target + 1);
  const phase = (which % 7000) + (replica === 'a' ? 0 : 4000 + (which % 4001)) + 1;
  for (let time = start + phase, i = 0; time < DATA_END; time += INTERVAL, i++) {
    const late = scramble(which ^ (i * 2 + (replica === 'a' ? 0 : 1)));
    if (!isAway(time)) yield time + (late % 50 === 0 ? 3 + (late % 7) : 0);
  }
}

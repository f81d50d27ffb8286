import type { BackendSelect } from '../../../src/backend/backend.ts';
import { CoverageIndex } from '../../../src/cluster/coverage/coverage-index.ts';
import { Vitals } from '../../../src/cluster/vitals/vitals.ts';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { TimeWindow } from '../../../src/model/time-bound.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { SYSTEM_TIMERS, type Timers } from '../../../src/model/timers.ts';
import { createReadUp } from '../../../src/select/coverage/read-up.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { ReadOnce, type ReadingReason } from '../../../src/select/read-once/read-once.ts';
import type { Selection } from '../../../src/select/selection.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { memoryEndpoint, NEVER, readAll, scopeOf } from '../support.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import type { FailedCall } from '../../../src/select/context.ts';

/** A time at which a piece of the index begins, ms. */
export const START: number = 250_000 * PIECE_MS;
export const MINUTE = 60_000;

/** What happened to scrapes, in ms after the start; the end is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Target {
  readonly instance: string;
  readonly intervalMs: number;
  /** When it is there. */
  readonly life: Span;
  /** By replica: when its scrapes fail. */
  readonly failures: readonly (readonly Span[])[];
  /** Of its series beside the first: when they are there. */
  readonly series: readonly (readonly Span[])[];
}

export interface World {
  readonly spanMs: number;
  /** By replica: how much later than the first it scrapes, a part of the interval; and when it is away. */
  readonly replicas: readonly { readonly phase: number; readonly away: readonly Span[] }[];
  readonly targets: readonly Target[];
  /** Of which times the replicas are asked; of all where it is left out. */
  readonly window?: TimeWindow;
  /** Series that one replica has beside those of targets. */
  readonly strays?: readonly {
    readonly replica: number;
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

/** A gateway over the replicas of one shard, all of them in memory. */
export interface Gateway {
  readonly once: Selection;
  readonly inFull: Selection;
  readonly reasons: ReadingReason[];
  readonly failed: FailedCall[];
  readonly vitals: Vitals;
  readonly clock: { at: number; ticks: number; now(): number; monotonic(): number };
  /** By replica: what it was asked, refreshes left out. */
  readonly asked: readonly BackendSelect[][];
  readonly endpoints: readonly Endpoint[];
  refresh(): Promise<void>;
}

/** Without a value it is a stale marker: arrays of numbers do not keep the bits of that. */
type Sample = readonly [t: number, v: number | undefined];

const inside = (spans: readonly Span[], t: number): boolean =>
  spans.some(({ from, to }) => t >= from && t < to);

/** Scrapes one target as one replica does: `up`, and its series with a marker where one ends. */
function scrape({ spanMs, replicas }: World, target: Target, r: number): RawSeries[] {
  const { phase, away } = replicas[r]!;
  const { intervalMs, life, failures, instance } = target;
  const up: Sample[] = [];
  const series = [[{ from: 0, to: Infinity }], ...target.series].map((spans) => ({
    spans,
    samples: [] as Sample[],
    isThere: false,
  }));
  let wasAway = true;
  for (let k = 0; ; k++) {
    const t = Math.round((k + phase) * intervalMs);
    if (t >= spanMs) break;
    if (inside(away, t) || !inside([life], t)) {
      // A server that is away writes no markers.
      for (const each of series)
        if (each.isThere && !inside(away, t)) each.samples.push([START + t, undefined]);
      if (!inside(away, t) && up.length > 0 && !wasAway) up.push([START + t, undefined]);
      for (const each of series) each.isThere = false;
      wasAway = true;
      continue;
    }
    wasAway = false;
    const isOk = !inside(failures[r] ?? [], t);
    up.push([START + t, isOk ? 1 : 0]);
    for (const each of series) {
      const isThere = isOk && inside(each.spans, t);
      if (isThere) each.samples.push([START + t, t / 1000]);
      else if (each.isThere) each.samples.push([START + t, undefined]);
      each.isThere = isThere;
    }
  }
  const identity = { job: 'api', instance };
  const all = [
    { labels: { __name__: 'up', ...identity }, samples: up },
    ...series.map(({ samples }, i) => ({ labels: { __name__: 'm', ...identity, i: String(i) }, samples })),
  ];
  return all
    .filter(({ samples }) => samples.length > 0)
    .map(({ labels, samples }) => chunked(labels, samples));
}

function chunked(labels: Readonly<Record<string, string>>, samples: readonly Sample[]): RawSeries {
  const buffer = new SampleBuffer(samples.length);
  for (const [t, v] of samples) buffer.push(t, v ?? STALE_NAN);
  return { labels: labelsFromRecord(labels), data: { kind: 'chunks', chunks: encodeColumns(buffer) } };
}

/** One replica with all that it scraped. */
function replicaOf(world: World, r: number): Endpoint {
  const name = 'abc'[r]!;
  const strays = (world.strays ?? []).filter(({ replica }) => replica === r);
  const series = [
    ...world.targets.flatMap((target) => scrape(world, target, r)),
    ...strays.map(({ labels }) => chunked(labels, strayed(world))),
  ];
  const { window } = world;
  return memoryEndpoint(`${name}:1`, { cluster: 'eu', __replica__: name }, series, { window });
}

function strayed({ spanMs }: World): readonly Sample[] {
  return Array.from({ length: Math.floor(spanMs / 15_000) }, (_, i) => [START + i * 15_000, i]);
}

/** A gateway whose clock stands at a time, ms after the start. */
export function gatewayOver(world: World, at: number, timers: Timers = SYSTEM_TIMERS): Gateway {
  const replicas = world.replicas.map(
    (_, r) => (until: number) => replicaOf({ ...world, spanMs: Math.min(world.spanMs, until - START) }, r),
  );
  return gatewayOf(replicas, START + at, timers);
}

/**
 * A gateway over replicas of one shard.
 * @param replicas make each of them as it is at a time, ms since the epoch.
 */
export function gatewayOf(
  replicas: readonly ((until: number) => Endpoint)[],
  at: number,
  timers: Timers = SYSTEM_TIMERS,
): Gateway {
  const asked: BackendSelect[][] = replicas.map(() => []);
  const clock = { at, ticks: 0, now: () => clock.at, monotonic: () => clock.ticks };
  const endpoints = replicas.map((replica, r) => {
    const endpoint = replica(Infinity);
    const select = endpoint.backend.select.bind(endpoint.backend);
    endpoint.backend.select = (scope, wanted) => {
      // Nobody knows of scrapes that are still to come.
      if (scope.ids.request !== 'test') return replica(clock.at).backend.select(scope, wanted);
      asked[r]!.push(wanted);
      return select(scope, wanted);
    };
    return endpoint;
  });
  const coverage = new CoverageIndex({
    replicaLabels: ['__replica__'],
    read: createReadUp(SYSTEM_TIMERS, NEVER_LATE),
    clock,
  });
  const reasons: ReadingReason[] = [];
  const failed: FailedCall[] = [];
  const topology = fixedTopology(endpoints);
  const vitals = new Vitals(clock, NEVER_LATE);
  const common = {
    vitals,
    topology: () => topology,
    timers,
    clock,
    coverage,
    onFailure: (call: FailedCall) => failed.push(call),
  };
  return {
    once: createSelection({ ...common, readOnce: new ReadOnce(clock, (reason) => reasons.push(reason)) }),
    inFull: createSelection(common),
    reasons,
    failed,
    clock,
    vitals,
    asked,
    endpoints,
    refresh: async () => {
      for (const endpoint of endpoints) {
        await coverage.refresh(endpoint);
        await coverage.load(endpoint, { minTime: clock.at - 4 * PIECE_MS, maxTime: clock.at });
      }
    },
  };
}

export function named(name: string, ...more: readonly Matcher[]): readonly Matcher[] {
  return [{ kind: '=', name: '__name__', value: name }, ...more];
}

/** Reads samples as text, series by series, those in the range; times in ms after the start. */
export async function read(
  selection: Selection,
  matchers: readonly Matcher[],
  from: number,
  to: number,
): Promise<{ readonly series: readonly string[]; readonly annotations: readonly unknown[] }> {
  const request = { matchers, minTime: START + from, maxTime: START + to, hints: { range: 0, func: '' } };
  const set = await selection.source(scopeOf()).select(request, NEVER);
  const series = readAll(set).flatMap(([labels, samples]) => {
    const needed = samples.filter(([t]) => t >= request.minTime && t <= request.maxTime);
    // Markers are told apart from other values by text as well.
    return needed.length === 0 ? [] : [`${labels}: ${needed.map(([t, v]) => `${t - START}=${v}`).join(' ')}`];
  });
  return { series, annotations: set.annotations };
}

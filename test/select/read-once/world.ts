import type { Backend, BackendSelect } from '../../../src/backend/backend.ts';
import { NEWS_MS, type OriginCalls } from '../../../src/backend/series-origins.ts';
import { CoverageIndex } from '../../../src/cluster/coverage/coverage-index.ts';
import { Vitals } from '../../../src/cluster/vitals/vitals.ts';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { NEVER_LATE } from '../../../src/model/lateness.ts';
import { labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import type { TimeWindow } from '../../../src/model/time-bound.ts';
import { failed, success } from '../../../src/model/result.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { SYSTEM_TIMERS, type Timers } from '../../../src/model/timers.ts';
import { createReadUp } from '../../../src/select/coverage/read-up.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { ReadOnce, type ReadingReason } from '../../../src/select/read-once/read-once.ts';
import { Pushdown, type PushOutcome } from '../../../src/select/pushdown/pushdown.ts';
import type { Selection } from '../../../src/select/selection.ts';
import type { EvaluateCall } from '../../../src/backend/evaluate-call.ts';
import { evaluateOver } from '../../support/evaluate-over.ts';
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
  /** By replica: so much older are the values that its scrapes find, ms; none where it is left out. */
  readonly lags?: readonly number[];
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
  readonly strays?: readonly Stray[];
  /** The value of a label that tells this shard from others. */
  readonly cluster?: string;
  /** The name of the series of its targets; `m` where it is left out. */
  readonly metric?: string;
  /** An answer has whole chunks, so small ones have few samples outside of the range that was asked for; 120 where it is left out. */
  readonly samplesPerChunk?: number;
}

export interface Stray {
  readonly replica: number;
  readonly labels: Readonly<Record<string, string>>;
  /** When it begins, ms after the start; from the first on where it is left out. */
  readonly from?: number;
  /**
   * Where it comes from: a rule that was loaded then, others that write to the server, a block that was put into its folder then and
   * reaches back half an hour, or the scrape of a target of another name. No one tells where it is left out.
   */
  readonly how?: 'rule' | 'written' | 'backfilled' | 'renamed';
}

/** A gateway over the replicas of one shard, all of them in memory. */
export interface Gateway {
  readonly once: Selection;
  readonly inFull: Selection;
  /** Lets servers compute parts of aggregations. */
  readonly pushing: Selection;
  /** Reads what that would have read, by the same proofs. */
  readonly unpushed: Selection;
  /** What became of those. */
  readonly pushes: PushOutcome[];
  readonly reasons: ReadingReason[];
  readonly failed: FailedCall[];
  readonly vitals: Vitals;
  readonly clock: {
    at: number;
    ticks: number;
    now(): number;
    monotonic(): number;
    /** Lets so many ms go by. */
    pass(ms: number): void;
  };
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
function scrape(world: World, target: Target, r: number): Scraped {
  const { spanMs, replicas, metric = 'm', samplesPerChunk } = world;
  const { phase, away } = replicas[r]!;
  const { intervalMs, life, failures, instance } = target;
  const up: Sample[] = [];
  // What a scrape writes of itself, always together with `up`.
  const [sizes, news]: [Sample[], Sample[]] = [[], []];
  const series = [[{ from: 0, to: Infinity }], ...target.series].map((spans) => ({
    spans,
    samples: [] as Sample[],
    isThere: false,
    wasInLast: false,
  }));
  const added: number[] = [];
  const outcomes: (readonly [t: number, isOk: boolean])[] = [];
  let wasAway = true;
  for (let k = 0; ; k++) {
    const t = Math.round((k + phase) * intervalMs);
    if (t >= spanMs) break;
    if (inside(away, t) || !inside([life], t)) {
      // A server that is away writes no markers.
      for (const each of series)
        if (each.isThere && !inside(away, t)) each.samples.push([START + t, undefined]);
      if (!inside(away, t) && up.length > 0 && !wasAway)
        for (const each of [up, sizes, news]) each.push([START + t, undefined]);
      for (const each of series) each.isThere = each.wasInLast = false;
      wasAway = true;
      continue;
    }
    wasAway = false;
    const isOk = !inside(failures[r] ?? [], t);
    up.push([START + t, isOk ? 1 : 0]);
    outcomes.push([t, isOk]);
    const [size, before] = [series.filter(({ spans }) => isOk && inside(spans, t)).length, added.length];
    for (const each of series) {
      const isThere = isOk && inside(each.spans, t);
      if (isThere) each.samples.push([START + t, (t - (target.lags?.[r] ?? 0)) / 1000]);
      else if (each.isThere) each.samples.push([START + t, undefined]);
      each.isThere = isThere;
      if (!isOk) continue;
      // A scrape that failed says nothing of which series there are.
      if (isThere && !each.wasInLast) added.push(t);
      each.wasInLast = isThere;
    }
    sizes.push([START + t, size]);
    news.push([START + t, added.length - before]);
  }
  const identity = { job: 'api', instance };
  const all = [
    { labels: { __name__: 'up', ...identity }, samples: up },
    { labels: { __name__: 'scrape_samples_post_metric_relabeling', ...identity }, samples: sizes },
    { labels: { __name__: 'scrape_series_added', ...identity }, samples: news },
    ...series.map(({ samples }, i) => ({ labels: { __name__: metric, ...identity, i: String(i) }, samples })),
  ];
  const kept = all.filter(({ samples }) => samples.length > 0);
  return {
    series: kept.map(({ labels, samples }) => chunked(labels, samples, samplesPerChunk)),
    added,
    outcomes,
  };
}

interface Scraped {
  readonly series: readonly RawSeries[];
  /** When a scrape had a series that the one before did not have; ms after the start, as all times. */
  readonly added: readonly number[];
  readonly outcomes: readonly (readonly [t: number, isOk: boolean])[];
}

function chunked(labels: Stray['labels'], samples: readonly Sample[], most?: number): RawSeries {
  const buffer = new SampleBuffer(samples.length);
  for (const [t, v] of samples) buffer.push(t, v ?? STALE_NAN);
  return {
    labels: labelsFromRecord(labels),
    data: { kind: 'chunks', chunks: encodeColumns(buffer, most) },
  };
}

/** One replica with all that it scraped. */
function replicaOf(world: World, r: number): Endpoint {
  const name = 'abc'[r]!;
  const { window, spanMs, cluster = 'eu' } = world;
  const strays = (world.strays ?? []).filter(({ replica }) => replica === r);
  const scraped = world.targets.map((target) => ({ target, ...scrape(world, target, r) }));
  const series = [
    ...scraped.flatMap((each) => each.series),
    ...strays.flatMap((stray) => {
      const samples = strayed(stray, spanMs);
      return samples.length === 0 ? [] : [chunked(stray.labels, samples)];
    }),
  ];
  const labels = { cluster, __replica__: name };
  const origins = originsOf(world, r, strays, scraped);
  const endpoint = memoryEndpoint(`${cluster}-${name}:1`, labels, series, { window }, undefined, origins);
  return Object.assign(endpoint, {
    backend: Object.assign(endpoint.backend, { evaluate: evaluateOver(series) }),
  });
}

const BACKFILLED_MS = 30 * MINUTE;

function strayed({ from = 0, how }: Stray, spanMs: number): readonly Sample[] {
  if (from >= spanMs) return [];
  const [first, end] = how === 'backfilled' ? [Math.max(from - BACKFILLED_MS, 0), from] : [from, spanMs];
  return Array.from({ length: Math.ceil((end - first) / 15_000) }, (_, i) => [START + first + i * 15_000, i]);
}

/** What a replica tells at the end of the time that it has seen. */
function originsOf(
  { spanMs: now, replicas }: World,
  r: number,
  strays: readonly Stray[],
  scraped: readonly (Scraped & { readonly target: Target })[],
): OriginCalls {
  const { away } = replicas[r]!;
  const isIn = (t: number): boolean => t > now - NEWS_MS && t < now;
  const changes = [
    ...away.map(({ to }) => to),
    ...strays.flatMap(({ from = 0, how }) => (how === 'rule' || how === 'backfilled' ? [from] : [])),
  ];
  const upOf = ({ instance }: Target): Labels => labelsFromRecord({ job: 'api', instance });
  const renamed = strays.filter(({ how, from = 0 }) => how === 'renamed' && isIn(from));
  return {
    origins: async () =>
      success({
        ruleNames: new Set(
          strays.flatMap(({ labels, how, from = 0 }) =>
            how === 'rule' && from <= now ? [labels['__name__']!] : [],
          ),
        ),
        open: strays.some(({ how }) => how === 'written') ? 'others write to it' : undefined,
        isRenaming: strays.some(({ how }) => how === 'renamed'),
      }),
    news: async () =>
      inside(away, now)
        ? failed({ kind: 'unavailable', endpoint: 'away', reason: 'refused' })
        : success({
            state: String(changes.filter((t) => t <= now).length),
            added: [
              ...scraped.flatMap(({ target, added }) => (added.some(isIn) ? [upOf(target)] : [])),
              ...renamed.map(() => labelsFromRecord({ job: 'federate', instance: 'f' })),
            ],
            failing: scraped.flatMap(({ target, outcomes }) =>
              outcomes.at(-1)?.[1] === false ? [upOf(target)] : [],
            ),
          }),
  };
}

/** What a replica tells that scrapes its targets, has no rules, and is written to by nobody. */
export function scrapesAlone(): OriginCalls {
  return {
    origins: async () => success({ ruleNames: new Set(), open: undefined, isRenaming: false }),
    news: async () => success({ state: 'as ever', added: [], failing: [] }),
  };
}

/** A gateway whose clock stands at a time, ms after the start. */
export function gatewayOver(world: World, at: number, timers: Timers = SYSTEM_TIMERS): Gateway {
  return gatewayOverAll([world], at, timers);
}

/** The same over several shards. */
export function gatewayOverAll(
  worlds: readonly World[],
  at: number,
  timers: Timers = SYSTEM_TIMERS,
): Gateway {
  const replicas = worlds.flatMap((world) =>
    world.replicas.map(
      (_, r) => (until: number) => replicaOf({ ...world, spanMs: Math.min(world.spanMs, until - START) }, r),
    ),
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
  const clock = {
    at,
    ticks: 0,
    now: () => clock.at,
    monotonic: () => clock.ticks,
    pass: (ms: number) => {
      clock.at += ms;
      clock.ticks += ms;
    },
  };
  const endpoints = replicas.map((replica, r) => {
    const endpoint = replica(Infinity);
    let known = { at: Infinity, endpoint };
    // Nobody knows of what is still to come.
    const now = (): Backend => {
      if (known.at !== clock.at) known = { at: clock.at, endpoint: replica(clock.at) };
      return known.endpoint.backend;
    };
    endpoint.backend.select = async (scope, wanted) => {
      if (scope.ids.request === 'test') asked[r]!.push(wanted);
      return now().select(scope, wanted);
    };
    const { origins, evaluate } = endpoint.backend;
    if (evaluate !== undefined)
      Object.assign(endpoint.backend, {
        evaluate: ((scope, request) => now().evaluate!(scope, request)) satisfies EvaluateCall,
      });
    if (origins !== undefined)
      Object.assign(origins, {
        origins: async (signal: AbortSignal) => now().origins!.origins(signal),
        news: async (signal: AbortSignal) => now().origins!.news(signal),
      });
    return endpoint;
  });
  const coverage = new CoverageIndex({
    replicaLabels: ['__replica__'],
    read: createReadUp(SYSTEM_TIMERS, NEVER_LATE),
    clock,
  });
  const reasons: ReadingReason[] = [];
  const pushes: PushOutcome[] = [];
  const failures: FailedCall[] = [];
  const topology = fixedTopology(endpoints);
  const provenAlike = new ReadOnce(clock, timers);
  const vitals = new Vitals(clock, NEVER_LATE);
  const common = {
    vitals,
    topology: () => topology,
    timers,
    clock,
    coverage,
    onFailure: (call: FailedCall) => failures.push(call),
  };
  return {
    once: createSelection({
      ...common,
      readOnce: new ReadOnce(clock, timers, (reason) => reasons.push(reason)),
    }),
    inFull: createSelection(common),
    pushing: createSelection({
      ...common,
      readOnce: provenAlike,
      pushdown: new Pushdown(clock, (outcome) => pushes.push(outcome), 0),
    }),
    unpushed: createSelection({ ...common, readOnce: provenAlike }),
    pushes,
    reasons,
    failed: failures,
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

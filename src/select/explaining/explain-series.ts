import { dedupe } from '../../dedup/dedupe.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { firstAtOrAfter, SampleBuffer } from '../../model/sample-columns.ts';
import { WINDOW_MS } from '../../dedup/window-length.ts';
import { dedupOptionsFor } from '../series/dedup-options.ts';
import { NO_SAMPLES, replicaNameOf } from './explain-endpoints.ts';
import { findChanges, originsOf } from './explain-origins.ts';
import type { Changes, ChosenAt } from './explain-origins.ts';
import { failedTimeline, timelinesOf } from './explain-timeline.ts';
import { DecisionLog, mergeDecisions, showWindows } from './explain-windows.ts';
import type { DecidedWindows, NameOf } from './explain-windows.ts';
import type { Cells, ReplicaExplanation, SampleFigures, SeriesExplanation } from './explanation.ts';
import { ReadScratch } from '../reading/read-replica.ts';
import type { ReplicaData, SeriesGroup } from '../reading/replica-data.ts';
import { readReplicas } from '../series/selected-series.ts';
import type { ReadContext, ReadableReplica } from '../series/selected-series.ts';
import type { TimeRange } from '../../model/time-range.ts';

/** What the explanations of all series of a select share. */
export interface SeriesExplainer {
  readonly reading: ReadContext;
  /** False where replicas are to be seen, so that nothing is chosen. */
  readonly merges: boolean;
  readonly replicaLabels: readonly string[];
  /** What the query needs, ms since the epoch, both inclusive. */
  readonly needed: TimeRange;
  readonly cells: Cells;
  /** By the name of the shard: those that did not answer. */
  readonly failed: ReadonlyMap<string, readonly Endpoint[]>;
}

/** Buffers for one series after the other. */
export class ExplainScratch {
  readonly replicas: ReadScratch = new ReadScratch();
  readonly answer: SampleBuffer = new SampleBuffer();
  readonly log: DecisionLog;

  /** @param now ms since the epoch. */
  constructor(now: number) {
    this.log = new DecisionLog(now);
  }
}

/** How one series came to be; its samples lie in the scratch until the next one is read. */
export interface SeriesReading extends Changes {
  readonly replicas: readonly ReadableReplica[];
  readonly figures: readonly SampleFigures[];
  readonly windows: readonly DecidedWindows[];
  readonly nameOf: NameOf;
  /** Index of the replica that each sample of the answer came from. */
  readonly origins: Int32Array;
}

/** Reads a series as a query would, and takes down where its samples come from. */
export function readExplained(
  group: SeriesGroup,
  { reading, merges, replicaLabels, needed }: SeriesExplainer,
  { replicas: buffers, answer, log }: ExplainScratch,
): SeriesReading {
  const replicas = readReplicas(group, reading, buffers);
  answer.clear();
  log.clear();
  dedupe(replicas, answer, dedupOptionsFor(reading, group), log);
  reading.findings.look(group, answer);
  const present = replicas.filter(({ columns }) => columns.length > 0);
  if (merges && present.length === 1 && reading.dedupMode === 'gap-aware') logOnlySource(present[0]!, log);

  const chosenAt = (): ChosenAt => chosenIn(log, replicas);
  const columns = replicas.map((replica) => replica.columns);
  const origins = originsOf(answer, columns, chosenAt());
  const range = rangeOf(answer, needed);
  const figures = columns.map((own, r) => figuresOf(own, needed, origins, r, range));
  const displayNames = new Map(
    replicas.map(({ name, replica }) => [name, replicaNameOf(replica.endpoint, replicaLabels)]),
  );
  const nameOf: NameOf = (name) => displayNames.get(name) ?? name;
  return {
    replicas,
    figures,
    windows: mergeDecisions(log.decisions, needed, nameOf),
    nameOf,
    origins,
    ...findChanges(answer, origins, range, chosenAt()),
  };
}

/** The part of a reading that is shown. */
export function showSeries(
  group: SeriesGroup,
  { replicas, figures, windows, nameOf, origins, switches, holesFilled, fillings }: SeriesReading,
  { cells, failed, replicaLabels }: SeriesExplainer,
  { answer }: ExplainScratch,
  mostWindows: number,
): SeriesExplanation {
  const timelines = timelinesOf(
    cells,
    answer,
    { origins, fillings },
    replicas.map(({ columns }) => columns),
  );
  const shown = replicas.map(({ replica }, r) =>
    describe(replica.endpoint, replicaLabels, figures[r]!, timelines[r]!),
  );
  const lost = shardsOf(group.replicas).flatMap((shard) => failed.get(shard) ?? []);
  return {
    labels: group.labels,
    replicas: [
      ...shown,
      ...lost.map((endpoint) => describe(endpoint, replicaLabels, NO_SAMPLES, failedTimeline(cells))),
    ],
    switches,
    holesFilled,
    windows: windows.slice(0, mostWindows).map((each) => showWindows(each, nameOf)),
    windowsNotShown: Math.max(windows.length - mostWindows, 0),
  };
}

function shardsOf(replicas: readonly ReplicaData[]): readonly string[] {
  return [...new Set(replicas.map(({ shard }) => shard))];
}

function describe(
  endpoint: Endpoint,
  replicaLabels: readonly string[],
  samples: SampleFigures,
  timeline: string,
): ReplicaExplanation {
  return {
    replica: replicaNameOf(endpoint, replicaLabels),
    address: endpoint.address,
    samples,
    timeline,
  };
}

/** Deduplication passes a single replica through without a word, and weighs nothing. */
function logOnlySource({ name, columns }: ReadableReplica, { decisions }: DecisionLog): void {
  const { t, length } = columns;
  let end = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) {
    if (t[i]! < end) continue;
    const start = Math.floor(t[i]! / WINDOW_MS) * WINDOW_MS;
    end = start + WINDOW_MS;
    decisions.push({ start, end, name, penalty: undefined, reason: { kind: 'only source' } });
  }
}

/** Looks the times up that are asked in ascending order. */
function chosenIn({ decisions }: DecisionLog, replicas: readonly ReadableReplica[]): ChosenAt {
  const chosen = decisions.map(({ name }) => replicas.findIndex((replica) => replica.name === name));
  let at = 0;
  return (t) => {
    while (at < decisions.length && decisions[at]!.end <= t) at++;
    return at < decisions.length && decisions[at]!.start <= t ? chosen[at]! : -1;
  };
}

function figuresOf(
  columns: SampleColumns,
  needed: SeriesExplainer['needed'],
  origins: Int32Array,
  replica: number,
  [from, to]: readonly [number, number],
): SampleFigures {
  const [first, end] = rangeOf(columns, needed);
  let survived = 0;
  for (let i = from; i < to; i++) if (origins[i] === replica) survived++;
  return { delivered: columns.length, inRange: end - first, survived };
}

/** Indices [from, to) of the samples that the query needs. */
function rangeOf(
  columns: SampleColumns,
  { minTime, maxTime }: SeriesExplainer['needed'],
): readonly [number, number] {
  const from = firstAtOrAfter(columns, minTime);
  return [from, firstAtOrAfter(columns, maxTime + 1, from)];
}

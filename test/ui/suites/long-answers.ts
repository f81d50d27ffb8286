import type { CoverageReportJson, HolesJson } from '../../../src/http/api/coverage.ts';
import type { LabelsJson } from '../../../src/http/api/envelope.ts';
import type { ExemplarSeriesJson } from '../../../src/http/api/exemplars.ts';
import type {
  EndpointJson,
  ExplanationJson,
  NodeJson,
  SeriesJson,
} from '../../../src/http/api/explanation.ts';
import type { PointJson, QueryJson, StatsJson } from '../../../src/http/api/query.ts';
import type { RulesJson } from '../../../src/http/api/rules.ts';
import type { StoresJson } from '../../../src/http/api/stores.ts';
import type { TsdbStatusJson } from '../../../src/http/api/tsdb-status.ts';
import type { Answers } from '../browsing.ts';

/** A range of ten minutes, and in it a step a minute. */
const START = 1_795_392_000;
const END = START + 600;
export const TIMES: string = `g0.range_input=10m&g0.step_input=1m&g0.end_input=${END}`;

/** A value at each step. */
export const VALUES: readonly PointJson[] = Array.from({ length: 11 }, (_, i) => [START + i * 60, '5']);

export function texts(what: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${what}_${String(i).padStart(5, '0')}`);
}

const STATS: StatsJson = {
  timings: {
    evalTotalTime: 0,
    resultSortTime: 0,
    queryPreparationTime: 0,
    innerEvalTime: 0,
    execQueueTime: 0,
    execTotalTime: 0,
  },
  samples: { totalQueryableSamples: 1, peakSamples: 1 },
  completeness: { state: 'whole', warnings: 0 },
  fetched: { bytes: 0, calls: 0, endpoints: 0, answeredEndpoints: 0 },
};

/** Two series that differ in so many labels. */
export function wideVector(labels: number): QueryJson {
  const result = ['a', 'b'].map((value) => ({
    metric: Object.fromEntries(texts('label', labels).map((name) => [name, value])),
    value: [END, '1'] as const,
  }));
  return { resultType: 'vector', result, stats: STATS };
}

/** The same of a query of whose warnings so many tell of what is missing. */
export function missingVector(warnings: number): QueryJson {
  return completeVector({ state: 'missing', warnings });
}

export function completeVector(completeness: StatsJson['completeness']): QueryJson {
  return { ...wideVector(1), stats: { ...STATS, completeness } };
}

/** The same for which so much was read. */
export function fetchedVector(fetched: StatsJson['fetched']): QueryJson {
  return { ...wideVector(1), stats: { ...STATS, fetched } };
}

export function matrix(series: number): QueryJson {
  const result = texts('series', series).map((name) => ({ metric: { name }, values: VALUES }));
  return { resultType: 'matrix', result, stats: STATS };
}

export function exemplars(count: number): readonly ExemplarSeriesJson[] {
  return [
    {
      seriesLabels: { __name__: 'x' },
      exemplars: Array.from({ length: count }, (_, i) => ({
        labels: { trace_id: String(i) },
        value: String(i),
        timestamp: START + i,
      })),
    },
  ];
}

/** Of a query of one selector over shards of two replicas each; its plan is a chain of so many parts. */
export function explanation(of: {
  readonly shards: number;
  readonly seriesNotShown?: number;
  readonly parts?: number;
}): ExplanationJson {
  const { shards, seriesNotShown = 0, parts = 1 } = of;
  const samples = { delivered: 10, inRange: 10, survived: 10 };
  const endpointsOf = (shard: string): readonly EndpointJson[] =>
    ['a', 'b'].map((replica) => ({
      address: `http://${shard}-${replica}`,
      replica,
      protocol: 'query',
      health: 'up',
      outcome: 'answered',
    }));
  const series = texts('shard', shards).map((shard): SeriesJson => ({
    labels: { shard },
    replicas: endpointsOf(shard).map(({ address, replica }) => ({
      replica,
      address,
      samples,
      timeline: (replica === 'a' ? 'c' : 'i').repeat(10),
    })),
    switches: 0,
    holesFilled: 0,
    windows: [],
    windowsNotShown: 0,
  }));
  const nodes = Array.from({ length: parts }, (_, level): NodeJson => ({
    level,
    text: `part ${level}`,
    at: { start: 0, end: 1 },
    type: 'vector',
  }));
  return {
    query: 'x',
    start: START,
    end: END,
    step: 60,
    dedup: true,
    dedupFunc: 'gap-aware',
    replicaLabels: ['replica'],
    partialResponse: true,
    plan: '',
    nodes,
    selectors: [
      {
        selector: 'x',
        start: START,
        end: END,
        fetched: { start: START, end: END },
        margin: { seconds: 0, reason: 'none' },
        shards: texts('shard', shards).map((shard) => ({ labels: { shard }, endpoints: endpointsOf(shard) })),
        unknownEndpoints: [],
        summary: { series: 1, samples, switches: 0, holesFilled: 0, reasons: [] },
        timeline: { start: START, cellSeconds: 60, cells: 10 },
        seriesNotShown,
        series,
      },
    ],
  };
}

export function labelSets(count: number): readonly LabelsJson[] {
  return texts('instance', count).map((instance) => ({ __name__: 'metric', instance }));
}

export function countsByShard(count: number): QueryJson {
  const result = texts('shard', count).map((shard) => ({ metric: { shard }, value: [END, '3'] as const }));
  return { resultType: 'vector', result };
}

/** What Explore asks of a metric. */
export const ONE_METRIC: Answers = {
  metadata: { data: {} },
  query: { data: countsByShard(1) },
  series: { data: labelSets(2) },
};

export const NO_STATISTICS: TsdbStatusJson = {
  headStats: { numSeries: 0, numLabelPairs: 0, chunkCount: 0, minTime: 0, maxTime: 0 },
  seriesCountByMetricName: [],
  labelValueCountByLabelName: [],
  memoryInBytesByLabelName: [],
  seriesCountByLabelValuePair: [],
};

/** An alerting rule with so many alerts. */
export function ruleWith(alerts: number): RulesJson {
  const ran = { health: 'ok', evaluationTime: 0, lastEvaluation: '2026-11-22T12:00:00Z' };
  const labels = { alertname: 'Many' };
  const rule = {
    ...ran,
    type: 'alerting' as const,
    state: 'firing',
    name: 'Many',
    query: 'x',
    duration: 0,
    keepFiringFor: 0,
    labels: {},
    annotations: {},
    alerts: texts('instance', alerts).map((instance) => ({
      labels: { ...labels, instance },
      annotations: {},
      state: 'firing',
      value: '1',
    })),
  };
  return { groups: [{ name: 'g', file: 'f', interval: 60, limit: 0, ...ran, rules: [rule] }] };
}

const NO_HOLES: HolesJson = { targets: 0, holes: [], notShown: 0 };

/** Shards of so many replicas. The first one has a gap, and so many more of which nothing is told. */
export function fleet(shards: number, replicas: number, gapsNotShown = 0): Answers {
  const hole = { start: START, end: END, kind: 'away', targets: 1, examples: [] };
  const nameOf = (shard: string, replica: string): string => `http://${shard}-${replica}`;
  const coverage: CoverageReportJson = {
    shards: texts('shard', shards).map((shard) => ({
      labels: { shard },
      start: START,
      end: END,
      targets: 1,
      unprovenTargets: 0,
      endpoints: texts('r', replicas).map((replica) => ({
        endpoint: nameOf(shard, replica),
        knownSince: START,
        knownUntil: END,
        coverage: 'whole',
        targets: 1,
        holes: gapsNotShown === 0 ? NO_HOLES : { targets: 1, holes: [hole], notShown: gapsNotShown },
        lostWithIt: NO_HOLES,
      })),
      missingEverywhere: NO_HOLES,
    })),
  };
  const stores: StoresJson = {
    prometheus: texts('shard', shards).flatMap((shard) =>
      texts('r', replicas).map((replica) => ({
        name: nameOf(shard, replica),
        lastCheck: '2026-11-22T12:00:00Z',
        lastError: null,
        labelSets: [{ shard, replica }],
        minTime: 0,
        maxTime: 1,
        health: 'up',
        protocol: 'query',
        version: '3.0.0',
      })),
    ),
  };
  return { stores: { data: stores }, 'status/coverage': { data: coverage } };
}

export const NO_FLEET: Answers = fleet(0, 0);

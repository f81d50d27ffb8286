import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type protobuf from 'protobufjs';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer, copyColumns } from '../../../src/model/sample-columns.ts';
import * as exemplars from '../../../src/wire/store-api/exemplars.ts';
import * as health from '../../../src/wire/store-api/health.ts';
import { decodeInfoResponse, encodeInfoResponse } from '../../../src/wire/store-api/info.ts';
import * as labelCalls from '../../../src/wire/store-api/label-calls.ts';
import * as metadata from '../../../src/wire/store-api/metric-metadata.ts';
import * as queries from '../../../src/wire/store-api/query-request.ts';
import { decodeQueryResponse, encodeQueryResponse } from '../../../src/wire/store-api/query-response.ts';
import * as rules from '../../../src/wire/store-api/rules.ts';
import { decodeSeriesRequest, encodeSeriesRequest } from '../../../src/wire/store-api/series-request.ts';
import * as targets from '../../../src/wire/store-api/targets.ts';
import * as statistics from '../../../src/wire/store-api/tsdb-statistics.ts';
import { loadProto } from '../../support/proto.ts';

interface Codec<T> {
  readonly file: string;
  readonly message: string;
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
  /** Has a value other than the default in each field. */
  readonly value: T;
}

const labels = labelsFromRecord({ a: '1', b: 'ö' });
const matcher = { kind: '!~', name: 'x', value: '.*' } as const;
const any = { typeUrl: 'type.googleapis.com/hintspb.X', value: Buffer.of(1) };
const shardInfo = { shardIndex: 1, totalShards: 2, by: true, labels: ['l'] };
const partial = { partialResponseDisabled: true, partialResponseStrategy: 1 };
const labelRequest = {
  ...partial,
  start: -1,
  end: 2,
  hints: any,
  matchers: [matcher],
  withoutReplicaLabels: ['r'],
  limit: 3,
  mergesReplicas: true,
};
const queryOptions = {
  query: 'up',
  queryPlan: { json: Buffer.of(123, 125) },
  timeoutSeconds: 1,
  maxResolutionSeconds: 2,
  replicaLabels: ['r'],
  storeMatchers: [{ labelMatchers: [matcher] }],
  enableDedup: true,
  enablePartialResponse: true,
  skipChunks: true,
  shardInfo,
  lookbackDeltaSeconds: 3,
  engine: 2,
  responseBatchSize: 4,
};
const evaluated = {
  name: 'n',
  query: 'q',
  labels,
  health: 'ok',
  lastError: 'e',
  evaluationDurationSeconds: 0.5,
  lastEvaluation: -1n,
};
const samples = new SampleBuffer();
samples.push(1000, 1.5);
samples.push(2000, Number.NaN);
const timeSeries = { labels, columns: copyColumns(samples) };
const statistic = { name: 'n', value: 2 ** 40 };

const codec = <T>(
  file: string,
  message: string,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
  value: T,
): Codec<unknown> => ({ file, message, encode, decode, value }) as unknown as Codec<unknown>;

const CODECS: readonly Codec<unknown>[] = [
  codec('store', 'SeriesRequest', encodeSeriesRequest, decodeSeriesRequest, {
    ...partial,
    minTime: -(2 ** 63),
    maxTime: 2 ** 53,
    matchers: [matcher],
    maxResolutionWindow: 5,
    aggregates: [1, 5],
    skipChunks: true,
    hints: any,
    step: 6,
    range: 7,
    queryHints: {
      stepMillis: 8,
      func: { name: 'rate' },
      grouping: { by: true, labels: ['g'] },
      range: { millis: 9 },
      projectionLabels: ['p'],
      projectionInclude: true,
    },
    shardInfo,
    withoutReplicaLabels: ['r'],
    limit: 10,
    responseBatchSize: 11,
    mergesReplicas: true,
  }),
  codec(
    'store',
    'LabelNamesRequest',
    labelCalls.encodeLabelNamesRequest,
    labelCalls.decodeLabelNamesRequest,
    labelRequest,
  ),
  codec(
    'store',
    'LabelNamesResponse',
    labelCalls.encodeLabelNamesResponse,
    labelCalls.decodeLabelNamesResponse,
    {
      names: ['', 'n'],
      warnings: ['w'],
      hints: any,
    },
  ),
  codec(
    'store',
    'LabelValuesRequest',
    labelCalls.encodeLabelValuesRequest,
    labelCalls.decodeLabelValuesRequest,
    {
      ...labelRequest,
      label: 'l',
    },
  ),
  codec(
    'store',
    'LabelValuesResponse',
    labelCalls.encodeLabelValuesResponse,
    labelCalls.decodeLabelValuesResponse,
    { values: ['v'], warnings: ['w'], hints: any },
  ),
  codec('info', 'info.InfoResponse', encodeInfoResponse, decodeInfoResponse, {
    labelSets: [labels, labels],
    componentType: 'store',
    store: {
      minTime: 1,
      maxTime: 2,
      supportsSharding: true,
      supportsWithoutReplicaLabels: true,
      tsdbInfos: [{ labels, minTime: 3, maxTime: 4 }],
    },
    rules: true,
    metricMetadata: true,
    targets: true,
    exemplars: { minTime: 5, maxTime: 6 },
    query: true,
    status: true,
    engine: 'promweave 1',
  }),
  codec('query', 'QueryRequest', queries.encodeQueryRequest, queries.decodeQueryRequest, {
    ...queryOptions,
    timeSeconds: 5,
  }),
  codec('query', 'QueryRangeRequest', queries.encodeQueryRangeRequest, queries.decodeQueryRangeRequest, {
    ...queryOptions,
    startTimeSeconds: 5,
    endTimeSeconds: 6,
    intervalSeconds: 7,
    part: {
      query: 'sum(up)',
      start: 1,
      end: 2,
      step: 3,
      lookbackDelta: 4,
      engine: 'e',
      dedupMode: 'm',
    },
  }),
  codec(
    'query',
    'QueryResponse',
    encodeQueryResponse as (value: unknown) => Uint8Array,
    decodeQueryResponse,
    {
      kind: 'series',
      series: [timeSeries],
    },
  ),
  codec(
    'query',
    'QueryRangeResponse',
    encodeQueryResponse as (value: unknown) => Uint8Array,
    decodeQueryResponse,
    {
      kind: 'series',
      series: [timeSeries, timeSeries],
    },
  ),
  codec(
    'query',
    'QueryResponse',
    encodeQueryResponse as (value: unknown) => Uint8Array,
    decodeQueryResponse,
    {
      kind: 'stats',
      stats: { samplesTotal: 1, peakSamples: 2 },
    },
  ),
  codec('rules', 'RulesRequest', rules.encodeRulesRequest, rules.decodeRulesRequest, {
    type: 2,
    partialResponseStrategy: 1,
    matcherString: ['{a="b"}'],
    ruleName: ['r'],
    ruleGroup: ['g'],
    file: ['f'],
  }),
  codec('rules', 'RulesResponse', rules.encodeRulesResponse, rules.decodeRulesResponse, {
    group: {
      name: 'g',
      file: 'f',
      rules: [
        { recording: evaluated, alert: undefined },
        {
          recording: undefined,
          alert: {
            ...evaluated,
            state: 3,
            durationSeconds: 60,
            annotations: labels,
            alerts: [
              {
                labels,
                annotations: labels,
                state: 2,
                activeAt: 1_500_000_000n,
                value: '1e+00',
                partialResponseStrategy: 1,
              },
            ],
            keepFiringForSeconds: 30,
          },
        },
      ],
      interval: 15,
      evaluationDurationSeconds: 0.25,
      lastEvaluation: 1_795_392_559_409_518_933n,
      partialResponseStrategy: 1,
      limit: 9,
    },
    warning: undefined,
  }),
  codec('targets', 'TargetsRequest', targets.encodeTargetsRequest, targets.decodeTargetsRequest, {
    state: 2,
    partialResponseStrategy: 1,
  }),
  codec('targets', 'TargetsResponse', targets.encodeTargetsResponse, targets.decodeTargetsResponse, {
    targets: {
      activeTargets: [
        {
          discoveredLabels: labels,
          labels,
          scrapePool: 'p',
          scrapeUrl: 'u',
          globalUrl: 'g',
          lastError: 'e',
          lastScrape: 1n,
          lastScrapeDuration: 0.5,
          health: 1,
        },
      ],
      droppedTargets: [{ discoveredLabels: labels }],
    },
    warning: undefined,
  }),
  codec(
    'metadata',
    'MetricMetadataRequest',
    metadata.encodeMetricMetadataRequest,
    metadata.decodeMetricMetadataRequest,
    { metric: 'm', limit: -1, partialResponseStrategy: 1 },
  ),
  codec(
    'metadata',
    'MetricMetadataResponse',
    metadata.encodeMetricMetadataResponse,
    metadata.decodeMetricMetadataResponse,
    {
      metadata: { metadata: new Map([['up', { metas: [{ type: 'gauge', help: 'h', unit: 'u' }] }]]) },
      warning: undefined,
    },
  ),
  codec('exemplars', 'ExemplarsRequest', exemplars.encodeExemplarsRequest, exemplars.decodeExemplarsRequest, {
    query: 'q',
    start: 1,
    end: 2,
    partialResponseStrategy: 1,
  }),
  codec(
    'exemplars',
    'ExemplarsResponse',
    exemplars.encodeExemplarsResponse,
    exemplars.decodeExemplarsResponse,
    {
      data: { seriesLabels: labels, exemplars: [{ labels, value: -0, ts: 3 }] },
      warning: undefined,
    },
  ),
  codec(
    'status',
    'TSDBStatisticsRequest',
    statistics.encodeTsdbStatisticsRequest,
    statistics.decodeTsdbStatisticsRequest,
    { tenant: 't', limit: 5, partialResponseStrategy: 1, matchers: [matcher] },
  ),
  codec(
    'status',
    'TSDBStatisticsResponse',
    statistics.encodeTsdbStatisticsResponse,
    statistics.decodeTsdbStatisticsResponse,
    {
      statistics: {
        statistics: new Map([
          [
            'tenant',
            {
              headStatistics: { numSeries: 1, numLabelPairs: 2, chunkCount: 3, minTime: 4, maxTime: 5 },
              seriesCountByMetricName: [statistic],
              labelValueCountByLabelName: [statistic],
              memoryInBytesByLabelName: [statistic],
              seriesCountByLabelValuePair: [statistic],
            },
          ],
        ]),
      },
      warning: undefined,
    },
  ),
];

describe('messages come back as they were, and are what proto says', () => {
  for (const { file, message, encode, decode, value } of CODECS)
    it(message, () => {
      const bytes = encode(value);
      assert.deepEqual(decode(bytes), value);
      const type = loadProto(`thanos/${file}.proto`).lookupType(`thanos.${message}`);
      // Whatever protobufjs takes for an unknown field, it would lose on the way.
      assert.deepEqual(decode(type.encode(type.decode(bytes)).finish()), value);
      if (!('kind' in (value as object))) assert.deepEqual(unset(type, type.decode(bytes)), []);
    });

  it('grpc.health.v1', () => {
    const request = { service: 's' };
    const answer = { status: 1 };
    assert.deepEqual(health.decodeHealthCheckRequest(health.encodeHealthCheckRequest(request)), request);
    assert.deepEqual(health.decodeHealthCheckResponse(health.encodeHealthCheckResponse(answer)), answer);
  });
});

/** Fields that a message which has a value in each of them does not have: one that our codec leaves out. */
function unset(type: protobuf.Type, message: protobuf.Message): readonly string[] {
  return type.fieldsArray
    .filter(({ name, partOf }) => partOf === null && !Object.hasOwn(message, name))
    .map(({ name }) => name);
}

import type { QueryAnswer, QueryValue } from '../../engine/answer.ts';
import type { QueryOptions, RangeQuery } from '../../gateway/query.ts';
import { distinctReplicaLabels, requireFewMatchers, requirePatterns } from '../../gateway/request-limits.ts';
import type { ReadWishes } from '../../gateway/request-scope.ts';
import { DEDUP_MODES, type DedupMode } from '../../model/dedup-mode.ts';
import { QueryError } from '../../model/errors.ts';
import { EMPTY_LABELS } from '../../model/labels.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { SampleBuffer, type SampleColumns } from '../../model/sample-columns.ts';
import type { SampledSeries } from '../../wire/remote-read/sampled.ts';
import {
  decodeQueryRangeRequest,
  decodeQueryRequest,
  type PartOfQuery,
  type QueryRangeRequest,
  type QueryRequest,
} from '../../wire/store-api/query-request.ts';
import { encodeQueryResponse } from '../../wire/store-api/query-response.ts';
import { inBatches } from '../batches.ts';
import type { GrpcContext, Service } from '../service.ts';
import { queryWarnings } from '../warnings.ts';

/** `thanos.Query`: evaluates PromQL here and streams the result. Times and durations of the requests are in seconds. */
export function queryService({ gateway, clock, engine }: GrpcContext): Service {
  return {
    name: 'thanos.Query',
    methods: [
      {
        kind: 'stream',
        access: 'tenant',
        name: 'Query',
        answer: async function* query(message, origin) {
          const request = decodeQueryRequest(message);
          const time = request.timeSeconds === 0 ? clock.now() : request.timeSeconds * 1000;
          const query = { ...optionsOf(request), time };
          const scope = gateway.open(wishesOf(request), origin);
          const { answer } = await gateway.query(scope, query);
          if (answer.value.kind === 'matrix') throw rangeVector();
          yield* frames(scope, answer, request);
        },
      },
      {
        kind: 'stream',
        access: 'tenant',
        name: 'QueryRange',
        answer: async function* queryRange(message, origin) {
          const request = decodeQueryRangeRequest(message);
          const query = rangeOf(request);
          const { part } = request;
          const wishes = {
            ...wishesOf(request),
            ...(part !== undefined && { dedupMode: dedupModeOf(part, engine) }),
          };
          const scope = gateway.open(wishes, origin, query.step);
          const { answer } = await gateway.queryRange(scope, query);
          yield* frames(scope, answer, request);
        },
      },
    ],
  };
}

function rangeOf(request: QueryRangeRequest): RangeQuery {
  const { startTimeSeconds, endTimeSeconds, intervalSeconds, part } = request;
  const options = optionsOf(request);
  // A gateway above keeps what comes of a part itself, and takes it for new.
  if (part !== undefined) return { ...options, ...part, text: part.query, isFresh: true };
  return {
    ...options,
    start: startTimeSeconds * 1000,
    end: endTimeSeconds * 1000,
    step: intervalSeconds * 1000,
  };
}

/**
 * How replicas have to become one for a part of a query. Throws `bad_data` where it would be another thing here than the gateway above takes
 * it for: that one was told by this gateway in its former life, or by another one under its name.
 */
function dedupModeOf({ engine: wanted, dedupMode }: PartOfQuery, engine: string | undefined): DedupMode {
  const mode = DEDUP_MODES.find((one) => one === dedupMode);
  if (engine === undefined || wanted !== engine || mode === undefined)
    throw new QueryError(
      'bad_data',
      `this gateway evaluates as ${JSON.stringify(engine ?? '')}, and is asked for a part of a query as ${JSON.stringify(wanted)} with ${JSON.stringify(dedupMode)}: read its samples`,
    );
  return mode;
}

type Request = QueryRequest | QueryRangeRequest;

/** Throws `bad_data` for the option that chooses a part of the series, because the answer would have all of them. */
function optionsOf(request: Request): QueryOptions {
  if ((request.shardInfo?.totalShards ?? 0) > 1)
    throw new QueryError('bad_data', 'shard_info is not supported for queries: send the whole query');
  return {
    text: request.query,
    lookbackDelta: request.lookbackDeltaSeconds * 1000,
    timeout: request.timeoutSeconds > 0 ? request.timeoutSeconds * 1000 : undefined,
    limit: 0,
  };
}

function wishesOf(request: Request): ReadWishes {
  return {
    dedup: request.enableDedup,
    replicaLabels: distinctReplicaLabels(request.replicaLabels, 'replica_labels'),
    partialResponse: request.enablePartialResponse,
    maxSourceResolution: request.maxResolutionSeconds * 1000,
    endpoints: storeMatchers(request),
  };
}

function storeMatchers({ storeMatchers: sets }: Request): ReadWishes['endpoints'] {
  const matchers = sets.flatMap(({ labelMatchers }) => labelMatchers);
  requireFewMatchers(matchers, 'matchers in storeMatchers');
  requirePatterns(matchers);
  return sets.map(({ labelMatchers }) => labelMatchers);
}

/**
 * Queriers take every answer to an instant query for a vector. Of each series they would show the first sample of the
 * window as the value at the time of the query.
 */
function rangeVector(): QueryError {
  const advice = 'use QueryRange, or let the querier evaluate it over thanos.Store';
  return new QueryError(
    'bad_data',
    `the result is a range vector, of which queriers would read the first samples alone; ${advice}`,
  );
}

/** Warnings, the series, and what it cost, in Thanos' order. */
function* frames(
  scope: RequestScope,
  { value, annotations, stats }: QueryAnswer,
  request: Request,
): Generator<Uint8Array> {
  const warnings = queryWarnings(scope, annotations, request.query);
  if (warnings.length > 0) yield encodeQueryResponse({ kind: 'warnings', warnings: warnings.join(', ') });
  for (const series of inBatches(seriesOf(value), request.responseBatchSize, sizeOf))
    yield encodeQueryResponse({ kind: 'series', series });
  const { totalQueryableSamples: samplesTotal, peakSamples } = stats;
  yield encodeQueryResponse({ kind: 'stats', stats: { samplesTotal, peakSamples } });
}

/** A scalar is a series without labels. */
function* seriesOf(value: QueryValue): Generator<SampledSeries> {
  switch (value.kind) {
    case 'scalar':
      yield { labels: EMPTY_LABELS, columns: oneFloat(value.t, value.v) };
      return;
    case 'vector':
      for (const { labels, t, v, h } of value.samples) {
        const columns = new SampleBuffer(1);
        if (h === undefined) columns.push(t, v);
        else columns.pushHistogram(t, h);
        yield { labels, columns };
      }
      return;
    case 'matrix':
      yield* value.series;
      return;
    case 'string':
      throw new QueryError('bad_data', 'the result is a string, which this protocol has no message for');
  }
}

function oneFloat(t: number, v: number): SampleColumns {
  const columns = new SampleBuffer(1);
  columns.push(t, v);
  return columns;
}

/** Bytes of a time and a value. */
const SAMPLE_BYTES = 16;

function sizeOf({ columns }: SampledSeries): number {
  return columns.length * SAMPLE_BYTES;
}

import type { Matcher } from '../../model/matcher.ts';
import { standInLabels, type RequestScope } from '../../model/request-scope.ts';
import { ChunkFormatError } from '../../wire/chunk/chunk-format-error.ts';
import { Aggregate, EMPTY_SERIES_REQUEST, type SeriesRequest } from '../../wire/store-api/series-request.ts';
import type { SeriesBatch } from '../../wire/batch/series-batch.ts';
import type { BackendSelect, RawSeriesSet } from '../backend.ts';
import { aggregatesOf, resolutionFor, sampleKindFor, type SampleKind } from './aggregates.ts';
import { damaged } from './errors.ts';
import type { GrpcClient } from './grpc-client.ts';
import type { StoreApiOptions } from './options.ts';
import { rawDataOf } from './samples.ts';
import { callSeries } from './series-call.ts';
import { Warnings, strategyOf } from './warnings.ts';

/** Matches every series: stores refuse a request without matchers. */
const EVERYTHING: Matcher = { kind: '=~', name: '__name__', value: '.*' };

/** Reads samples over the Store API: raw ones, or downsampled ones where the request allows them. */
export async function selectSamples(
  client: GrpcClient,
  options: StoreApiOptions,
  scope: RequestScope,
  request: BackendSelect,
): Promise<RawSeriesSet> {
  const warnings = new Warnings(scope.options.partialResponse);
  const limit = options.maxResponseBytes;
  const answer = await callSeries(client, seriesRequest(scope, request, options), warnings, limit, scope);
  // Downsampled data go to a caller that evaluates elsewhere as they are, and else as what stands for samples.
  if (request.hints.aggregates === undefined)
    readDownsampled(answer.series, sampleKindFor(request.hints.func));
  return { series: answer.series, annotations: warnings.annotations(), bytes: answer.bytes };
}

function readDownsampled(series: SeriesBatch, kind: SampleKind): void {
  try {
    for (const index of series.withDownsampled()) {
      const raw = series.chunks(index).map(({ minTime, maxTime, ...chunk }) => ({
        minTime,
        maxTime,
        raw: { minTime, maxTime, ...chunk },
        aggregates: undefined,
      }));
      series.replace(index, rawDataOf([...raw, ...series.downsampled(index)!.chunks], kind));
    }
  } catch (thrown) {
    throw thrown instanceof ChunkFormatError ? damaged(thrown, 'downsampled data') : thrown;
  }
}

/**
 * Hints about the query are left out: a store may use them to send less or other samples, and the answer must not
 * depend on that. Neither are replica labels taken away, since deduplication is done here.
 */
function seriesRequest(
  scope: RequestScope,
  request: BackendSelect,
  { batchSize }: StoreApiOptions,
): SeriesRequest {
  const { matchers, minTime, maxTime, hints } = request;
  const resolution = hints.aggregates === undefined ? resolutionFor(hints) : (hints.maxResolution ?? 0);
  const aggregates =
    hints.aggregates?.map((name) => Aggregate[name]) ?? aggregatesOf(sampleKindFor(hints.func));
  return {
    ...EMPTY_SERIES_REQUEST,
    minTime,
    maxTime,
    matchers: matchersOrAll(matchers),
    maxResolutionWindow: resolution,
    aggregates: resolution === 0 ? [Aggregate.raw] : aggregates,
    partialResponseStrategy: strategyOf(scope.options.partialResponse),
    responseBatchSize: batchSize,
    mergesReplicas: replicasBecomeOne(scope),
  };
}

/** Whether replicas become one in what comes of the answer: then one that others replace is no loss to it. */
export function replicasBecomeOne({ options }: RequestScope): boolean {
  return standInLabels(options.replicas).size > 0;
}

export function matchersOrAll(matchers: readonly Matcher[]): readonly Matcher[] {
  return matchers.length === 0 ? [EVERYTHING] : matchers;
}

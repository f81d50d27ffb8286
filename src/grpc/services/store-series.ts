import type { DownsampledQuery, GatewayStore, StoreQuery } from '../../gateway/store.ts';
import type { Annotation } from '../../model/annotations.ts';
import type { ChunkSet } from '../../select/chunk-set.ts';
import type { AggrChunk, AggregateName } from '../../model/aggr-chunk.ts';
import { allowsPartialResponse } from '../../wire/store-api/partial-response.ts';
import { Aggregate, decodeSeriesRequest, type SeriesRequest } from '../../wire/store-api/series-request.ts';
import { encodeSeriesResponse, type StoreSeries } from '../../wire/store-api/series-response.ts';
import { inBatches, inParts } from '../batches.ts';
import { requestTime } from '../requests.ts';
import { warningsOf } from '../warnings.ts';

const AGGREGATES: readonly AggregateName[] = ['count', 'sum', 'min', 'max', 'counter'];

/**
 * Answers `Series`: warnings, then the series by their labels, each decoded and encoded only when its turn has come,
 * then the warnings that came up on the way. A long series goes on in the next message. Where the caller takes downsampled
 * data, those of stores are passed on. Sharding is the caller's task, as Info says.
 */
export async function* streamSeries(
  store: GatewayStore,
  message: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const request = decodeSeriesRequest(message);
  const query: StoreQuery = {
    matchers: request.matchers,
    minTime: requestTime(request.minTime),
    maxTime: requestTime(request.maxTime),
    withoutLabels: request.withoutReplicaLabels,
    mergesReplicas: request.mergesReplicas,
    partialResponse: allowsPartialResponse(request),
  };
  const batchSize = request.responseBatchSize;
  if (request.skipChunks) {
    const { items, annotations } = await store.series({ ...query, limit: request.limit }, signal);
    yield* warningFrames(annotations, new Set());
    const bare = items.map((labels): StoreSeries => ({ labels, chunks: [] }));
    for (const series of inBatches(bare, batchSize, sizeOf))
      yield encodeSeriesResponse({ kind: 'series', series });
    return;
  }
  const select = { ...query, hints: hintsOf(request), downsampled: downsampledOf(request) };
  const set = await store.select(select, signal);
  const told = new Set<string>();
  yield* warningFrames(set.annotations, told);
  for (const series of inBatches(seriesParts(set, request.limit), batchSize, sizeOf))
    yield encodeSeriesResponse({ kind: 'series', series });
  yield* warningFrames(set.annotations, told);
}

function* seriesParts({ series }: ChunkSet, limit: number): Generator<StoreSeries> {
  let count = 0;
  for (const each of series) {
    if (limit > 0 && count === limit) return;
    const chunks = each.read();
    if (chunks.length === 0) continue;
    count++;
    for (const part of inParts(chunks, chunkBytes)) yield { labels: each.labels, chunks: part };
  }
}

function sizeOf({ chunks }: StoreSeries): number {
  return chunks.reduce((bytes, chunk) => bytes + chunkBytes(chunk), 0);
}

function chunkBytes({ raw, aggregates }: AggrChunk): number {
  let bytes = raw?.data.length ?? 0;
  if (aggregates !== undefined)
    for (const chunk of Object.values(aggregates) as (typeof raw)[]) bytes += chunk?.data.length ?? 0;
  return bytes;
}

function* warningFrames(annotations: readonly Annotation[], told: Set<string>): Generator<Uint8Array> {
  for (const warning of warningsOf(annotations)) {
    if (told.has(warning)) continue;
    told.add(warning);
    yield encodeSeriesResponse({ kind: 'warning', warning });
  }
}

/** Older clients write step and range into fields of the request itself. */
function hintsOf({ queryHints, step, range }: SeriesRequest): {
  readonly step: number;
  readonly range: number;
  readonly func: string;
} {
  return {
    step: queryHints?.stepMillis ?? step,
    range: queryHints?.range?.millis ?? range,
    func: queryHints?.func?.name ?? '',
  };
}

/** A caller that asks for no aggregate cannot use downsampled data, whatever resolution it names. */
function downsampledOf({ maxResolutionWindow, aggregates }: SeriesRequest): DownsampledQuery | undefined {
  const names = AGGREGATES.filter((name) => aggregates.includes(Aggregate[name]));
  if (maxResolutionWindow <= 0 || names.length === 0) return undefined;
  return { maxResolution: maxResolutionWindow, aggregates: names };
}

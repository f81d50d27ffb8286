import { LazyList } from '../../model/lazy-list.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { distinctReplicaLabels } from '../../gateway/request-limits.ts';
import type { Origin, ReadWishes } from '../../gateway/request-scope.ts';
import type { StoreQuery, StoreSelect } from '../../gateway/store-api.ts';
import type { Annotation } from '../../model/annotations.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { ChunkSet } from '../../select/series/chunk-set.ts';
import type { AggrChunk, AggregateName } from '../../model/aggr-chunk.ts';
import { allowsPartialResponse } from '../../wire/store-api/partial-response.ts';
import { SortedSets } from '../../wire/batch/lists/sorted-sets.ts';
import { encodeBareSeries } from '../../wire/store-api/bare-series.ts';
import { Aggregate, decodeSeriesRequest, type SeriesRequest } from '../../wire/store-api/series-request.ts';
import { encodeSeriesResponse, type StoreSeries } from '../../wire/store-api/series-response.ts';
import { inBatches, inParts } from '../batches.ts';
import { requestTime } from '../requests.ts';
import { warningsOf } from '../warnings.ts';

const AGGREGATES: readonly AggregateName[] = ['count', 'sum', 'min', 'max', 'counter'];

/**
 * Answers `Series`: warnings, then the series by their labels, each decoded and encoded only when its turn has come,
 * then what was remarked on the way. A long series goes on in the next message. Where the caller takes downsampled data,
 * what stores have of them is passed on. Sharding is the caller's task, as Info says.
 */
export async function* streamSeries(
  gateway: Pick<Gateway, 'open' | 'store'>,
  message: Uint8Array,
  origin: Origin,
): AsyncGenerator<Uint8Array> {
  const request = decodeSeriesRequest(message);
  const query: StoreQuery = {
    matchers: request.matchers,
    minTime: requestTime(request.minTime),
    maxTime: requestTime(request.maxTime),
  };
  const downsampled = downsampledOf(request);
  const wishes = { ...storeWishes(request), maxSourceResolution: downsampled?.maxResolution ?? 0 };
  const scope = gateway.open(wishes, origin);
  const { store } = gateway;
  const batchSize = request.responseBatchSize;
  if (request.skipChunks) {
    const { items, annotations } = await store.series(scope, { ...query, limit: request.limit });
    yield* warningFrames(scope, annotations, new Set());
    if (items instanceof SortedSets) return yield* encodeBareSeries(items, batchSize);
    const bare = new LazyList(items.length, (index): StoreSeries => ({
      labels: items.at(index)!,
      chunks: [],
    }));
    for (const series of inBatches(bare, batchSize, sizeOf))
      yield encodeSeriesResponse({ kind: 'series', series });
    return;
  }
  const select = { ...query, hints: hintsOf(request), aggregates: downsampled?.aggregates };
  const set = await store.select(scope, select);
  const told = new Set<string>();
  yield* warningFrames(scope, set.annotations, told);
  for (const series of inBatches(seriesParts(set, request.limit), batchSize, sizeOf))
    yield encodeSeriesResponse({ kind: 'series', series });
  yield* warningFrames(scope, set.annotations, told);
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

function* warningFrames(
  scope: RequestScope,
  annotations: readonly Annotation[],
  told: Set<string>,
): Generator<Uint8Array> {
  for (const warning of warningsOf(scope, annotations)) {
    if (told.has(warning)) continue;
    told.add(warning);
    yield encodeSeriesResponse({ kind: 'warning', warning });
  }
}

/** Older clients write the range in a field of its own. */
function hintsOf({ queryHints, range }: SeriesRequest): StoreSelect['hints'] {
  return {
    range: queryHints?.range?.millis ?? range,
    func: queryHints?.func?.name ?? '',
  };
}

/** Which replicas a querier above wants to see, and which it makes one. Data are raw where it does not say more. */
export function storeWishes(
  request: Pick<SeriesRequest, 'withoutReplicaLabels' | 'mergesReplicas'> &
    Parameters<typeof allowsPartialResponse>[0],
): ReadWishes {
  return {
    dedup: false,
    withoutLabels: distinctReplicaLabels(request.withoutReplicaLabels, 'without_replica_labels'),
    mergesReplicas: request.mergesReplicas,
    partialResponse: allowsPartialResponse(request),
    maxSourceResolution: 0,
  };
}

interface Downsampled {
  /** Coarsest that may be answered, ms. */
  readonly maxResolution: number;
  readonly aggregates: readonly AggregateName[];
}

/** Callers that ask for no aggregate cannot do anything with downsampled data, whatever resolution they name. */
function downsampledOf({ maxResolutionWindow, aggregates }: SeriesRequest): Downsampled | undefined {
  const names = AGGREGATES.filter((name) => aggregates.includes(Aggregate[name]));
  if (maxResolutionWindow <= 0 || names.length === 0) return undefined;
  return { maxResolution: maxResolutionWindow, aggregates: names };
}

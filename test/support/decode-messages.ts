import type { AggrChunk } from '../../src/model/aggr-chunk.ts';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import type { Labels } from '../../src/model/labels.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';
import { ProtoReader } from '../../src/wire/protobuf/proto-reader.ts';
import { readChunkedResponse } from '../../src/wire/remote-read/streamed.ts';
import { readSeriesResponse, type ReceivedResponse } from '../../src/wire/store-api/series-response.ts';

export interface DecodedChunks {
  readonly labels: Labels;
  readonly chunks: readonly EncodedChunk[];
}

export interface DecodedChunkedResponse {
  readonly queryIndex: number;
  readonly unknownEncoding: number | undefined;
  readonly series: readonly DecodedChunks[];
}

/** One message of a streamed remote-read answer as objects. */
export function decodeChunkedResponse(message: Uint8Array): DecodedChunkedResponse {
  const batch = new SeriesBatch();
  const response = readChunkedResponse(new ProtoReader(message), batch);
  return {
    ...response,
    series: indicesOf(batch).map((i) => ({ labels: batch.labels(i), chunks: batch.chunks(i) })),
  };
}

export interface DecodedSeries {
  readonly labels: Labels;
  /** As they came where all are raw, else by time. */
  readonly chunks: readonly AggrChunk[];
}

export type DecodedSeriesResponse =
  | { readonly kind: 'series'; readonly series: readonly DecodedSeries[] }
  | Exclude<ReceivedResponse, { readonly kind: 'series' }>;

/** One message of an answer to Series as objects. */
export function decodeSeriesResponse(message: Uint8Array): DecodedSeriesResponse {
  const batch = new SeriesBatch(true);
  const response = readSeriesResponse(message, batch);
  if (response.kind !== 'series') return response;
  const series = indicesOf(batch).map((i) => {
    const raw = batch.chunks(i).map(rawChunk);
    const aggregated = batch.downsampled(i)?.chunks;
    const chunks =
      aggregated === undefined
        ? raw
        : [...raw, ...aggregated].sort((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
    return { labels: batch.labels(i), chunks };
  });
  return { kind: 'series', series };
}

function indicesOf({ length }: SeriesBatch): readonly number[] {
  return Array.from({ length }, (_, i) => i);
}

function rawChunk(chunk: EncodedChunk): AggrChunk {
  return { minTime: chunk.minTime, maxTime: chunk.maxTime, raw: chunk, aggregates: undefined };
}

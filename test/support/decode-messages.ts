import type { AggrChunk } from '../../src/model/aggr-chunk.ts';
import type { EncodedChunk } from '../../src/model/chunk.ts';
import type { Labels } from '../../src/model/labels.ts';
import { LabelTable } from '../../src/wire/batch/label-table.ts';
import { SeriesBatch } from '../../src/wire/batch/series-batch.ts';
import type { SeriesReceiver } from '../../src/wire/batch/series-receiver.ts';
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
  const received = new ReceivedSeries();
  const response = readSeriesResponse(message, received);
  return response.kind === 'series' ? { kind: 'series', series: received.series } : response;
}

/** Keeps each series as it comes, also without any chunk. */
class ReceivedSeries implements SeriesReceiver {
  readonly table = new LabelTable();
  readonly guess = -1;
  readonly series: DecodedSeries[] = [];
  #ids: number[] = [];
  #chunks: AggrChunk[] = [];

  addLabel(id: number): void {
    this.#ids.push(id);
  }

  addChunk(
    encoding: number,
    minTime: number,
    maxTime: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const raw = { encoding, minTime, maxTime, data: bytes.slice(start, start + length) };
    this.#chunks.push({ minTime, maxTime, raw, aggregates: undefined });
  }

  endSeries(aggregated?: readonly AggrChunk[]): void {
    const labels = this.table.labelsOf(Int32Array.from(this.#ids), 0, this.#ids.length);
    const chunks =
      aggregated === undefined
        ? this.#chunks
        : [...this.#chunks, ...aggregated].sort((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
    this.series.push({ labels, chunks });
    this.#ids = [];
    this.#chunks = [];
  }
}

function indicesOf({ length }: SeriesBatch): readonly number[] {
  return Array.from({ length }, (_, i) => i);
}

import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import type { ReceivedSeries } from '../../wire/store-api/series-response.ts';
import type { DownsampledData, RawData } from '../backend.ts';

/** Raw chunks, read from their messages each time they are asked for. */
export class StoredChunks {
  readonly kind = 'chunks' as const;
  readonly #pieces: readonly ReceivedSeries[];

  constructor(pieces: readonly ReceivedSeries[]) {
    this.#pieces = pieces;
  }

  get chunks(): readonly EncodedChunk[] {
    return rawChunks(chunksOf(this.#pieces));
  }
}

/** The same for chunks of downsampled data. */
class StoredAggregates implements DownsampledData {
  readonly #pieces: readonly ReceivedSeries[];

  constructor(pieces: readonly ReceivedSeries[]) {
    this.#pieces = pieces;
  }

  get chunks(): readonly AggrChunk[] {
    return chunksOf(this.#pieces).filter(({ aggregates }) => aggregates !== undefined);
  }
}

export interface StoredSeries {
  readonly data: RawData;
  readonly downsampled?: DownsampledData;
}

/** A series as it was sent, for a caller that makes samples of it elsewhere; undefined where it has no chunks. */
export function storedSeries(pieces: readonly ReceivedSeries[]): StoredSeries | undefined {
  if (pieces.every(({ chunkCount }) => chunkCount === 0)) return undefined;
  const data = new StoredChunks(pieces);
  if (!pieces.some(({ downsampled }) => downsampled)) return { data };
  return { data, downsampled: new StoredAggregates(pieces) };
}

/** Those that hold samples as they were scraped, by time: servers need not send them in order. */
export function rawChunks(chunks: readonly AggrChunk[]): readonly EncodedChunk[] {
  const raw: EncodedChunk[] = [];
  let ordered = true;
  let newest = -Infinity;
  for (const { raw: chunk } of chunks) {
    if (chunk === undefined) continue;
    ordered &&= chunk.minTime >= newest;
    newest = chunk.minTime;
    raw.push(chunk);
  }
  return ordered ? raw : raw.sort((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
}

function chunksOf(pieces: readonly ReceivedSeries[]): readonly AggrChunk[] {
  return pieces.length === 1 ? pieces[0]!.chunks : pieces.flatMap(({ chunks }) => chunks);
}

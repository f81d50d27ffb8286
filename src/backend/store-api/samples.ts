import { ChunkEncoding, type EncodedChunk } from '../../model/chunk.ts';
import { divideHistogram } from '../../model/histogram/scale.ts';
import { SampleBuffer, appendRange, copyColumns } from '../../model/sample-columns.ts';
import { readCounterSamples } from '../../wire/chunk/counter-samples.ts';
import { decodeChunk } from '../../wire/chunk/decode.ts';
import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { RawData } from '../../model/raw-data.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { SampleKind } from './aggregates.ts';

/**
 * What stands for the samples of one series, some of whose chunks are downsampled. Raw chunks stay compressed, as do minima, maxima,
 * counts and sums of downsampled data. Averages and counters of those have to be computed from several chunks, so they
 * become columns; they are a few samples an hour. Throws EndpointError where an aggregate is missing that was asked
 * for, ChunkFormatError where one that is computed with is damaged.
 */
export function rawDataOf(chunks: readonly AggrChunk[], kind: SampleKind): readonly RawData[] {
  const ordered = chunks.toSorted((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
  switch (kind) {
    case 'counter':
      return counterColumns(ordered);
    case 'average':
      return [...chunksAlone(ordered.flatMap(({ raw }) => raw ?? [])), ...averageColumns(ordered)];
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
      return chunksAlone(
        ordered.filter(hasData).map(({ raw, aggregates }) => aggregates?.[kind] ?? raw ?? missing(kind)),
      );
  }
}

function chunksAlone(chunks: readonly EncodedChunk[]): readonly RawData[] {
  return chunks.length === 0 ? [] : [{ kind: 'chunks', chunks }];
}

function hasData({ raw, aggregates }: AggrChunk): boolean {
  return raw !== undefined || aggregates !== undefined;
}

/** Averages are sums by counts, window by window (Thanos, AverageChunkIterator). */
function averageColumns(chunks: readonly AggrChunk[]): readonly RawData[] {
  const [sums, counts, averages] = [new SampleBuffer(), new SampleBuffer(), new SampleBuffer()];
  for (const { raw, aggregates } of chunks) {
    if (raw !== undefined || aggregates === undefined) continue;
    sums.clear();
    counts.clear();
    decodeChunk(aggregates.sum ?? missing('sum'), sums, -Infinity, Infinity);
    decodeChunk(aggregates.count ?? missing('count'), counts, -Infinity, Infinity);
    if (sums.length !== counts.length) throw notAligned();
    for (let i = 0; i < sums.length; i++) {
      if (sums.t[i] !== counts.t[i]) throw notAligned();
      const histogram = sums.h?.at(i);
      if (sums.t[i]! <= newestOf(averages)) continue;
      if (histogram === undefined) averages.push(sums.t[i]!, sums.v[i]! / counts.v[i]!);
      else averages.pushHistogram(sums.t[i]!, divideHistogram(histogram, counts.v[i]!));
    }
  }
  return columnsOf(averages);
}

/**
 * One counter that never falls, out of raw and downsampled chunks (Thanos, ApplyCounterResetsSeriesIterator). A
 * downsampled chunk begins with its first raw value and has its last time twice, the second time with its last raw
 * value: with these a reset between two chunks is told from one inside of them, which is in the values already.
 */
function counterColumns(chunks: readonly AggrChunk[]): readonly RawData[] {
  const counter = new SampleBuffer();
  const piece = new SampleBuffer();
  let last = 0;
  let total = 0;
  const add = (t: number, v: number): void => {
    if (Number.isNaN(v)) return;
    const newest = newestOf(counter);
    if (t === newest) last = v;
    if (t <= newest) return;
    // The first sample is where the counter stands.
    total += v >= last ? v - last : v;
    last = v;
    counter.push(t, total);
  };
  for (const { raw, aggregates } of chunks) {
    const chunk = aggregates?.counter ?? raw;
    if (chunk === undefined) {
      if (aggregates !== undefined) missing('counter');
      continue;
    }
    if (aggregates?.counter !== undefined && chunk.encoding === ChunkEncoding.xor) {
      readCounterSamples(chunk.data, add);
      continue;
    }
    piece.clear();
    decodeChunk(chunk, piece, -Infinity, Infinity);
    for (let i = 0; i < piece.length; i++) {
      if (piece.h?.has(i) !== true) add(piece.t[i]!, piece.v[i]!);
      else if (piece.t[i]! > newestOf(counter)) appendRange(counter, piece, i, i + 1);
    }
  }
  return columnsOf(counter);
}

function columnsOf(buffer: SampleBuffer): readonly RawData[] {
  return buffer.length === 0 ? [] : [{ kind: 'columns', columns: copyColumns(buffer) }];
}

function newestOf({ length, t }: SampleBuffer): number {
  return length === 0 ? -Infinity : t[length - 1]!;
}

function missing(aggregate: string): never {
  throw new EndpointError(
    'bad_data',
    `it sent downsampled data without the aggregate "${aggregate}" of them`,
  );
}

function notAligned(): EndpointError {
  return new EndpointError('bad_data', 'it sent downsampled data whose sums and counts have other times');
}

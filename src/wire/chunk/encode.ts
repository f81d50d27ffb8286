import { ChunkEncoding, type EncodedChunk } from '../../model/chunk.ts';
import { type FloatHistogram, ResetHint } from '../../model/histogram/float-histogram.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { isStale } from '../../model/stale.ts';
import { hasIntegerCounts } from '../integer-counts.ts';
import { encodeFloatHistogram, encodeHistogram } from './encode-histogram.ts';
import { encodeXor } from './encode-xor.ts';

/**
 * Encodes the samples of a series as chunks of at most `samplesPerChunk` (up to 65535) samples, as a server that
 * stores them would: floats as XOR chunks, histograms as integer histogram chunks where all counts are integers, else
 * as float histogram chunks. A histogram chunk is cut where the layout changes, at counter resets, and after stale
 * markers. Start timestamps are left out: only encodings that few readers know have room for them. `decodeChunk` gives the same samples back, bit for bit; of the reset hints
 * it keeps what a chunk can say.
 */
export function encodeColumns(columns: SampleColumns, samplesPerChunk = 120): EncodedChunk[] {
  const chunks: EncodedChunk[] = [];
  const encoding = histogramEncoding(columns);
  for (let from = 0; from < columns.length;) {
    const first = columns.h?.at(from);
    const limit = Math.min(columns.length, from + samplesPerChunk);
    const to = first === undefined ? endOfFloats(columns, from, limit) : endOfRun(columns, from, limit);
    const span = { minTime: columns.t[from]!, maxTime: columns.t[to - 1]! };
    if (first === undefined) {
      chunks.push({ encoding: ChunkEncoding.xor, ...span, data: encodeXor(columns, from, to) });
    } else {
      const times = [...columns.t.subarray(from, to)];
      const run = { first, times, histograms: Array.from(times, (_, i) => columns.h!.at(from + i)) };
      const encode = encoding === ChunkEncoding.histogram ? encodeHistogram : encodeFloatHistogram;
      chunks.push({ encoding, ...span, data: encode(run) });
    }
    from = to;
  }
  return chunks;
}

function histogramEncoding({ h, length }: SampleColumns): number {
  for (let i = 0; i < length; i++) {
    const histogram = h?.at(i);
    if (histogram !== undefined && !hasIntegerCounts(histogram)) return ChunkEncoding.floatHistogram;
  }
  return ChunkEncoding.histogram;
}

function endOfFloats({ h }: SampleColumns, from: number, limit: number): number {
  let to = from + 1;
  while (to < limit && h?.has(to) !== true) to++;
  return to;
}

/** End of the run of samples that fit into the chunk that histogram `from` begins. */
function endOfRun({ h, v }: SampleColumns, from: number, limit: number): number {
  let to = from + 1;
  for (; to < limit; to++) {
    const before = h!.at(to - 1);
    const next = h!.at(to);
    if (next === undefined ? !isStale(v[to]!) : before === undefined || !continues(before, next)) break;
  }
  return to;
}

/** Whether a chunk with `before` as its newest sample can take `next`. */
function continues(before: FloatHistogram, next: FloatHistogram): boolean {
  const gauge = next.resetHint === ResetHint.gauge;
  if (gauge !== (before.resetHint === ResetHint.gauge) || !sameLayout(before, next)) return false;
  return gauge || (next.resetHint !== ResetHint.reset && !fell(before, next));
}

function sameLayout(a: FloatHistogram, b: FloatHistogram): boolean {
  return (
    a.schema === b.schema &&
    Object.is(a.zeroThreshold, b.zeroThreshold) &&
    sameNumbers(a.positive.index, b.positive.index) &&
    sameNumbers(a.negative.index, b.negative.index) &&
    sameNumbers(a.customValues, b.customValues)
  );
}

function sameNumbers(a: Int32Array | Float64Array, b: Int32Array | Float64Array): boolean {
  return a.length === b.length && a.every((number, i) => Object.is(number, b[i]));
}

/** Whether any count is less than it was: a counter reset, whatever the hint says. */
function fell(before: FloatHistogram, next: FloatHistogram): boolean {
  return (
    next.count < before.count ||
    next.zeroCount < before.zeroCount ||
    next.positive.count.some((count, i) => count < before.positive.count[i]!) ||
    next.negative.count.some((count, i) => count < before.negative.count[i]!)
  );
}

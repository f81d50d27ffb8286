import { CUSTOM_BUCKETS_SCHEMA, NO_CUSTOM_VALUES } from '../../model/histogram/float-histogram.ts';
import type { HistogramLayout } from '../../model/histogram/layout.ts';
import { indicesOfSpans, type Span } from '../../model/histogram/spans.ts';
import { isKnownSchema } from '../histogram-schema.ts';
import type { BitReader } from './bit-reader.ts';
import { ChunkFormatError } from './chunk-format-error.ts';
import { readFloat } from './xor-float.ts';

/** Reads the layout in front of the first sample (Prometheus tsdb/chunkenc, histogram_meta.go). */
export function readHistogramLayout(reader: BitReader): HistogramLayout {
  const zeroThreshold = readZeroThreshold(reader);
  const schema = reader.varbitInt();
  const positiveIndex = readBucketIndex(reader);
  const negativeIndex = readBucketIndex(reader);
  if (!isKnownSchema(schema))
    throw new ChunkFormatError(`a histogram chunk has the unknown schema ${schema}`);
  if (schema !== CUSTOM_BUCKETS_SCHEMA)
    return { schema, zeroThreshold, positiveIndex, negativeIndex, customValues: NO_CUSTOM_VALUES };
  const customValues = readCustomBounds(reader);
  checkCustomBuckets(positiveIndex, negativeIndex, customValues);
  return { schema, zeroThreshold, positiveIndex, negativeIndex, customValues };
}

/** Custom buckets are positive, and the last one is that above the last bound. */
function checkCustomBuckets(
  positiveIndex: Int32Array,
  negativeIndex: Int32Array,
  bounds: Float64Array,
): void {
  const first = positiveIndex[0] ?? 0;
  const last = positiveIndex.at(-1) ?? 0;
  if (negativeIndex.length > 0 || first < 0 || last > bounds.length)
    throw new ChunkFormatError(
      `a histogram chunk has custom buckets ${first} to ${last} and ${negativeIndex.length} negative ones ` +
        `on ${bounds.length} bounds`,
    );
}

/** One byte: 0 for 0, 1 … 254 for a power of two from 2^-243 to 2^10, 255 for any other float64, which follows. */
function readZeroThreshold(reader: BitReader): number {
  const byte = reader.bits(8);
  if (byte === 0) return 0;
  return byte === 255 ? readFloat(reader) : 2 ** (byte - 244);
}

function readBucketIndex(reader: BitReader): Int32Array {
  const spanCount = reader.varbitUint();
  // Each span takes at least two bits, each bucket at least one a sample: a claim beyond that is a lie.
  if (spanCount * 2 > reader.remaining)
    throw new ChunkFormatError(`a histogram chunk claims ${spanCount} spans`);
  const spans: Span[] = [];
  let buckets = 0;
  let end = 0;
  for (let i = 0; i < spanCount; i++) {
    const length = reader.varbitUint();
    const offset = reader.varbitInt();
    if (i > 0 && offset < 0)
      throw new ChunkFormatError(`a histogram chunk has a span with the negative offset ${offset}`);
    buckets += length;
    end += offset + length;
    spans.push({ offset, length });
  }
  if (buckets > reader.remaining) throw new ChunkFormatError(`a histogram chunk claims ${buckets} buckets`);
  const start = spans[0]?.offset ?? 0;
  if (start < -(2 ** 31) || end >= 2 ** 31)
    throw new ChunkFormatError(`a histogram chunk has buckets ${start} to ${end}, beyond 32 bits`);
  return indicesOfSpans(spans);
}

function readCustomBounds(reader: BitReader): Float64Array {
  const count = reader.varbitUint();
  // The shortest bound, a small number of thousandths, takes five bits.
  if (count * 5 > reader.remaining)
    throw new ChunkFormatError(`a histogram chunk claims ${count} custom bounds`);
  const bounds = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const thousandthsPlusOne = reader.varbitUint();
    bounds[i] = thousandthsPlusOne === 0 ? readFloat(reader) : (thousandthsPlusOne - 1) / 1000;
  }
  return bounds;
}

/** The three bytes in front of every histogram chunk. */
export interface HistogramHeader {
  readonly total: number;
  /** Two bits: 0 unknown, 1 no reset before the chunk, 2 a reset, 3 gauge histograms. */
  readonly resetHeader: number;
  /** See StartTimes; 0 where the encoding has none. */
  readonly startHeader: number;
}

/** Chunks with start timestamps keep the reset header in the sample count's top bits and use the third byte for them. */
export function readHistogramHeader(reader: BitReader, withStarts: boolean): HistogramHeader {
  if (withStarts) return { resetHeader: reader.bits(2), total: reader.bits(14), startHeader: reader.bits(8) };
  const total = reader.bits(16);
  return { total, resetHeader: reader.bits(8) >>> 6, startHeader: 0 };
}

import type { SampleBuffer } from '../../model/sample-columns.ts';
import { BitReader } from './bit-reader.ts';
import { ChunkFormatError } from './chunk-format-error.ts';
import { HistogramAppender } from './histogram-appender.ts';
import { readHistogramLayout, readHistogramHeader } from './histogram-layout.ts';
import { StartTimes } from './start-times.ts';
import { XorFloat } from './xor-float.ts';

/**
 * Decodes a chunk of histograms with float counts (Prometheus tsdb/chunkenc, float_histogram.go and
 * float_histogram_st.go). Times are stored as changes of their last change, everything else as XOR with its
 * predecessor; bucket counts are absolute.
 */
export function decodeFloatHistogram(
  data: Uint8Array,
  withStarts: boolean,
  target: SampleBuffer,
  minTime: number,
  maxTime: number,
): void {
  const reader = new BitReader(data, 0);
  const { total, resetHeader, startHeader } = readHistogramHeader(reader, withStarts);
  if (total === 0) return;
  const layout = readHistogramLayout(reader);
  const out = new HistogramAppender(layout, resetHeader, target, minTime, maxTime);
  const starts = new StartTimes(startHeader);
  const scalars = xorFloats(3, reader);
  const [count, zeroCount, sum] = scalars as [XorFloat, XorFloat, XorFloat];
  const positive = xorFloats(layout.positiveIndex.length, reader);
  const negative = xorFloats(layout.negativeIndex.length, reader);
  let time = 0;
  let timeStep = 0;

  for (let i = 0; i < total; i++) {
    const previousTime = time;
    if (i === 0) time = reader.varbitInt();
    else time += timeStep += reader.varbitInt();
    readAll(scalars, reader, i);
    const wanted = out.wants(time);
    if (out.done) return;
    const stale = sum.isStale;
    if (i === 0 || !stale) {
      readAll(positive, reader, i);
      readAll(negative, reader, i);
    }
    starts.read(reader, i, time, previousTime);
    if (wanted && stale) {
      out.appendStale(time, starts.current);
    } else if (wanted) {
      const sample = {
        count: count.value,
        zeroCount: zeroCount.value,
        sum: sum.value,
        positive: valuesOf(positive),
        negative: valuesOf(negative),
      };
      out.append(time, sample, starts.current);
    }
    out.next();
  }
}

/** Each first value takes 64 bits: more values than the chunk has bits for are a lie. */
function xorFloats(length: number, reader: BitReader): readonly XorFloat[] {
  if (length * 64 > reader.remaining)
    throw new ChunkFormatError(
      `a float histogram chunk claims ${length} values but has ${reader.remaining} bits left`,
    );
  return Array.from({ length }, () => new XorFloat());
}

function readAll(values: readonly XorFloat[], reader: BitReader, sample: number): void {
  for (const value of values) {
    if (sample === 0) value.readFirst(reader);
    else value.readNext(reader);
  }
}

function valuesOf(values: readonly XorFloat[]): Float64Array {
  const counts = new Float64Array(values.length);
  for (let i = 0; i < counts.length; i++) counts[i] = values[i]!.value;
  return counts;
}

import {
  type Buckets,
  CUSTOM_BUCKETS_SCHEMA,
  type FloatHistogram,
} from '../../model/histogram/float-histogram.ts';
import { spansOf } from '../../model/histogram/spans.ts';
import type { BitWriter } from './bit-writer.ts';
import { XorFloatWriter } from './xor-float-writer.ts';

/** Writes what all histograms of a chunk share: the opposite of readHistogramLayout. */
export function writeHistogramLayout(writer: BitWriter, h: FloatHistogram): void {
  writeZeroThreshold(writer, h.zeroThreshold);
  writer.varbitInt(h.schema);
  writeSpans(writer, h.positive);
  writeSpans(writer, h.negative);
  if (h.schema === CUSTOM_BUCKETS_SCHEMA) writeCustomBounds(writer, h.customValues);
}

function writeZeroThreshold(writer: BitWriter, threshold: number): void {
  const exponent = Math.log2(threshold);
  const short =
    Number.isInteger(exponent) && 2 ** exponent === threshold && exponent >= -243 && exponent <= 10;
  if (Object.is(threshold, 0)) {
    writer.bits(0, 8);
  } else if (short) {
    writer.bits(exponent + 244, 8);
  } else {
    writer.bits(255, 8);
    writeRaw(writer, threshold);
  }
}

function writeSpans(writer: BitWriter, buckets: Buckets): void {
  const spans = spansOf(buckets);
  writer.varbitUint(spans.length);
  for (const { offset, length } of spans) {
    writer.varbitUint(length);
    writer.varbitInt(offset);
  }
}

/** Thousandths up to 33554.430 take four bytes at most; every other number follows a zero bit as it is. */
function writeCustomBounds(writer: BitWriter, bounds: Float64Array): void {
  writer.varbitUint(bounds.length);
  for (const bound of bounds) {
    const thousandths = Math.round(bound * 1000);
    const short = thousandths >= 0 && thousandths <= 33554430 && Object.is(thousandths / 1000, bound);
    writer.varbitUint(short ? thousandths + 1 : 0);
    if (!short) writeRaw(writer, bound);
  }
}

function writeRaw(writer: BitWriter, value: number): void {
  new XorFloatWriter().writeFirst(writer, value);
}

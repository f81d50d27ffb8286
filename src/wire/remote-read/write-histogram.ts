import type { Writer } from 'protobufjs/minimal.js';
import type { FloatHistogram } from '../../model/histogram/float-histogram.ts';
import { spansOf } from '../../model/histogram/spans.ts';
import { hasIntegerCounts } from '../integer-counts.ts';
import { writeDeltas, writeDoubles, writeSpans } from '../protobuf/bucket-fields.ts';
import { WireType, tag } from '../protobuf/proto-reader.ts';
import { HistogramField } from './fields.ts';

/** How counts are written: as integers where they are, or always as floats. */
export type CountForm = 'integer-if-possible' | 'float';

/** Writes a histogram as an embedded prometheus.Histogram. */
export function writeHistogram(
  writer: Writer,
  field: number,
  time: number,
  h: FloatHistogram,
  form: CountForm = 'integer-if-possible',
): void {
  const integer = form !== 'float' && hasIntegerCounts(h);
  writer.uint32(tag(field, WireType.delimited)).fork();
  if (integer) {
    writer.uint32(tag(HistogramField.countInt, WireType.varint)).uint64(h.count);
    writer.uint32(tag(HistogramField.zeroCountInt, WireType.varint)).uint64(h.zeroCount);
  } else {
    writer.uint32(tag(HistogramField.countFloat, WireType.fixed64)).double(h.count);
    writer.uint32(tag(HistogramField.zeroCountFloat, WireType.fixed64)).double(h.zeroCount);
  }
  writer.uint32(tag(HistogramField.sum, WireType.fixed64)).double(h.sum);
  writer.uint32(tag(HistogramField.schema, WireType.varint)).sint32(h.schema);
  writer.uint32(tag(HistogramField.zeroThreshold, WireType.fixed64)).double(h.zeroThreshold);
  writeSpans(writer, HistogramField.negativeSpans, spansOf(h.negative));
  writeSpans(writer, HistogramField.positiveSpans, spansOf(h.positive));
  if (integer) {
    writeDeltas(writer, HistogramField.negativeDeltas, h.negative.count);
    writeDeltas(writer, HistogramField.positiveDeltas, h.positive.count);
  } else {
    writeDoubles(writer, HistogramField.negativeCounts, h.negative.count);
    writeDoubles(writer, HistogramField.positiveCounts, h.positive.count);
  }
  writer.uint32(tag(HistogramField.resetHint, WireType.varint)).uint32(h.resetHint);
  writer.uint32(tag(HistogramField.timestamp, WireType.varint)).int64(time);
  writeDoubles(writer, HistogramField.customValues, h.customValues);
  writer.ldelim();
}

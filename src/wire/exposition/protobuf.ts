import protobuf, { type Writer } from 'protobufjs/minimal.js';
import { type FloatHistogram, usesCustomBuckets } from '../../model/histogram/float-histogram.ts';
import { spansOf } from '../../model/histogram/spans.ts';
import { METRIC_NAME } from '../../model/labels.ts';
import { writeLabels } from '../protobuf/label-message.ts';
import { hasIntegerCounts } from '../integer-counts.ts';
import { tag, WireType } from '../protobuf/proto-reader.ts';
import { writeDeltas, writeDoubles, writeSpans } from '../protobuf/bucket-fields.ts';
import type { NamedSample } from '../../model/named-sample.ts';
import { escapeName, type EscapingScheme } from './escape-name.ts';
import { cumulativeCounts, familyType, OWN_INSTANCE } from './metric-family.ts';
import {
  BucketField,
  HistogramField,
  MetricFamilyField,
  MetricField,
  MetricType,
  UntypedField,
} from './fields.ts';

/** A family that is larger goes on in the next message, because a message is made in one turn. */
const MOST_FAMILY_BYTES = 64 * 1024;

/**
 * Samples, sorted by name, as messages io.prometheus.client.MetricFamily with their lengths before them. Histograms with custom
 * buckets are classic ones (Prometheus web/federate.go).
 */
export function* encodeProtobuf(
  samples: Iterable<NamedSample>,
  scheme: EscapingScheme,
  mostBytes: number = MOST_FAMILY_BYTES,
): Generator<Uint8Array> {
  let family = '';
  let head = new Uint8Array(0);
  let metrics = protobuf.Writer.create();
  for (const sample of samples) {
    const type = familyType(sample);
    const next = `${type} ${sample.name}`;
    if (next !== family || metrics.len >= mostBytes) {
      if (metrics.len > 0) yield delimited(head, metrics);
      metrics = protobuf.Writer.create();
      if (next !== family) head = familyHead(escapeName(sample.name, scheme), MetricType[type]);
      family = next;
    }
    writeMetric(metrics, sample, scheme);
  }
  if (metrics.len > 0) yield delimited(head, metrics);
}

function familyHead(name: string, type: number): Uint8Array<ArrayBuffer> {
  const head = protobuf.Writer.create()
    .uint32(tag(MetricFamilyField.name, WireType.delimited))
    .string(name)
    .uint32(tag(MetricFamilyField.type, WireType.varint))
    .uint32(type)
    .finish();
  return Uint8Array.from(head);
}

function delimited(head: Uint8Array, metrics: Writer): Uint8Array {
  const length = protobuf.Writer.create()
    .uint32(head.length + metrics.len)
    .finish();
  return Buffer.concat([length, head, metrics.finish()]);
}

function writeMetric(writer: Writer, { labels, t, v, h }: NamedSample, scheme: EscapingScheme): void {
  writer.uint32(tag(MetricFamilyField.metric, WireType.delimited)).fork();
  writeLabels(writer, MetricField.label, shownPairs(labels, scheme));
  if (h === undefined) {
    writer.uint32(tag(MetricField.untyped, WireType.delimited)).fork();
    writer.uint32(tag(UntypedField.value, WireType.fixed64)).double(v);
    writer.ldelim();
  }
  writer.uint32(tag(MetricField.timestampMs, WireType.varint)).int64(t);
  if (h !== undefined) {
    writer.uint32(tag(MetricField.histogram, WireType.delimited)).fork();
    writeHistogram(writer, h);
    writer.ldelim();
  }
  writer.ldelim();
}

function shownPairs(labels: readonly string[], scheme: EscapingScheme): readonly string[] {
  const pairs: string[] = [];
  let hasInstance = false;
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    if (name === METRIC_NAME) continue;
    if (name === OWN_INSTANCE) hasInstance = true;
    pairs.push(escapeName(name, scheme), labels[i + 1]!);
  }
  if (!hasInstance) pairs.push(OWN_INSTANCE, '');
  return pairs;
}

/**
 * With whole numbers where all counts are such: Prometheus 2 takes no histogram for a native one that has float counts and no
 * width of the zero bucket.
 */
function writeHistogram(writer: Writer, h: FloatHistogram): void {
  const isInteger = hasIntegerCounts(h);
  const { sampleCount, sampleCountFloat, zeroCount, zeroCountFloat } = HistogramField;
  writeCount(writer, isInteger, sampleCount, sampleCountFloat, h.count);
  writer.uint32(tag(HistogramField.sampleSum, WireType.fixed64)).double(h.sum);
  if (usesCustomBuckets(h)) {
    writeClassicBuckets(writer, h, isInteger);
    return;
  }
  writer.uint32(tag(HistogramField.schema, WireType.varint)).sint32(h.schema);
  writer.uint32(tag(HistogramField.zeroThreshold, WireType.fixed64)).double(h.zeroThreshold);
  writeCount(writer, isInteger, zeroCount, zeroCountFloat, h.zeroCount);
  const { negativeDelta, negativeCount, positiveDelta, positiveCount } = HistogramField;
  const [negative, positive] = [spansOf(h.negative), spansOf(h.positive)];
  const looksClassic = negative.length + positive.length === 0 && h.zeroThreshold === 0;
  writeSpans(writer, HistogramField.negativeSpan, negative);
  writeSpans(writer, HistogramField.positiveSpan, looksClassic ? NO_OP_SPAN : positive);
  if (isInteger) {
    writeDeltas(writer, negativeDelta, h.negative.count);
    writeDeltas(writer, positiveDelta, h.positive.count);
  } else {
    writeDoubles(writer, negativeCount, h.negative.count);
    writeDoubles(writer, positiveCount, h.positive.count);
  }
}

function writeClassicBuckets(writer: Writer, h: FloatHistogram, isInteger: boolean): void {
  const { cumulativeCount, cumulativeCountFloat } = BucketField;
  cumulativeCounts(h).forEach((count, i) => {
    writer.uint32(tag(HistogramField.bucket, WireType.delimited)).fork();
    writer.uint32(tag(BucketField.upperBound, WireType.fixed64)).double(h.customValues[i]!);
    writeCount(writer, isInteger, cumulativeCount, cumulativeCountFloat, count);
    writer.ldelim();
  });
}

function writeCount(
  writer: Writer,
  isInteger: boolean,
  integerField: number,
  floatField: number,
  count: number,
): void {
  if (isInteger) writer.uint32(tag(integerField, WireType.varint)).uint64(count);
  else writer.uint32(tag(floatField, WireType.fixed64)).double(count);
}

/** Tells that a histogram without buckets is a native one (metrics.proto, positive_span). */
const NO_OP_SPAN = [{ offset: 0, length: 0 }];

import type { Writer } from 'protobufjs/minimal.js';
import { type Labels, labelsFromFlat } from '../../model/labels.ts';
import { type SampleColumns, SampleBuffer, copyColumns } from '../../model/sample-columns.ts';
import { STALE_NAN } from '../../model/stale.ts';
import { MessageFormatError } from '../message-format-error.ts';
import { LabelTable } from '../batch/label-table.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { QueryResultField, ReadResponseField, SampleField, TimeSeriesField } from './fields.ts';
import { type TimedHistogram, readHistogram } from './read-histogram.ts';
import { type CountForm, writeHistogram } from './write-histogram.ts';

export interface SampledSeries {
  readonly labels: Labels;
  readonly columns: SampleColumns;
}

/**
 * The series of a sampled answer (prometheus.ReadResponse, already uncompressed), those of all of its queries in their order.
 * Each is decoded when it is asked for, so that whoever asks can pause in between.
 * @throws MessageFormatError, also where the samples of a series are not in order of time.
 */
export function* readSampledSeries(bytes: Uint8Array): Generator<SampledSeries> {
  const reader = new ProtoReader(bytes);
  const interned = new LabelTable();
  const floats = new SampleBuffer();
  while (reader.next()) {
    if (reader.field !== ReadResponseField.results) {
      reader.skip();
      continue;
    }
    const outer = reader.enter();
    while (reader.next()) {
      if (reader.field === QueryResultField.timeseries) yield readTimeSeries(reader, floats, interned);
      else reader.skip();
    }
    reader.leave(outer);
  }
}

/**
 * Reads a TimeSeries that the reader stands on, a message that Thanos shares (prometheus_copy). `floats` is scratch
 * space. Throws MessageFormatError, also where the samples are not in order of time.
 */
export function readTimeSeries(
  reader: ProtoReader,
  floats: SampleBuffer,
  interned?: LabelTable,
): SampledSeries {
  const flat: string[] = [];
  const histograms: TimedHistogram[] = [];
  floats.clear();
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case TimeSeriesField.labels:
        readLabel(reader, flat, interned);
        break;
      case TimeSeriesField.samples:
        readSample(reader, floats);
        break;
      case TimeSeriesField.histograms:
        histograms.push(readHistogram(reader));
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  const columns = histograms.length === 0 ? copyColumns(floats) : interleave(floats, histograms);
  checkOrder(columns);
  return { labels: labelsFromFlat(flat), columns };
}

function readSample(reader: ProtoReader, floats: SampleBuffer): void {
  let time = 0;
  let value = 0;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === SampleField.value) value = reader.double();
    else if (reader.field === SampleField.timestamp) time = reader.int64();
    else reader.skip();
  }
  reader.leave(outer);
  floats.push(time, value);
}

/** Floats and histograms come apart, each in order of time. At the same time the float counts, as in Prometheus. */
function interleave(floats: SampleColumns, histograms: readonly TimedHistogram[]): SampleColumns {
  const merged = new SampleBuffer(floats.length + histograms.length);
  let next = 0;
  for (const { time, histogram } of histograms) {
    for (; next < floats.length && floats.t[next]! < time; next++)
      merged.push(floats.t[next]!, floats.v[next]!);
    if (next < floats.length && floats.t[next] === time) continue;
    if (histogram === undefined) merged.push(time, STALE_NAN);
    else merged.pushHistogram(time, histogram);
  }
  for (; next < floats.length; next++) merged.push(floats.t[next]!, floats.v[next]!);
  return copyColumns(merged);
}

function checkOrder({ t, length }: SampleColumns): void {
  for (let i = 0; i < length; i++) {
    if (!Number.isSafeInteger(t[i]))
      throw new MessageFormatError(`a sample has the timestamp ${t[i]}, beyond 2^53 ms`);
    if (i > 0 && t[i]! <= t[i - 1]!)
      throw new MessageFormatError(
        `the samples of a series are not in order: ${t[i]} follows on ${t[i - 1]}`,
      );
  }
}

/** Writes a TimeSeries under a field number of the message around it. */
export function writeTimeSeries(
  writer: Writer,
  field: number,
  { labels, columns }: SampledSeries,
  form?: CountForm,
): void {
  writer.uint32(tag(field, WireType.delimited)).fork();
  writeLabels(writer, TimeSeriesField.labels, labels);
  for (let i = 0; i < columns.length; i++) {
    const time = columns.t[i]!;
    const histogram = columns.h?.at(i);
    if (histogram !== undefined) {
      writeHistogram(writer, TimeSeriesField.histograms, time, histogram, form);
      continue;
    }
    writer.uint32(tag(TimeSeriesField.samples, WireType.delimited)).fork();
    writer.uint32(tag(SampleField.value, WireType.fixed64)).double(columns.v[i]!);
    writer.uint32(tag(SampleField.timestamp, WireType.varint)).int64(time);
    writer.ldelim();
  }
  writer.ldelim();
}

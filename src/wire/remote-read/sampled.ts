import type { Writer } from 'protobufjs/minimal.js';
import { type Labels, labelsFromFlat } from '../../model/labels.ts';
import { type SampleColumns, SampleBuffer, copyColumns } from '../../model/sample-columns.ts';
import { STALE_NAN } from '../../model/stale.ts';
import { MessageFormatError } from '../message-format-error.ts';
import { LabelTable } from '../batch/label-table.ts';
import { MOST_LABELS, tooManyLabels } from '../batch/series-limits.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { QueryResultField, ReadResponseField, SampleField, TimeSeriesField } from './fields.ts';
import { type TimedHistogram, readHistogram } from './read-histogram.ts';
import { type CountForm, writeHistogram } from './write-histogram.ts';

export interface SampledSeries {
  readonly labels: Labels;
  readonly columns: SampleColumns;
}

/** Bytes of a series that are read at a stretch: some 20,000 samples, or less than a millisecond. */
const SLICE_BYTES = 256 * 1024;

/**
 * The series of a sampled answer (prometheus.ReadResponse, already uncompressed), those of all of its queries in their order.
 * Each is decoded when it is asked for, so that whoever asks can pause in between; so it can where undefined comes, in the middle of a
 * long one.
 * @throws MessageFormatError, also where the samples of a series are not in order of time.
 */
export function* readSampledSeries(bytes: Uint8Array): Generator<SampledSeries | undefined> {
  const reader = new ProtoReader(bytes);
  const series = new TimeSeriesReader(reader, new SampleBuffer(), new LabelTable());
  while (reader.next()) {
    if (reader.field !== ReadResponseField.results) {
      reader.skip();
      continue;
    }
    const outer = reader.enter();
    while (reader.next()) {
      if (reader.field === QueryResultField.timeseries) {
        series.enter();
        while (!series.read(SLICE_BYTES)) yield undefined;
        yield series.leave();
      } else reader.skip();
    }
    reader.leave(outer);
  }
}

/**
 * Reads a TimeSeries that the reader stands on, a message that Thanos shares (prometheus_copy). `floats` is scratch
 * space. Throws MessageFormatError, also where the samples are not in order of time.
 */
export function readTimeSeries(reader: ProtoReader, floats: SampleBuffer): SampledSeries {
  const series = new TimeSeriesReader(reader, floats);
  series.enter();
  series.read(Infinity);
  return series.leave();
}

/** Reads one TimeSeries after the other, each from {@link enter} to {@link leave}, and in parts where it is long. */
class TimeSeriesReader {
  readonly #reader: ProtoReader;
  readonly #floats: SampleBuffer;
  readonly #interned: LabelTable | undefined;
  #flat: string[] = [];
  #histograms: TimedHistogram[] = [];
  #outer = 0;

  /** @param floats scratch space. */
  constructor(reader: ProtoReader, floats: SampleBuffer, interned?: LabelTable) {
    this.#reader = reader;
    this.#floats = floats;
    this.#interned = interned;
  }

  enter(): void {
    this.#flat = [];
    this.#histograms = [];
    this.#floats.clear();
    this.#outer = this.#reader.enter();
  }

  /** Reads about so many bytes. Returns whether the series is read whole. */
  read(most: number): boolean {
    const reader = this.#reader;
    const enough = reader.position + most;
    while (reader.position < enough) {
      if (!reader.next()) return true;
      switch (reader.field) {
        case TimeSeriesField.labels:
          readLabel(reader, this.#flat, this.#interned);
          if (this.#flat.length > 2 * MOST_LABELS) throw tooManyLabels();
          break;
        case TimeSeriesField.samples:
          readSample(reader, this.#floats);
          break;
        case TimeSeriesField.histograms:
          this.#histograms.push(readHistogram(reader));
          break;
        default:
          reader.skip();
      }
    }
    return false;
  }

  leave(): SampledSeries {
    this.#reader.leave(this.#outer);
    const columns =
      this.#histograms.length === 0 ? copyColumns(this.#floats) : interleave(this.#floats, this.#histograms);
    checkOrder(columns);
    return { labels: labelsFromFlat(this.#flat), columns };
  }
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

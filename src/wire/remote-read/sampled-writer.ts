import protobuf from 'protobufjs/minimal.js';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { writeLabels } from '../protobuf/label-message.ts';
import { tag, WireType } from '../protobuf/proto-reader.ts';
import { lengthHead, snappyElements } from '../snappy.ts';
import { QueryResultField, ReadResponseField, SampleField, TimeSeriesField } from './fields.ts';
import { type SampledSeries, writeTimeSeries } from './sampled.ts';

/** So many bytes are compressed at once. */
const PIECE = 64 * 1024;

/** Samples that are written at once; each takes 23 bytes at most. */
const SAMPLES_AT_ONCE = 2048;
const MOST_SAMPLE_BYTES = 23;

/** Of a sample beside its time: two heads of two bytes and one, and the value. */
const FIXED_BYTES = 12;

/**
 * Writes a prometheus.ReadResponse as the snappy block that it is sent as, piece by piece: what is held is compressed, and no message
 * is held as a whole. Each query's series come first, then {@link endQuery}.
 */
export class ReadResponseWriter {
  readonly #ended: Uint8Array[] = [];
  #open: Uint8Array[] = [];
  #openLength = 0;
  #length = 0;
  #bytes = 0;
  readonly #piece: Buffer = Buffer.allocUnsafe(PIECE);
  #used = 0;

  /** What is held, bytes. */
  get bytes(): number {
    return this.#bytes + PIECE;
  }

  addSeries(series: SampledSeries): void {
    const { labels, columns } = series;
    // Negative times take ten bytes each, and nobody has many of them.
    if (columns.h !== undefined || (columns.length > 0 && columns.t[0]! < 0)) {
      const writer = protobuf.Writer.create();
      writeTimeSeries(writer, QueryResultField.timeseries, series);
      this.#put(writer.finish());
      return;
    }
    const named = protobuf.Writer.create();
    writeLabels(named, TimeSeriesField.labels, labels);
    const head = protobuf.Writer.create();
    head.uint32(tag(QueryResultField.timeseries, WireType.delimited));
    head.uint32(named.len + samplesLength(columns));
    this.#put(head.finish());
    this.#put(named.finish());
    for (let from = 0; from < columns.length; from += SAMPLES_AT_ONCE)
      this.#put(samplesBytes(columns, from, Math.min(columns.length, from + SAMPLES_AT_ONCE)));
  }

  endQuery(): void {
    this.#flush();
    const head = protobuf.Writer.create();
    const headBytes = head
      .uint32(tag(ReadResponseField.results, WireType.delimited))
      .uint32(this.#openLength)
      .finish();
    const elements = snappyElements(headBytes);
    this.#bytes += elements.length;
    this.#ended.push(elements);
    for (const each of this.#open) this.#ended.push(each);
    this.#length += headBytes.length + this.#openLength;
    this.#open = [];
    this.#openLength = 0;
  }

  /** The block in pieces. */
  finish(): readonly Uint8Array[] {
    return [lengthHead(this.#length), ...this.#ended];
  }

  #put(bytes: Uint8Array): void {
    if (this.#used + bytes.length > PIECE) this.#flush();
    if (bytes.length > PIECE) {
      this.#compress(bytes);
      return;
    }
    this.#piece.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #flush(): void {
    if (this.#used > 0) this.#compress(this.#piece.subarray(0, this.#used));
    this.#used = 0;
  }

  #compress(bytes: Uint8Array): void {
    const elements = snappyElements(bytes);
    this.#open.push(elements);
    this.#openLength += bytes.length;
    this.#bytes += elements.length;
  }
}

function samplesLength({ t, length }: SampleColumns): number {
  let bytes = FIXED_BYTES * length;
  for (let i = 0; i < length; i++) bytes += varintLength(t[i]!);
  return bytes;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest /= 128) length++;
  return length;
}

const TAGS = {
  sample: tag(TimeSeriesField.samples, WireType.delimited),
  value: tag(SampleField.value, WireType.fixed64),
  time: tag(SampleField.timestamp, WireType.varint),
};

const samples = Buffer.allocUnsafe(SAMPLES_AT_ONCE * MOST_SAMPLE_BYTES);
const values = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);

/** In memory that the next call writes over. A writer of messages would make five objects a sample. */
function samplesBytes({ t, v }: SampleColumns, from: number, to: number): Uint8Array {
  let at = 0;
  for (let i = from; i < to; i++) {
    let time = t[i]!;
    samples[at] = TAGS.sample;
    samples[at + 1] = FIXED_BYTES - 2 + varintLength(time);
    samples[at + 2] = TAGS.value;
    values.setFloat64(at + 3, v[i]!, true);
    samples[at + 11] = TAGS.time;
    at += FIXED_BYTES;
    for (; time >= 128; time = Math.floor(time / 128)) samples[at++] = (time % 128) | 0x80;
    samples[at++] = time;
  }
  return samples.subarray(0, at);
}

import protobuf, { type Writer } from 'protobufjs/minimal.js';
import { type Labels, labelsFromFlat } from '../../model/labels.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import type { StringTable } from '../protobuf/string-table.ts';
import type { AggrChunk } from '../../model/aggr-chunk.ts';
import { checkAggrChunk, readAggrChunk, writeAggrChunk } from './aggr-chunk.ts';
import { ANY_MESSAGE, type AnyMessage } from './any-message.ts';
import { SeriesBatchField, SeriesField, SeriesResponseField } from './fields.ts';

/** thanos.Series. A long one may go on in the next response, under the same labels. */
export interface StoreSeries {
  readonly labels: Labels;
  readonly chunks: readonly AggrChunk[];
}

/** A series out of a message. */
export interface ReceivedSeries extends StoreSeries {
  /** Read from the message each time, as new objects. */
  readonly chunks: readonly AggrChunk[];
  readonly chunkCount: number;
  /** Whether one of the chunks has aggregates. */
  readonly downsampled: boolean;
}

/** thanos.SeriesResponse, one message of the stream that answers Series. */
export type SeriesResponse<S extends StoreSeries = StoreSeries> =
  /** One series, or several where a batch was asked for. */
  | { readonly kind: 'series'; readonly series: readonly S[] }
  | { readonly kind: 'warning'; readonly warning: string }
  | { readonly kind: 'hints'; readonly hints: AnyMessage }
  /** A kind of response that is not known. */
  | { readonly kind: 'unknown' };

/**
 * Decodes one response. Chunk data are views on `message`. With `interned`, equal label strings of many messages are
 * kept once. Throws MessageFormatError for damage anywhere in it; what it returns can be read.
 */
export function decodeSeriesResponse(
  message: Uint8Array,
  interned?: StringTable,
): SeriesResponse<ReceivedSeries> {
  const reader = new ProtoReader(message);
  let response: SeriesResponse<ReceivedSeries> = { kind: 'unknown' };
  while (reader.next()) {
    switch (reader.field) {
      case SeriesResponseField.series:
        response = { kind: 'series', series: [readSeries(reader.bytes(), interned)] };
        break;
      case SeriesResponseField.batch:
        response = { kind: 'series', series: readBatch(reader, interned) };
        break;
      case SeriesResponseField.warning:
        response = { kind: 'warning', warning: reader.string() };
        break;
      case SeriesResponseField.hints:
        response = { kind: 'hints', hints: readHints(reader) };
        break;
      default:
        reader.skip();
    }
  }
  return response;
}

/** A single series goes as such, several as a batch: send those only to clients that set a batch size. */
export function encodeSeriesResponse(response: Exclude<SeriesResponse, { kind: 'unknown' }>): Uint8Array {
  const writer = protobuf.Writer.create();
  switch (response.kind) {
    case 'series':
      if (response.series.length === 1) {
        writeSeries(writer, SeriesResponseField.series, response.series[0]!);
      } else {
        writer.uint32(tag(SeriesResponseField.batch, WireType.delimited)).fork();
        for (const series of response.series) writeSeries(writer, SeriesBatchField.series, series);
        writer.ldelim();
      }
      break;
    case 'warning':
      writer.uint32(tag(SeriesResponseField.warning, WireType.delimited)).string(response.warning);
      break;
    case 'hints':
      writer.uint32(tag(SeriesResponseField.hints, WireType.delimited)).fork();
      ANY_MESSAGE.write(writer, response.hints);
      writer.ldelim();
      break;
  }
  return writer.finish();
}

function readBatch(reader: ProtoReader, interned: StringTable | undefined): readonly ReceivedSeries[] {
  const batch: ReceivedSeries[] = [];
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === SeriesBatchField.series) batch.push(readSeries(reader.bytes(), interned));
    else reader.skip();
  }
  reader.leave(outer);
  return batch;
}

/**
 * Its chunks are only bytes until they are asked for, and each reader gets new ones: objects for all chunks of a
 * large answer would take more memory than the samples in them.
 */
class MessageSeries implements ReceivedSeries {
  readonly labels: Labels;
  readonly chunkCount: number;
  readonly downsampled: boolean;
  readonly #message: Uint8Array;

  constructor(labels: Labels, message: Uint8Array, chunkCount: number, downsampled: boolean) {
    this.labels = labels;
    this.#message = message;
    this.chunkCount = chunkCount;
    this.downsampled = downsampled;
  }

  get chunks(): readonly AggrChunk[] {
    const chunks: AggrChunk[] = [];
    const reader = new ProtoReader(this.#message);
    while (reader.next()) {
      if (reader.field === SeriesField.chunks) chunks.push(readAggrChunk(reader));
      else reader.skip();
    }
    return chunks;
  }
}

/** Reads everything, so that damage shows now and not when the chunks are asked for. */
function readSeries(message: Uint8Array, interned: StringTable | undefined): ReceivedSeries {
  const flat: string[] = [];
  let chunkCount = 0;
  let downsampled = false;
  const reader = new ProtoReader(message);
  while (reader.next()) {
    if (reader.field === SeriesField.labels) {
      readLabel(reader, flat, interned);
    } else if (reader.field === SeriesField.chunks) {
      if (checkAggrChunk(reader)) downsampled = true;
      chunkCount++;
    } else {
      reader.skip();
    }
  }
  return new MessageSeries(labelsFromFlat(flat), message, chunkCount, downsampled);
}

function readHints(reader: ProtoReader): AnyMessage {
  const outer = reader.enter();
  const hints = ANY_MESSAGE.read(reader);
  reader.leave(outer);
  return hints;
}

function writeSeries(writer: Writer, field: number, { labels, chunks }: StoreSeries): void {
  writer.uint32(tag(field, WireType.delimited)).fork();
  writeLabels(writer, SeriesField.labels, labels);
  for (const chunk of chunks) writeAggrChunk(writer, SeriesField.chunks, chunk);
  writer.ldelim();
}

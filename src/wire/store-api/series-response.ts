import protobuf, { type Writer } from 'protobufjs/minimal.js';
import { type Labels, labelsFromFlat } from '../../model/labels.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import { ProtoReader, WireType } from '../protobuf/proto-reader.ts';
import type { StringTable } from '../protobuf/string-table.ts';
import { tag } from '../protobuf/tag.ts';
import { type AggrChunk, readAggrChunk, writeAggrChunk } from './aggr-chunk.ts';
import { ANY_MESSAGE, type AnyMessage } from './any-message.ts';
import { SeriesBatchField, SeriesField, SeriesResponseField } from './fields.ts';

/** thanos.Series. A long one may go on in the next response, under the same labels. */
export interface StoreSeries {
  readonly labels: Labels;
  readonly chunks: readonly AggrChunk[];
}

/** thanos.SeriesResponse, one message of the stream that answers Series. */
export type SeriesResponse =
  /** One series, or several where a batch was asked for. */
  | { readonly kind: 'series'; readonly series: readonly StoreSeries[] }
  | { readonly kind: 'warning'; readonly warning: string }
  | { readonly kind: 'hints'; readonly hints: AnyMessage }
  /** A kind of response that is not known. */
  | { readonly kind: 'unknown' };

/**
 * Decodes one response. Chunk data are views on `message`. With `interned`, equal label strings of many messages are
 * kept once. Throws MessageFormatError.
 */
export function decodeSeriesResponse(message: Uint8Array, interned?: StringTable): SeriesResponse {
  const reader = new ProtoReader(message);
  let response: SeriesResponse = { kind: 'unknown' };
  while (reader.next()) {
    switch (reader.field) {
      case SeriesResponseField.series:
        response = { kind: 'series', series: [readSeries(reader, interned)] };
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

function readBatch(reader: ProtoReader, interned: StringTable | undefined): readonly StoreSeries[] {
  const batch: StoreSeries[] = [];
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === SeriesBatchField.series) batch.push(readSeries(reader, interned));
    else reader.skip();
  }
  reader.leave(outer);
  return batch;
}

function readSeries(reader: ProtoReader, interned: StringTable | undefined): StoreSeries {
  const flat: string[] = [];
  const chunks: AggrChunk[] = [];
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === SeriesField.labels) readLabel(reader, flat, interned);
    else if (reader.field === SeriesField.chunks) chunks.push(readAggrChunk(reader));
    else reader.skip();
  }
  reader.leave(outer);
  return { labels: labelsFromFlat(flat), chunks };
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

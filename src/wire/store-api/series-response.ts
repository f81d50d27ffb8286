import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Labels } from '../../model/labels.ts';
import type { SeriesBatch } from '../batch/series-batch.ts';
import { readBatchLabel, writeLabels } from '../protobuf/label-message.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import type { AggrChunk } from '../../model/aggr-chunk.ts';
import { readBatchChunk, writeAggrChunk } from './aggr-chunk.ts';
import { ANY_MESSAGE, type AnyMessage } from './any-message.ts';
import { SeriesBatchField, SeriesField, SeriesResponseField } from './fields.ts';

/** thanos.Series. A long one may go on in the next response, under the same labels. */
export interface StoreSeries {
  readonly labels: Labels;
  readonly chunks: readonly AggrChunk[];
}

/** thanos.SeriesResponse to be sent, one message of the stream that answers Series. */
export type SeriesResponse =
  /** One series, or several where a batch was asked for. */
  | { readonly kind: 'series'; readonly series: readonly StoreSeries[] }
  | { readonly kind: 'warning'; readonly warning: string }
  | { readonly kind: 'hints'; readonly hints: AnyMessage };

/** A response that was read. */
export type ReceivedResponse =
  /** Its series are in the batch. */
  | { readonly kind: 'series' }
  | Exclude<SeriesResponse, { readonly kind: 'series' }>
  /** A kind of response that is not known. */
  | { readonly kind: 'unknown' };

/**
 * Reads one response; its series go into the batch. Raw chunks become chunks there, and those with aggregates
 * {@link DownsampledData}. Throws MessageFormatError for damage anywhere in it; the batch is of no use then.
 */
export function readSeriesResponse(message: Uint8Array, batch: SeriesBatch): ReceivedResponse {
  const reader = new ProtoReader(message);
  let response: ReceivedResponse = { kind: 'unknown' };
  while (reader.next()) {
    switch (reader.field) {
      case SeriesResponseField.series:
        readSeries(reader, batch);
        response = { kind: 'series' };
        break;
      case SeriesResponseField.batch:
        readBatch(reader, batch);
        response = { kind: 'series' };
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
export function encodeSeriesResponse(response: SeriesResponse): Uint8Array {
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

function readBatch(reader: ProtoReader, batch: SeriesBatch): void {
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === SeriesBatchField.series) readSeries(reader, batch);
    else reader.skip();
  }
  reader.leave(outer);
}

function readSeries(reader: ProtoReader, batch: SeriesBatch): void {
  let aggregated: AggrChunk[] | undefined;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === SeriesField.labels) {
      readBatchLabel(reader, batch);
    } else if (reader.field === SeriesField.chunks) {
      const chunk = readBatchChunk(reader, batch);
      if (chunk !== undefined) (aggregated ??= []).push(chunk);
    } else {
      reader.skip();
    }
  }
  reader.leave(outer);
  batch.endSeries(aggregated);
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

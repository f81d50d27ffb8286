import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Labels } from '../../model/labels.ts';
import type { SeriesReceiver } from '../batch/series-receiver.ts';
import { MOST_FIELDS, tooManyChunks } from '../batch/series-limits.ts';
import { readBatchLabel, writeLabels } from '../protobuf/label-message.ts';
import { readEmbedded, writeEmbedded } from '../protobuf/message-codec.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import type { AggrChunk } from '../../model/aggr-chunk.ts';
import { readBatchChunk, writeAggrChunk } from './aggr-chunk.ts';
import { ANY_MESSAGE, type AnyMessage } from './any-message.ts';
import { SeriesBatchField, SeriesField, SeriesResponseField } from './fields.ts';
import { writeOneOrBatch } from './one-or-batch.ts';

/**
 * Chunks with aggregates that a series may have in one message. They are objects, which take much more than those of raw samples. A
 * chunk of the finest downsampling has some ten hours, so this is for decades.
 */
const MOST_AGGREGATED = 50_000;

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
 * Reads one response; its series go to the receiver. Raw chunks become chunks there, and those with aggregates
 * {@link DownsampledData}. Throws MessageFormatError for damage anywhere in it; the batch is of no use then.
 */
export function readSeriesResponse(message: Uint8Array, batch: SeriesReceiver): ReceivedResponse {
  const reader = new SeriesResponseReader(message, batch);
  reader.read();
  return reader.response;
}

/** Does what {@link readSeriesResponse} does, a part at a time: one message may hold very many series. */
export class SeriesResponseReader {
  readonly #reader: ProtoReader;
  readonly #batch: SeriesReceiver;
  /** Where what is around the batch of series ends that the reader is in; -1 outside of one. */
  #outer = -1;
  #response: ReceivedResponse = { kind: 'unknown' };

  constructor(message: Uint8Array, batch: SeriesReceiver) {
    this.#reader = new ProtoReader(message);
    this.#batch = batch;
  }

  /** What the response is, as far as it was read. */
  get response(): ReceivedResponse {
    return this.#response;
  }

  /**
   * Reads on.
   * @param most about so many bytes, up to the end of a series.
   * @returns whether the response is read whole.
   */
  read(most: number = Infinity): boolean {
    const reader = this.#reader;
    const enough = reader.position + most;
    while (reader.position < enough) {
      if (reader.next()) this.#readField(reader);
      else if (this.#outer < 0) return true;
      else {
        reader.leave(this.#outer);
        this.#outer = -1;
      }
    }
    return false;
  }

  #readField(reader: ProtoReader): void {
    if (this.#outer >= 0) {
      if (reader.field === SeriesBatchField.series) readSeries(reader, this.#batch);
      else reader.skip();
      return;
    }
    switch (reader.field) {
      case SeriesResponseField.series:
        readSeries(reader, this.#batch);
        this.#response = { kind: 'series' };
        break;
      case SeriesResponseField.batch:
        this.#outer = reader.enter();
        this.#response = { kind: 'series' };
        break;
      case SeriesResponseField.warning:
        this.#response = { kind: 'warning', warning: reader.string() };
        break;
      case SeriesResponseField.hints:
        this.#response = { kind: 'hints', hints: readEmbedded(reader, ANY_MESSAGE) };
        break;
      default:
        reader.skip();
    }
  }
}

const SERIES_FIELDS = {
  one: SeriesResponseField.series,
  batch: SeriesResponseField.batch,
  inBatch: SeriesBatchField.series,
};

/** Several series go as {@link writeOneOrBatch} says. */
export function encodeSeriesResponse(response: SeriesResponse): Uint8Array {
  const writer = protobuf.Writer.create();
  switch (response.kind) {
    case 'series':
      writeOneOrBatch(writer, response.series, SERIES_FIELDS, writeSeries);
      break;
    case 'warning':
      writer.uint32(tag(SeriesResponseField.warning, WireType.delimited)).string(response.warning);
      break;
    case 'hints':
      writeEmbedded(writer, SeriesResponseField.hints, ANY_MESSAGE, response.hints);
      break;
  }
  return writer.finish();
}

function readSeries(reader: ProtoReader, batch: SeriesReceiver): void {
  let aggregated: AggrChunk[] | undefined;
  const outer = reader.enter();
  reader.allowFields(MOST_FIELDS);
  while (reader.next()) {
    if (reader.field === SeriesField.labels) {
      readBatchLabel(reader, batch);
    } else if (reader.field === SeriesField.chunks) {
      const chunk = readBatchChunk(reader, batch);
      if (chunk === undefined) continue;
      aggregated ??= [];
      if (aggregated.push(chunk) > MOST_AGGREGATED) throw tooManyChunks(MOST_AGGREGATED);
    } else {
      reader.skip();
    }
  }
  reader.leave(outer);
  batch.endSeries(aggregated);
}

function writeSeries(writer: Writer, field: number, { labels, chunks }: StoreSeries): void {
  writer.uint32(tag(field, WireType.delimited)).fork();
  writeLabels(writer, SeriesField.labels, labels);
  for (const chunk of chunks) writeAggrChunk(writer, SeriesField.chunks, chunk);
  writer.ldelim();
}

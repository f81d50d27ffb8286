import protobuf, { type Writer } from 'protobufjs/minimal.js';
import { SampleBuffer } from '../../model/sample-columns.ts';
import { int64 } from '../protobuf/field-codecs.ts';
import { messageCodec, readEmbedded, writeEmbedded } from '../protobuf/message-codec.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { type SampledSeries, readTimeSeries, writeTimeSeries } from '../remote-read/sampled.ts';
import { QueryResponseField, TimeSeriesBatchField } from './fields.ts';
import { writeOneOrBatch } from './one-or-batch.ts';

/** thanos.QueryResponse and thanos.QueryRangeResponse, which are alike: one message of the stream of an answer. */
export type QueryResponse =
  /** One series of the result, or several where a batch was asked for; a scalar is a series without labels. */
  | { readonly kind: 'series'; readonly series: readonly SampledSeries[] }
  | { readonly kind: 'warnings'; readonly warnings: string }
  | { readonly kind: 'stats'; readonly stats: QueryStats }
  /** A kind of response that is not known. */
  | { readonly kind: 'unknown' };

export interface QueryStats {
  readonly samplesTotal: number;
  readonly peakSamples: number;
}

const QUERY_STATS = messageCodec<QueryStats>({ samplesTotal: int64(1), peakSamples: int64(2) });

const SERIES_FIELDS = {
  one: QueryResponseField.timeseries,
  batch: QueryResponseField.timeseriesBatch,
  inBatch: TimeSeriesBatchField.series,
};

/** Several series go as {@link writeOneOrBatch} says. */
export function encodeQueryResponse(response: Exclude<QueryResponse, { kind: 'unknown' }>): Uint8Array {
  const writer = protobuf.Writer.create();
  switch (response.kind) {
    case 'series':
      writeOneOrBatch(writer, response.series, SERIES_FIELDS, writeSeries);
      break;
    case 'warnings':
      writer.uint32(tag(QueryResponseField.warnings, WireType.delimited)).string(response.warnings);
      break;
    case 'stats':
      writeEmbedded(writer, QueryResponseField.stats, QUERY_STATS, response.stats);
      break;
  }
  return writer.finish();
}

/** Queriers read no histograms of integers here: for PromQL all of them are of floats (pkg/query/remote_engine.go). */
function writeSeries(writer: Writer, field: number, series: SampledSeries): void {
  writeTimeSeries(writer, field, series, 'float');
}

/** Throws MessageFormatError, also where the samples of a series are not in order of time. */
export function decodeQueryResponse(bytes: Uint8Array): QueryResponse {
  const reader = new ProtoReader(bytes);
  const floats = new SampleBuffer();
  let response: QueryResponse = { kind: 'unknown' };
  while (reader.next()) {
    switch (reader.field) {
      case QueryResponseField.warnings:
        response = { kind: 'warnings', warnings: reader.string() };
        break;
      case QueryResponseField.timeseries:
        response = { kind: 'series', series: [readTimeSeries(reader, floats)] };
        break;
      case QueryResponseField.timeseriesBatch:
        response = { kind: 'series', series: readBatch(reader, floats) };
        break;
      case QueryResponseField.stats:
        response = { kind: 'stats', stats: readEmbedded(reader, QUERY_STATS) };
        break;
      default:
        reader.skip();
    }
  }
  return response;
}

function readBatch(reader: ProtoReader, floats: SampleBuffer): readonly SampledSeries[] {
  const batch: SampledSeries[] = [];
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === TimeSeriesBatchField.series) batch.push(readTimeSeries(reader, floats));
    else reader.skip();
  }
  reader.leave(outer);
  return batch;
}

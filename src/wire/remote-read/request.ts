import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Matcher } from '../../model/matcher.ts';
import { readMatcher, writeMatchers } from '../protobuf/matcher-message.ts';
import { RequestReader } from '../protobuf/decode-request.ts';
import { type ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { compressSnappy, uncompressSnappy } from '../snappy.ts';
import { QueryField, ReadHintsField, ReadRequestField } from './fields.ts';

/** How an answer may come, numbered as prompb `ReadRequest.ResponseType`. */
export const ResponseType = { samples: 0, streamedChunks: 1 } as const;
export type ResponseType = (typeof ResponseType)[keyof typeof ResponseType];

export interface ReadRequest {
  readonly queries: readonly ReadQuery[];
  /** In order of preference; empty means samples. Numbers that we do not know may occur in a decoded request. */
  readonly accepted: readonly number[];
}

export interface ReadQuery {
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly matchers: readonly Matcher[];
  /**
   * Read, but never sent: a server may use them to send less, and the answer must not depend on that. Undefined where the
   * caller sent none.
   */
  readonly hints?: ReadHints;
}

/** What becomes of the samples. The other hints of the message are about the range, which the query names itself. */
export interface ReadHints {
  /** Innermost function or aggregation around the selector; empty where there is none. */
  readonly func: string;
  /** Length of the range selector, ms; 0 for instant vectors. */
  readonly range: number;
}

/**
 * The first form of an answer that the caller accepts and a server can send, as Prometheus chooses it (storage/remote/chunked.go,
 * `NegotiateResponseType`); undefined where there is none.
 */
export function responseType(accepted: readonly number[]): ResponseType | undefined {
  if (accepted.length === 0) return ResponseType.samples;
  return accepted.find((type): type is ResponseType => SUPPORTED.includes(type));
}

const SUPPORTED: readonly number[] = Object.values(ResponseType);

/** Requests are small: matchers of a few kilobytes at most. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** The body of a remote-read call: a prometheus.ReadRequest, snappy-compressed. */
export function encodeReadRequest({ queries, accepted }: ReadRequest): Buffer {
  const writer = protobuf.Writer.create();
  for (const query of queries) writeQuery(writer, query);
  if (accepted.length > 0) {
    writer.uint32(tag(ReadRequestField.acceptedResponseTypes, WireType.delimited)).fork();
    for (const type of accepted) writer.uint32(type);
    writer.ldelim();
  }
  return compressSnappy(writer.finish());
}

/** The opposite of {@link encodeReadRequest}. Throws MessageFormatError. */
export function decodeReadRequest(body: Uint8Array): ReadRequest {
  const reader = new RequestReader(uncompressSnappy(body, MAX_REQUEST_BYTES));
  const queries: ReadQuery[] = [];
  const accepted: number[] = [];
  while (reader.next()) {
    if (reader.field === ReadRequestField.queries) queries.push(readQuery(reader));
    else if (reader.field === ReadRequestField.acceptedResponseTypes) reader.uint32sInto(accepted);
    else reader.skip();
  }
  return { queries, accepted };
}

function writeQuery(writer: Writer, { minTime, maxTime, matchers }: ReadQuery): void {
  writer.uint32(tag(ReadRequestField.queries, WireType.delimited)).fork();
  writer.uint32(tag(QueryField.startTimestampMs, WireType.varint)).int64(minTime);
  writer.uint32(tag(QueryField.endTimestampMs, WireType.varint)).int64(maxTime);
  writeMatchers(writer, QueryField.matchers, matchers);
  writer.ldelim();
}

function readQuery(reader: ProtoReader): ReadQuery {
  let minTime = 0;
  let maxTime = 0;
  const matchers: Matcher[] = [];
  let hints: ReadHints | undefined;
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case QueryField.startTimestampMs:
        minTime = reader.int64();
        break;
      case QueryField.endTimestampMs:
        maxTime = reader.int64();
        break;
      case QueryField.matchers:
        matchers.push(readMatcher(reader));
        break;
      case QueryField.hints:
        hints = readHints(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { minTime, maxTime, matchers, ...(hints && { hints }) };
}

function readHints(reader: ProtoReader): ReadHints {
  let func = '';
  let range = 0;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === ReadHintsField.func) func = reader.string();
    else if (reader.field === ReadHintsField.rangeMs) range = reader.int64();
    else reader.skip();
  }
  reader.leave(outer);
  return { func, range };
}

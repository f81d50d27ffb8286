import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Matcher } from '../../model/matcher.ts';
import { readMatcher, writeMatchers } from '../protobuf/matcher-message.ts';
import { RequestReader } from '../protobuf/decode-request.ts';
import { type ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { compressSnappy, uncompressSnappy } from '../snappy.ts';
import { QueryField, ReadRequestField } from './fields.ts';

/** How an answer may come, numbered as prompb `ReadRequest.ResponseType`. */
export const ResponseType = { samples: 0, streamedChunks: 1 } as const;
export type ResponseType = (typeof ResponseType)[keyof typeof ResponseType];

export interface ReadRequest {
  readonly queries: readonly ReadQuery[];
  /** In order of preference; empty means samples. Numbers that we do not know may occur in a decoded request. */
  readonly accepted: readonly number[];
}

/** Hints are neither sent nor read: a server may use them to send less, and the answer must not depend on that. */
export interface ReadQuery {
  /** ms since the epoch, both inclusive. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly matchers: readonly Matcher[];
}

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
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { minTime, maxTime, matchers };
}

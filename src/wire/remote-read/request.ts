import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Matcher } from '../../model/matcher.ts';
import { readMatcher, writeMatchers } from '../protobuf/matcher-message.ts';
import { ProtoReader, WireType } from '../protobuf/proto-reader.ts';
import { tag } from '../protobuf/tag.ts';
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
  readonly hints?: ReadHints;
}

/** What the query is for; a server may use it to read less. Times in ms. */
interface ReadHints {
  readonly step: number;
  readonly func: string;
  readonly start: number;
  readonly end: number;
  readonly grouping: readonly string[];
  readonly by: boolean;
  readonly range: number;
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
  const reader = new ProtoReader(uncompressSnappy(body, MAX_REQUEST_BYTES));
  const queries: ReadQuery[] = [];
  const accepted: number[] = [];
  while (reader.next()) {
    if (reader.field === ReadRequestField.queries) queries.push(readQuery(reader));
    else if (reader.field === ReadRequestField.acceptedResponseTypes) reader.uint32sInto(accepted);
    else reader.skip();
  }
  return { queries, accepted };
}

function writeQuery(writer: Writer, { minTime, maxTime, matchers, hints }: ReadQuery): void {
  writer.uint32(tag(ReadRequestField.queries, WireType.delimited)).fork();
  writer.uint32(tag(QueryField.startTimestampMs, WireType.varint)).int64(minTime);
  writer.uint32(tag(QueryField.endTimestampMs, WireType.varint)).int64(maxTime);
  writeMatchers(writer, QueryField.matchers, matchers);
  if (hints !== undefined) writeHints(writer, hints);
  writer.ldelim();
}

function writeHints(writer: Writer, hints: ReadHints): void {
  writer.uint32(tag(QueryField.hints, WireType.delimited)).fork();
  writer.uint32(tag(ReadHintsField.stepMs, WireType.varint)).int64(hints.step);
  writer.uint32(tag(ReadHintsField.func, WireType.delimited)).string(hints.func);
  writer.uint32(tag(ReadHintsField.startMs, WireType.varint)).int64(hints.start);
  writer.uint32(tag(ReadHintsField.endMs, WireType.varint)).int64(hints.end);
  for (const label of hints.grouping)
    writer.uint32(tag(ReadHintsField.grouping, WireType.delimited)).string(label);
  writer.uint32(tag(ReadHintsField.by, WireType.varint)).bool(hints.by);
  writer.uint32(tag(ReadHintsField.rangeMs, WireType.varint)).int64(hints.range);
  writer.ldelim();
}

function readQuery(reader: ProtoReader): ReadQuery {
  let minTime = 0;
  let maxTime = 0;
  let hints: ReadHints | undefined;
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
  const hints = { step: 0, func: '', start: 0, end: 0, grouping: [] as string[], by: false, range: 0 };
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case ReadHintsField.stepMs:
        hints.step = reader.int64();
        break;
      case ReadHintsField.func:
        hints.func = reader.string();
        break;
      case ReadHintsField.startMs:
        hints.start = reader.int64();
        break;
      case ReadHintsField.endMs:
        hints.end = reader.int64();
        break;
      case ReadHintsField.grouping:
        hints.grouping.push(reader.string());
        break;
      case ReadHintsField.by:
        hints.by = reader.uint32() !== 0;
        break;
      case ReadHintsField.rangeMs:
        hints.range = reader.int64();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return hints;
}

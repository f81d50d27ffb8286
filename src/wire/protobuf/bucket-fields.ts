import type { Writer } from 'protobufjs/minimal.js';
import type { Span } from '../../model/histogram/spans.ts';
import { tag, WireType } from './proto-reader.ts';

/** Field numbers of the message BucketSpan, the same for remote read and for scrapers. */
export const BucketSpanField = { offset: 1, length: 2 } as const;

/** Writes spans as `repeated BucketSpan` with the given field number. */
export function writeSpans(writer: Writer, field: number, spans: readonly Span[]): void {
  for (const { offset, length } of spans) {
    writer.uint32(tag(field, WireType.delimited)).fork();
    writer.uint32(tag(BucketSpanField.offset, WireType.varint)).sint32(offset);
    writer.uint32(tag(BucketSpanField.length, WireType.varint)).uint32(length);
    writer.ldelim();
  }
}

/** Writes values as packed `repeated double`; nothing where there are none. */
export function writeDoubles(writer: Writer, field: number, values: Float64Array): void {
  if (values.length === 0) return;
  writer.uint32(tag(field, WireType.delimited)).fork();
  for (const value of values) writer.double(value);
  writer.ldelim();
}

/** Writes counts, which are whole numbers, as packed `repeated sint64` of differences; nothing where there are none. */
export function writeDeltas(writer: Writer, field: number, counts: Float64Array): void {
  if (counts.length === 0) return;
  writer.uint32(tag(field, WireType.delimited)).fork();
  for (let i = 0; i < counts.length; i++) writer.sint64(counts[i]! - (counts[i - 1] ?? 0));
  writer.ldelim();
}

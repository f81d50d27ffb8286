import type { Writer } from 'protobufjs/minimal.js';
import type { LabelTable } from '../batch/label-table.ts';
import type { SeriesReceiver } from '../batch/series-receiver.ts';
import { type ProtoReader, WireType, tag } from './proto-reader.ts';
import { decodeUtf8 } from './utf8.ts';

/** Field numbers of the message Label, the same in Prometheus (prompb) and Thanos (labelpb). */
export const LabelField = { name: 1, value: 2 } as const;

/**
 * Reads a Label that the reader stands on and appends its name and value. With a table equal texts of many messages are kept
 * once, and MessageFormatError is thrown for those that are no UTF-8.
 */
export function readLabel(reader: ProtoReader, flat: string[], table?: LabelTable): void {
  const { all } = reader;
  readSpans(reader);
  if (table === undefined) {
    flat.push(decodeUtf8(all, nameAt, nameLength), decodeUtf8(all, valueAt, valueLength));
    return;
  }
  const id = table.id(all, nameAt, nameLength, valueAt, valueLength);
  flat.push(table.name(id), table.value(id));
}

/** Reads a Label that the reader stands on into the open series of its receiver. One without a value is none. Throws MessageFormatError. */
export function readBatchLabel(reader: ProtoReader, batch: SeriesReceiver): void {
  readSpans(reader);
  if (valueLength === 0) return;
  batch.addLabel(batch.table.id(reader.all, nameAt, nameLength, valueAt, valueLength, batch.guess));
}

/** Where the name and the value of the Label that {@link readSpans} read are in the message. */
let nameAt = 0;
let nameLength = 0;
let valueAt = 0;
let valueLength = 0;

function readSpans(reader: ProtoReader): void {
  nameLength = 0;
  valueLength = 0;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === LabelField.name) {
      nameAt = reader.span();
      nameLength = reader.length;
    } else if (reader.field === LabelField.value) {
      valueAt = reader.span();
      valueLength = reader.length;
    } else reader.skip();
  }
  reader.leave(outer);
}

/** Writes flat names and values, such as a label set, as `repeated Label` with the given field number. */
export function writeLabels(writer: Writer, field: number, labels: readonly string[]): void {
  for (let i = 0; i < labels.length; i += 2) {
    writer.uint32(tag(field, WireType.delimited)).fork();
    writer.uint32(tag(LabelField.name, WireType.delimited)).string(labels[i]!);
    writer.uint32(tag(LabelField.value, WireType.delimited)).string(labels[i + 1]!);
    writer.ldelim();
  }
}

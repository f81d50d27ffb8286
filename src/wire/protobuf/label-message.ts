import type { Writer } from 'protobufjs/minimal.js';
import { type ProtoReader, WireType, tag } from './proto-reader.ts';
import type { StringTable } from './string-table.ts';

/** Field numbers of the message Label, the same in Prometheus (prompb) and Thanos (labelpb). */
export const LabelField = { name: 1, value: 2 } as const;

/** Reads a Label that the reader stands on and appends its name and value. */
export function readLabel(reader: ProtoReader, flat: string[], interned?: StringTable): void {
  let name = '';
  let value = '';
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === LabelField.name) name = reader.string(interned);
    else if (reader.field === LabelField.value) value = reader.string(interned);
    else reader.skip();
  }
  reader.leave(outer);
  flat.push(name, value);
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

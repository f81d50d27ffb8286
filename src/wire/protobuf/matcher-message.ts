import type { Writer } from 'protobufjs/minimal.js';
import type { Matcher, MatchKind } from '../../model/matcher.ts';
import { MessageFormatError } from '../message-format-error.ts';
import { type ProtoReader, WireType, tag } from './proto-reader.ts';

/** Field numbers of the message LabelMatcher, the same in Prometheus (prompb) and Thanos (storepb). */
export const LabelMatcherField = { type: 1, name: 2, value: 3 } as const;

/** The enum LabelMatcher.Type by number: EQ, NEQ, RE, NRE. */
const KINDS: readonly MatchKind[] = ['=', '!=', '=~', '!~'];

/** Reads a LabelMatcher that the reader stands on. */
export function readMatcher(reader: ProtoReader): Matcher {
  let type = 0;
  let name = '';
  let value = '';
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === LabelMatcherField.type) type = reader.uint32();
    else if (reader.field === LabelMatcherField.name) name = reader.string();
    else if (reader.field === LabelMatcherField.value) value = reader.string();
    else reader.skip();
  }
  reader.leave(outer);
  const kind = KINDS[type];
  if (kind === undefined)
    throw new MessageFormatError(`the matcher of label ${JSON.stringify(name)} has the unknown type ${type}`);
  return { kind, name, value };
}

/** Writes matchers as `repeated LabelMatcher` with the given field number. */
export function writeMatchers(writer: Writer, field: number, matchers: readonly Matcher[]): void {
  for (const { kind, name, value } of matchers) {
    writer.uint32(tag(field, WireType.delimited)).fork();
    const type = KINDS.indexOf(kind);
    if (type !== 0) writer.uint32(tag(LabelMatcherField.type, WireType.varint)).uint32(type);
    writer.uint32(tag(LabelMatcherField.name, WireType.delimited)).string(name);
    writer.uint32(tag(LabelMatcherField.value, WireType.delimited)).string(value);
    writer.ldelim();
  }
}

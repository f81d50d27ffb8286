import { EMPTY_LABELS, type Labels, labelsFromFlat } from '../../model/labels.ts';
import { required } from '../protobuf/field-codecs.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import type { ProtoReader } from '../protobuf/proto-reader.ts';
import type { FieldCodec, MessageCodec } from '../protobuf/message-codec.ts';

/** Field number of the message ZLabelSet. */
const LABELS = 1;

/** thanos.ZLabelSet as a label set. */
export const LABEL_SET: MessageCodec<Labels> = {
  read: (reader) => labelsFromFlat(readFlat(reader)),
  write: (writer, labels) => writeLabels(writer, LABELS, labels),
};

/** The same for annotations of rules: name, value, name, value … as they came, of which values may be empty. */
const ANNOTATIONS: MessageCodec<readonly string[]> = {
  read: readFlat,
  write: (writer, annotations) => writeLabels(writer, LABELS, annotations),
};

function readFlat(reader: ProtoReader): readonly string[] {
  const flat: string[] = [];
  while (reader.next()) {
    if (reader.field === LABELS) readLabel(reader, flat);
    else reader.skip();
  }
  return flat;
}

export function labelSet(number: number): FieldCodec<Labels> {
  return required(number, LABEL_SET, () => EMPTY_LABELS);
}

export function annotationSet(number: number): FieldCodec<readonly string[]> {
  return required(number, ANNOTATIONS, () => []);
}

import { EMPTY_LABELS, type Labels, labelsFromFlat } from '../../model/labels.ts';
import { required } from '../protobuf/field-codecs.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import type { FieldCodec, MessageCodec } from '../protobuf/message-codec.ts';

/** Field number of the message ZLabelSet. */
const LABELS = 1;

/** thanos.ZLabelSet as a label set. */
export const LABEL_SET: MessageCodec<Labels> = {
  read: (reader) => {
    const flat: string[] = [];
    while (reader.next()) {
      if (reader.field === LABELS) readLabel(reader, flat);
      else reader.skip();
    }
    return labelsFromFlat(flat);
  },
  write: (writer, labels) => writeLabels(writer, LABELS, labels),
};

export function labelSet(number: number): FieldCodec<Labels> {
  return required(number, LABEL_SET, () => EMPTY_LABELS);
}

import { bytes, string } from '../protobuf/field-codecs.ts';
import { type MessageCodec, messageCodec } from '../protobuf/message-codec.ts';

/** google.protobuf.Any: bytes whose meaning the type's name tells. Hints of stores are passed around like this. */
export interface AnyMessage {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

export const ANY_MESSAGE: MessageCodec<AnyMessage> = messageCodec<AnyMessage>({
  typeUrl: string(1),
  value: bytes(2),
});

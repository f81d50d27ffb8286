import { int32, int64 } from '../protobuf/field-codecs.ts';
import { type MessageCodec, messageCodec } from '../protobuf/message-codec.ts';

/** google.protobuf.Timestamp. A moment that never was, such as Go's zero time, is in the year 1. */
export interface Timestamp {
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** 0 … 999,999,999, forward in time also before the epoch. */
  readonly nanos: number;
}

export const EPOCH: Timestamp = { seconds: 0, nanos: 0 };

export const TIMESTAMP: MessageCodec<Timestamp> = messageCodec<Timestamp>({
  seconds: int64(1),
  nanos: int32(2),
});

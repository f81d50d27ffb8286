import type { Instant } from '../../model/instant.ts';
import { int32, int64, optional, required } from '../protobuf/field-codecs.ts';
import { type FieldCodec, type MessageCodec, messageCodec } from '../protobuf/message-codec.ts';

const NS_PER_SECOND = 1_000_000_000n;

/** Whole seconds since the epoch, and nanoseconds forward from there, also before the epoch. */
const PARTS = messageCodec<{ readonly seconds: number; readonly nanos: number }>({
  seconds: int64(1),
  nanos: int32(2),
});

/** google.protobuf.Timestamp. What never happened is Go's zero time there, see `ZERO_INSTANT`. */
const TIMESTAMP: MessageCodec<Instant> = {
  read: (reader) => {
    const { seconds, nanos } = PARTS.read(reader);
    return BigInt(seconds) * NS_PER_SECOND + BigInt(nanos);
  },
  write: (writer, instant) => {
    const nanos = ((instant % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
    PARTS.write(writer, { seconds: Number((instant - nanos) / NS_PER_SECOND), nanos: Number(nanos) });
  },
};

export function timestamp(number: number): FieldCodec<Instant> {
  return required(number, TIMESTAMP, () => 0n);
}

export function optionalTimestamp(number: number): FieldCodec<Instant | undefined> {
  return optional(number, TIMESTAMP);
}

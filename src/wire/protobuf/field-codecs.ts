import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Matcher } from '../../model/matcher.ts';
import type { Pace } from '../../model/pacer.ts';
import { writeInt64 } from './int64.ts';
import { readMatcher, writeMatchers } from './matcher-message.ts';
import { readEmbedded, writeEmbedded, type FieldCodec, type MessageCodec } from './message-codec.ts';
import { type ProtoReader, WireType, tag } from './proto-reader.ts';

/** Whole numbers beyond 2^53 are rounded when they are read and cut to the range of int64 when they are written. */
export function int64(number: number): FieldCodec<number> {
  return {
    number,
    absent: () => 0,
    read: (reader) => reader.int64(),
    write: (writer, value) => {
      if (value !== 0) writeInt64(writer.uint32(tag(number, WireType.varint)), value);
    },
  };
}

export function uint64(number: number): FieldCodec<number> {
  return {
    number,
    absent: () => 0,
    read: (reader) => reader.uint64(),
    write: (writer, value) => {
      if (value !== 0) writer.uint32(tag(number, WireType.varint)).uint64(value);
    },
  };
}

export function int32(number: number): FieldCodec<number> {
  return {
    number,
    absent: () => 0,
    read: (reader) => reader.uint32() | 0,
    write: (writer, value) => {
      if (value !== 0) writer.uint32(tag(number, WireType.varint)).int32(value);
    },
  };
}

/** An enum by its number: numbers that are not known yet come through. */
export function enumeration(number: number): FieldCodec<number> {
  return int32(number);
}

export function bool(number: number): FieldCodec<boolean> {
  return {
    number,
    absent: () => false,
    read: (reader) => reader.uint64() !== 0,
    write: (writer, value) => {
      if (value) writer.uint32(tag(number, WireType.varint)).bool(true);
    },
  };
}

export function double(number: number): FieldCodec<number> {
  return {
    number,
    absent: () => 0,
    read: (reader) => reader.double(),
    write: (writer, value) => {
      // Minus zero is no default: its bits differ.
      if (!Object.is(value, 0)) writer.uint32(tag(number, WireType.fixed64)).double(value);
    },
  };
}

export function string(number: number): FieldCodec<string> {
  return {
    number,
    absent: () => '',
    read: (reader) => reader.string(),
    write: (writer, value) => {
      if (value !== '') writeString(writer, number, value);
    },
  };
}

/** A string of a oneof: the empty one is there as well. */
export function optionalString(number: number): FieldCodec<string | undefined> {
  return {
    number,
    absent: () => undefined,
    read: (reader) => reader.string(),
    write: (writer, value) => {
      if (value !== undefined) writeString(writer, number, value);
    },
  };
}

export function strings(number: number): FieldCodec<readonly string[]> {
  return list<string>(
    number,
    (reader) => reader.string(),
    (writer, value) => writeString(writer, number, value),
  );
}

/** `repeated` of an enum: packed when written, either way when read. */
export function enumerations(number: number): FieldCodec<readonly number[]> {
  return {
    number,
    absent: () => [],
    read: (reader, before) => {
      reader.uint32sInto(before as number[]);
      return before;
    },
    write: (writer, values) => {
      if (values.length === 0) return;
      writer.uint32(tag(number, WireType.delimited)).fork();
      for (const value of values) writer.int32(value);
      writer.ldelim();
    },
  };
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** A view on the bytes of the message, not a copy. */
export function bytes(number: number): FieldCodec<Uint8Array> {
  return {
    number,
    absent: () => NO_BYTES,
    read: (reader) => reader.bytes(),
    write: (writer, value) => {
      if (value.length > 0) writer.uint32(tag(number, WireType.delimited)).bytes(value);
    },
  };
}

/** A message that may be left out. Where it occurs twice the last counts. */
export function optional<T>(number: number, codec: MessageCodec<T>): FieldCodec<T | undefined> {
  return {
    number,
    absent: () => undefined,
    read: (reader) => readEmbedded(reader, codec),
    write: (writer, value) => {
      if (value !== undefined) writeEmbedded(writer, number, codec, value);
    },
    readPaced: async (reader, _, pace) => readEmbeddedPaced(reader, codec, pace),
    writePaced: async (writer, value, pace) => {
      if (value !== undefined) await writeEmbeddedPaced(writer, number, codec, value, pace);
    },
  };
}

/** An empty message that says something by being there. */
export function present(number: number): FieldCodec<boolean> {
  return {
    number,
    absent: () => false,
    read: (reader) => {
      reader.leave(reader.enter());
      return true;
    },
    write: (writer, value) => {
      if (value) writer.uint32(tag(number, WireType.delimited)).fork().ldelim();
    },
  };
}

/** A message that is always written; where the bytes leave it out, `absent` stands for it. */
export function required<T>(number: number, codec: MessageCodec<T>, absent: () => T): FieldCodec<T> {
  return {
    number,
    absent,
    read: (reader) => readEmbedded(reader, codec),
    write: (writer, value) => writeEmbedded(writer, number, codec, value),
  };
}

export function repeated<T>(number: number, codec: MessageCodec<T>): FieldCodec<readonly T[]> {
  return {
    ...list<T>(
      number,
      (reader) => readEmbedded(reader, codec),
      (writer, value) => writeEmbedded(writer, number, codec, value),
    ),
    readPaced: async (reader, before, pace) => {
      (before as T[]).push(await readEmbeddedPaced(reader, codec, pace));
      return before;
    },
    writePaced: async (writer, items, pace) => {
      for (const item of items) {
        await writeEmbeddedPaced(writer, number, codec, item, pace);
        if (pace.due()) await pace.breathe();
      }
    },
  };
}

export function matchers(number: number): FieldCodec<readonly Matcher[]> {
  return list<Matcher>(number, readMatcher, (writer, matcher) => writeMatchers(writer, number, [matcher]));
}

/** `map<string, Message>`; of equal keys the last counts. */
export function map<T>(
  number: number,
  codec: MessageCodec<T>,
  absent: () => T,
): FieldCodec<ReadonlyMap<string, T>> {
  const key = string(1);
  const value = required(2, codec, absent);
  return {
    number,
    absent: () => new Map(),
    read: (reader, before) => {
      let [name, entry] = ['', absent()];
      const outer = reader.enter();
      while (reader.next()) {
        if (reader.field === key.number) name = key.read(reader, name);
        else if (reader.field === value.number) entry = value.read(reader, entry);
        else reader.skip();
      }
      reader.leave(outer);
      return (before as Map<string, T>).set(name, entry);
    },
    write: (writer, entries) => {
      for (const [name, entry] of entries) {
        writer.uint32(tag(number, WireType.delimited)).fork();
        key.write(writer, name);
        value.write(writer, entry);
        writer.ldelim();
      }
    },
  };
}

function list<T>(
  number: number,
  readItem: (reader: ProtoReader) => T,
  writeItem: (writer: Writer, item: T) => void,
): FieldCodec<readonly T[]> {
  return {
    number,
    absent: () => [],
    read: (reader, before) => {
      // The list that `absent` made for this message; it is not shared yet.
      (before as T[]).push(readItem(reader));
      return before;
    },
    write: (writer, items) => {
      for (const item of items) writeItem(writer, item);
    },
  };
}

function writeString(writer: Writer, number: number, value: string): void {
  writer.uint32(tag(number, WireType.delimited)).string(value);
}

/** So many bytes are read in one go, whatever they hold. */
const SMALL_MESSAGE_BYTES = 16 * 1024;

async function readEmbeddedPaced<T>(reader: ProtoReader, codec: MessageCodec<T>, pace: Pace): Promise<T> {
  const outer = reader.enter();
  const isSmall = reader.end - reader.position <= SMALL_MESSAGE_BYTES;
  const message =
    isSmall || codec.readPaced === undefined ? codec.read(reader) : await codec.readPaced(reader, pace);
  reader.leave(outer);
  return message;
}

/** Made for itself, as bytes: a writer that holds very many fields takes long to finish. */
async function writeEmbeddedPaced<T>(
  writer: Writer,
  number: number,
  codec: MessageCodec<T>,
  value: T,
  pace: Pace,
): Promise<void> {
  const own = protobuf.Writer.create();
  if (codec.writePaced === undefined) codec.write(own, value);
  else await codec.writePaced(own, value, pace);
  writer.uint32(tag(number, WireType.delimited)).bytes(own.finish());
}

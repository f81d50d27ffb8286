import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { Pace } from '../../model/pacer.ts';
import { ProtoReader, tag, WireType } from './proto-reader.ts';

/** How one field of a message is read and written; the functions of `field-codecs.ts` make them. */
export interface FieldCodec<T> {
  readonly number: number;
  /** The value of a field that the bytes do not name: the default of proto3, or undefined for a message. */
  readonly absent: () => T;
  /** Reads one occurrence; `before` is what the field was so far, for repeated ones. */
  read(reader: ProtoReader, before: T): T;
  /** Writes the field, or nothing where it is {@link absent}. */
  write(writer: Writer, value: T): void;
  /** Does the same as {@link read} and gives way inside; only where a field may be long. */
  readPaced?(reader: ProtoReader, before: T, pace: Pace): Promise<T>;
  /** The same for {@link write}. */
  writePaced?(writer: Writer, value: T, pace: Pace): Promise<void>;
}

/** How a message is read and written as plain data, one property a field. */
export interface MessageCodec<T> {
  /** Reads up to the end of the message that the reader is in. Throws MessageFormatError. */
  read(reader: ProtoReader): T;
  write(writer: Writer, value: T): void;
  /** Does the same as {@link read} and gives way between fields and inside of long ones; only where a message may be large. */
  readPaced?(reader: ProtoReader, pace: Pace): Promise<T>;
  /** The same for {@link write}. */
  writePaced?(writer: Writer, value: T, pace: Pace): Promise<void>;
}

/** A codec that a table of fields makes. */
export type TableCodec<T> = Required<MessageCodec<T>>;

/**
 * Makes a codec from a table of fields. For requests, lists and everything else that does not carry samples; those
 * have hand-written loops. Fields that the table does not name are skipped. Of a oneof each alternative is a field of
 * its own that is undefined where it was not chosen.
 */
export function messageCodec<T extends object>(fields: {
  readonly [K in keyof T]-?: FieldCodec<T[K]>;
}): TableCodec<T> {
  const entries = Object.entries<FieldCodec<unknown>>(fields as Record<string, FieldCodec<unknown>>);
  const byNumber = new Map(entries.map((entry) => [entry[1].number, entry]));
  const empty = (): Record<string, unknown> =>
    Object.fromEntries(entries.map(([name, field]) => [name, field.absent()]));
  return {
    read: (reader) => {
      const message = empty();
      while (reader.next()) {
        const entry = byNumber.get(reader.field);
        if (entry === undefined) reader.skip();
        else message[entry[0]] = entry[1].read(reader, message[entry[0]]);
      }
      return message as T;
    },
    write: (writer, value) => {
      for (const [name, field] of entries) field.write(writer, value[name as keyof T]);
    },
    readPaced: async (reader, pace) => {
      const message = empty();
      while (reader.next()) {
        const [name, field] = byNumber.get(reader.field) ?? [];
        if (name === undefined) reader.skip();
        else if (field!.readPaced === undefined) message[name] = field!.read(reader, message[name]);
        else message[name] = await field!.readPaced(reader, message[name], pace);
        if (pace.due()) await pace.breathe();
      }
      return message as T;
    },
    writePaced: async (writer, value, pace) => {
      for (const [name, field] of entries) {
        const member = value[name as keyof T];
        if (field.writePaced === undefined) field.write(writer, member);
        else await field.writePaced(writer, member, pace);
        if (pace.due()) await pace.breathe();
      }
    },
  };
}

/** Reads a message that is the field which the reader stands on. */
export function readEmbedded<T>(reader: ProtoReader, codec: MessageCodec<T>): T {
  const outer = reader.enter();
  const message = codec.read(reader);
  reader.leave(outer);
  return message;
}

/** Writes a message as a field. */
export function writeEmbedded<T>(writer: Writer, number: number, codec: MessageCodec<T>, value: T): void {
  writer.uint32(tag(number, WireType.delimited)).fork();
  codec.write(writer, value);
  writer.ldelim();
}

/** Throws MessageFormatError. */
export function decodeMessage<T>(codec: MessageCodec<T>, bytes: Uint8Array): T {
  return codec.read(new ProtoReader(bytes));
}

export function encodeMessage<T>(codec: MessageCodec<T>, value: T): Uint8Array {
  const writer = protobuf.Writer.create();
  codec.write(writer, value);
  return writer.finish();
}

/** The same as {@link decodeMessage} for a message that may be large: it gives way inside. Throws what the pace throws, too. */
export async function decodePaced<T>(codec: TableCodec<T>, bytes: Uint8Array, pace: Pace): Promise<T> {
  return codec.readPaced(new ProtoReader(bytes), pace);
}

/** The same as {@link encodeMessage} for a message that may be large: it gives way inside. Throws what the pace throws. */
export async function encodePaced<T>(codec: TableCodec<T>, value: T, pace: Pace): Promise<Uint8Array> {
  const writer = protobuf.Writer.create();
  await codec.writePaced(writer, value, pace);
  return writer.finish();
}

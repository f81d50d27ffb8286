import protobuf, { type Writer } from 'protobufjs/minimal.js';
import { ProtoReader } from './proto-reader.ts';

/** How one field of a message is read and written; the functions of `field-codecs.ts` make them. */
export interface FieldCodec<T> {
  readonly number: number;
  /** The value of a field that the bytes do not name: the default of proto3, or undefined for a message. */
  readonly absent: () => T;
  /** Reads one occurrence; `before` is what the field was so far, for repeated ones. */
  read(reader: ProtoReader, before: T): T;
  /** Writes the field, or nothing where it is {@link absent}. */
  write(writer: Writer, value: T): void;
}

/** How a message is read and written as plain data, one property a field. */
export interface MessageCodec<T> {
  /** Reads up to the end of the message that the reader is in. Throws MessageFormatError. */
  read(reader: ProtoReader): T;
  write(writer: Writer, value: T): void;
}

/**
 * Makes a codec from a table of fields. For requests, lists and everything else that does not carry samples; those
 * have hand-written loops. Fields that the table does not name are skipped. Of a oneof each alternative is a field of
 * its own that is undefined where it was not chosen.
 */
export function messageCodec<T extends object>(fields: {
  readonly [K in keyof T]-?: FieldCodec<T[K]>;
}): MessageCodec<T> {
  const entries = Object.entries<FieldCodec<unknown>>(fields as Record<string, FieldCodec<unknown>>);
  const byNumber = new Map(entries.map((entry) => [entry[1].number, entry]));
  return {
    read: (reader) => {
      const message = Object.fromEntries(entries.map(([name, field]) => [name, field.absent()]));
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
  };
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

import { bool, int32, optional, repeated, string, strings } from '../protobuf/field-codecs.ts';
import { WireType, tag } from '../protobuf/proto-reader.ts';
import {
  type FieldCodec,
  type MessageCodec,
  encodeMessage,
  messageCodec,
} from '../protobuf/message-codec.ts';

/** The part of google.protobuf.FileDescriptorProto (descriptor.proto) that the files in `proto/` need. */
export interface FileDescriptor {
  readonly name: string;
  readonly package: string;
  readonly dependency: readonly string[];
  readonly messageType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly service: readonly ServiceDescriptor[];
  /** `proto3`. */
  readonly syntax: string;
}

export interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly options: { readonly mapEntry: boolean } | undefined;
  readonly oneofDecl: readonly { readonly name: string }[];
}

export interface FieldDescriptor {
  readonly name: string;
  readonly number: number;
  /** 1 optional, 3 repeated. */
  readonly label: number;
  /** A number of FieldDescriptorProto.Type. */
  readonly type: number;
  /** `.package.Message` of messages and enums; empty for others. */
  readonly typeName: string;
  /** Undefined outside of a oneof. */
  readonly oneofIndex: number | undefined;
}

export interface EnumDescriptor {
  readonly name: string;
  readonly value: readonly { readonly name: string; readonly number: number }[];
}

export interface ServiceDescriptor {
  readonly name: string;
  readonly method: readonly MethodDescriptor[];
}

export interface MethodDescriptor {
  readonly name: string;
  /** `.package.Message`, as the output. */
  readonly inputType: string;
  readonly outputType: string;
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
}

/** The format is proto2's: a number that is 0 is written where it is set. */
function setInt32(number: number): FieldCodec<number> {
  return {
    ...int32(number),
    write: (writer, value) => {
      writer.uint32(tag(number, WireType.varint)).int32(value);
    },
  };
}

function optionalInt32(number: number): FieldCodec<number | undefined> {
  const set = setInt32(number);
  return {
    number,
    absent: () => undefined,
    read: (reader) => set.read(reader, 0),
    write: (writer, value) => {
      if (value !== undefined) set.write(writer, value);
    },
  };
}

const FIELD = messageCodec<FieldDescriptor>({
  name: string(1),
  number: int32(3),
  label: int32(4),
  type: int32(5),
  typeName: string(6),
  oneofIndex: optionalInt32(9),
});

const ENUM = messageCodec<EnumDescriptor>({
  name: string(1),
  value: repeated(
    2,
    messageCodec<{ readonly name: string; readonly number: number }>({
      name: string(1),
      number: setInt32(2),
    }),
  ),
});

const SERVICE = messageCodec<ServiceDescriptor>({
  name: string(1),
  method: repeated(
    2,
    messageCodec<MethodDescriptor>({
      name: string(1),
      inputType: string(2),
      outputType: string(3),
      clientStreaming: bool(5),
      serverStreaming: bool(6),
    }),
  ),
});

/** Messages nest, so their codec names itself. */
const SELF: MessageCodec<MessageDescriptor> = {
  read: (reader) => MESSAGE.read(reader),
  write: (writer, value) => MESSAGE.write(writer, value),
};

const MESSAGE: MessageCodec<MessageDescriptor> = messageCodec<MessageDescriptor>({
  name: string(1),
  field: repeated(2, FIELD),
  nestedType: repeated(3, SELF),
  enumType: repeated(4, ENUM),
  options: optional(7, messageCodec<{ readonly mapEntry: boolean }>({ mapEntry: bool(7) })),
  oneofDecl: repeated(8, messageCodec<{ readonly name: string }>({ name: string(1) })),
});

const FILE = messageCodec<FileDescriptor>({
  name: string(1),
  package: string(2),
  dependency: strings(3),
  messageType: repeated(4, MESSAGE),
  enumType: repeated(5, ENUM),
  service: repeated(6, SERVICE),
  syntax: string(12),
});

export function encodeFileDescriptor(file: FileDescriptor): Uint8Array {
  return encodeMessage(FILE, file);
}

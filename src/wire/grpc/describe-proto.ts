import protobuf from 'protobufjs';
import type {
  EnumDescriptor,
  FieldDescriptor,
  MessageDescriptor,
  ServiceDescriptor,
} from './file-descriptor.ts';

/** Gives the full name of a message or enum that something refers to, with a dot in front. */
export type TypeNames = (type: protobuf.Type | protobuf.Enum) => string;

const OPTIONAL = 1;
const REPEATED = 3;

/** google.protobuf.FieldDescriptorProto.Type. */
const FIELD_TYPES = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  message: 11,
  bytes: 12,
  uint32: 13,
  enum: 14,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
} as const;

/** A message with all that it declares inside. */
export function describeMessage(type: protobuf.Type, nameOf: TypeNames): MessageDescriptor {
  const nested = type.nestedArray;
  const entries = type.fieldsArray.filter((field) => field instanceof protobuf.MapField);
  return {
    name: type.name,
    field: type.fieldsArray.map((field) => describeField(field, type, nameOf)),
    nestedType: [
      ...nested
        .filter((object) => object instanceof protobuf.Type)
        .map((inner) => describeMessage(inner, nameOf)),
      ...entries.map((field) => describeMapEntry(field, nameOf)),
    ],
    enumType: nested.filter((object) => object instanceof protobuf.Enum).map(describeEnum),
    options: undefined,
    oneofDecl: type.oneofsArray.map(({ name }) => ({ name })),
  };
}

function describeField(field: protobuf.Field, type: protobuf.Type, nameOf: TypeNames): FieldDescriptor {
  const oneofIndex = field.partOf === null ? -1 : type.oneofsArray.indexOf(field.partOf);
  const typed =
    field instanceof protobuf.MapField
      ? { type: FIELD_TYPES.message, typeName: `${type.fullName}.${entryName(field)}` }
      : typeOf(field, nameOf);
  return {
    name: field.name,
    number: field.id,
    label: field.repeated || field instanceof protobuf.MapField ? REPEATED : OPTIONAL,
    ...typed,
    oneofIndex: oneofIndex === -1 ? undefined : oneofIndex,
  };
}

/** A map is a list of messages of key and value. */
function describeMapEntry(field: protobuf.MapField, nameOf: TypeNames): MessageDescriptor {
  const common = { label: OPTIONAL, oneofIndex: undefined };
  return {
    name: entryName(field),
    field: [
      { name: 'key', number: 1, type: scalarType(field.keyType), typeName: '', ...common },
      { name: 'value', number: 2, ...typeOf(field, nameOf), ...common },
    ],
    nestedType: [],
    enumType: [],
    options: { mapEntry: true },
    oneofDecl: [],
  };
}

/** `word_counts` becomes `WordCountsEntry`, as protoc names it. */
function entryName({ name }: protobuf.MapField): string {
  return `${name.replace(/(?:^|_)(?<letter>.)/g, (_, letter: string) => letter.toUpperCase())}Entry`;
}

/** Protobufjs resolves what is no scalar type to a message or enum, or throws. */
function scalarType(name: string): number {
  return FIELD_TYPES[name as keyof typeof FIELD_TYPES];
}

function typeOf(
  field: Pick<protobuf.Field, 'type' | 'resolvedType'>,
  nameOf: TypeNames,
): Pick<FieldDescriptor, 'type' | 'typeName'> {
  const { resolvedType } = field;
  if (resolvedType === null) return { type: scalarType(field.type), typeName: '' };
  const type = resolvedType instanceof protobuf.Enum ? FIELD_TYPES.enum : FIELD_TYPES.message;
  return { type, typeName: nameOf(resolvedType) };
}

export function describeEnum({ name, values }: protobuf.Enum): EnumDescriptor {
  return { name, value: Object.entries(values).map(([key, number]) => ({ name: key, number })) };
}

export function describeService(
  { name, methodsArray }: protobuf.Service,
  nameOf: TypeNames,
): ServiceDescriptor {
  return {
    name,
    method: methodsArray.map((method) => ({
      name: method.name,
      inputType: nameOf(method.resolvedRequestType!),
      outputType: nameOf(method.resolvedResponseType!),
      clientStreaming: method.requestStream === true,
      serverStreaming: method.responseStream === true,
    })),
  };
}

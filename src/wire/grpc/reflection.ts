import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  bytes,
  int32,
  optional,
  optionalString,
  repeated,
  required,
  string,
} from '../protobuf/field-codecs.ts';
import type { FieldCodec } from '../protobuf/message-codec.ts';
import { decodeMessage, encodeMessage, messageCodec } from '../protobuf/message-codec.ts';

/** grpc.reflection.v1.ServerReflectionRequest. One of the last three is set. */
export interface ReflectionRequest {
  readonly host: string;
  readonly fileByFilename: string | undefined;
  /** The full name of a service, method, message, field or enum. */
  readonly fileContainingSymbol: string | undefined;
  readonly listServices: string | undefined;
}

/** grpc.reflection.v1.ServerReflectionResponse. One of the last three is set. */
export interface ReflectionResponse {
  readonly validHost: string;
  readonly originalRequest: ReflectionRequest;
  readonly files: FileDescriptors | undefined;
  readonly services: ServiceList | undefined;
  readonly error: ReflectionError | undefined;
}

interface FileDescriptors {
  /** Each a google.protobuf.FileDescriptorProto. */
  readonly fileDescriptorProto: readonly Uint8Array[];
}

interface ServiceList {
  readonly service: readonly { readonly name: string }[];
}

interface ReflectionError {
  /** A status code of gRPC. */
  readonly errorCode: number;
  readonly errorMessage: string;
}

const REQUEST = messageCodec<ReflectionRequest>({
  host: string(1),
  fileByFilename: optionalString(3),
  fileContainingSymbol: optionalString(4),
  listServices: optionalString(7),
});

const NO_REQUEST: ReflectionRequest = {
  host: '',
  fileByFilename: undefined,
  fileContainingSymbol: undefined,
  listServices: undefined,
};

const RESPONSE = messageCodec<ReflectionResponse>({
  validHost: string(1),
  originalRequest: required(2, REQUEST, () => NO_REQUEST),
  files: optional(4, messageCodec<FileDescriptors>({ fileDescriptorProto: byteStrings(1) })),
  services: optional(
    6,
    messageCodec<ServiceList>({
      service: repeated(1, messageCodec<{ readonly name: string }>({ name: string(1) })),
    }),
  ),
  error: optional(7, messageCodec<ReflectionError>({ errorCode: int32(1), errorMessage: string(2) })),
});

function byteStrings(number: number): FieldCodec<readonly Uint8Array[]> {
  const one = bytes(number);
  return {
    number,
    absent: () => [],
    read: (reader, before) => [...before, one.read(reader, one.absent())],
    write: (writer, values) => {
      for (const value of values) one.write(writer, value);
    },
  };
}

export function encodeReflectionRequest(request: ReflectionRequest): Uint8Array {
  return encodeMessage(REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeReflectionRequest(message: Uint8Array): ReflectionRequest {
  return decodeRequest(REQUEST, message);
}

export function encodeReflectionResponse(response: ReflectionResponse): Uint8Array {
  return encodeMessage(RESPONSE, response);
}

export function decodeReflectionResponse(message: Uint8Array): ReflectionResponse {
  return decodeMessage(RESPONSE, message);
}

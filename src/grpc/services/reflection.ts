import { status } from '@grpc/grpc-js';
import {
  decodeReflectionRequest,
  encodeReflectionResponse,
  type ReflectionRequest,
  type ReflectionResponse,
} from '../../wire/grpc/reflection.ts';
import { loadReflectedFiles, type ReflectedFiles } from '../reflected-files.ts';
import type { Service } from '../service.ts';

/** Both names of gRPC's reflection service. */
export const REFLECTION_SERVICES = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

/** Describes what the server offers. `services` are all of its services. Files are read at the first request. */
export function reflectionServices(services: readonly string[]): readonly Service[] {
  let files: ReflectedFiles | undefined;
  return REFLECTION_SERVICES.map((name) => ({
    name,
    methods: [
      {
        kind: 'dialogue',
        access: 'open',
        name: 'ServerReflectionInfo',
        answer: (message) => {
          const request = decodeReflectionRequest(message);
          const common = { validHost: request.host, originalRequest: request };
          const answer = answerOf(request, services, (files ??= loadReflectedFiles()));
          return encodeReflectionResponse({ ...NO_ANSWER, ...common, ...answer });
        },
      },
    ],
  }));
}

type Answer = Partial<Pick<ReflectionResponse, 'files' | 'services' | 'error'>>;

const NO_ANSWER = { files: undefined, services: undefined, error: undefined };

function answerOf(
  { listServices, fileByFilename, fileContainingSymbol }: ReflectionRequest,
  services: readonly string[],
  files: ReflectedFiles,
): Answer {
  if (listServices !== undefined) return { services: { service: services.map((name) => ({ name })) } };
  if (fileByFilename !== undefined) return filesOrError(files.byName(fileByFilename), fileByFilename);
  if (fileContainingSymbol !== undefined)
    return filesOrError(files.bySymbol(fileContainingSymbol), fileContainingSymbol);
  return {
    error: {
      errorCode: status.UNIMPLEMENTED,
      errorMessage: 'this server does not answer this kind of reflection request',
    },
  };
}

function filesOrError(found: readonly Uint8Array[] | undefined, what: string): Answer {
  return found === undefined
    ? { error: { errorCode: status.NOT_FOUND, errorMessage: `${what} is unknown here` } }
    : { files: { fileDescriptorProto: found } };
}

import { decodeRequest } from '../protobuf/decode-request.ts';
import { enumeration, string } from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec } from '../protobuf/message-codec.ts';

/** grpc.health.v1.HealthCheckResponse.ServingStatus. */
export const ServingStatus = { unknown: 0, serving: 1, notServing: 2, serviceUnknown: 3 } as const;

export interface HealthCheckRequest {
  /** Empty means the whole server. */
  readonly service: string;
}

export interface HealthCheckResponse {
  /** A number of {@link ServingStatus}. */
  readonly status: number;
}

const HEALTH_REQUEST = messageCodec<HealthCheckRequest>({ service: string(1) });
const HEALTH_RESPONSE = messageCodec<HealthCheckResponse>({ status: enumeration(1) });

export function encodeHealthCheckRequest(request: HealthCheckRequest): Uint8Array {
  return encodeMessage(HEALTH_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeHealthCheckRequest(bytes: Uint8Array): HealthCheckRequest {
  return decodeRequest(HEALTH_REQUEST, bytes);
}

export function encodeHealthCheckResponse(response: HealthCheckResponse): Uint8Array {
  return encodeMessage(HEALTH_RESPONSE, response);
}

export function decodeHealthCheckResponse(bytes: Uint8Array): HealthCheckResponse {
  return decodeMessage(HEALTH_RESPONSE, bytes);
}

import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  enumeration,
  int32,
  map,
  optional,
  optionalString,
  repeated,
  string,
} from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec, type TableCodec } from '../protobuf/message-codec.ts';

export interface MetricMetadataRequest {
  /** Empty means all. */
  readonly metric: string;
  /** Metrics at most; below 0 means no limit. */
  readonly limit: number;
  readonly partialResponseStrategy: number;
}

/** One of the two is set. */
export interface MetricMetadataResponse {
  readonly metadata: MetricMetadata | undefined;
  readonly warning: string | undefined;
}

export interface MetricMetadata {
  /** By metric. */
  readonly metadata: ReadonlyMap<string, { readonly metas: readonly MetadataEntry[] }>;
}

export interface MetadataEntry {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

const METADATA_REQUEST = messageCodec<MetricMetadataRequest>({
  metric: string(1),
  limit: int32(2),
  partialResponseStrategy: enumeration(3),
});

const ENTRY = messageCodec<{ readonly metas: readonly MetadataEntry[] }>({
  metas: repeated(2, messageCodec<MetadataEntry>({ type: string(1), help: string(2), unit: string(3) })),
});

export const METADATA_RESPONSE: TableCodec<MetricMetadataResponse> = messageCodec<MetricMetadataResponse>({
  metadata: optional(1, messageCodec<MetricMetadata>({ metadata: map(1, ENTRY, () => ({ metas: [] })) })),
  warning: optionalString(2),
});

export function encodeMetricMetadataRequest(request: MetricMetadataRequest): Uint8Array {
  return encodeMessage(METADATA_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeMetricMetadataRequest(bytes: Uint8Array): MetricMetadataRequest {
  return decodeRequest(METADATA_REQUEST, bytes);
}

export function encodeMetricMetadataResponse(response: MetricMetadataResponse): Uint8Array {
  return encodeMessage(METADATA_RESPONSE, response);
}

export function decodeMetricMetadataResponse(bytes: Uint8Array): MetricMetadataResponse {
  return decodeMessage(METADATA_RESPONSE, bytes);
}

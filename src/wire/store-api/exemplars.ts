import type { Labels } from '../../model/labels.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  double,
  enumeration,
  int64,
  optional,
  optionalString,
  repeated,
  string,
} from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec, type TableCodec } from '../protobuf/message-codec.ts';
import { labelSet } from './label-set.ts';

/** Times in ms since the epoch, both inclusive. */
export interface ExemplarsRequest {
  /** Its selectors choose the series. */
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly partialResponseStrategy: number;
}

/** One of the two is set. */
export interface ExemplarsResponse {
  readonly data: ExemplarData | undefined;
  readonly warning: string | undefined;
}

export interface ExemplarData {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly Exemplar[];
}

export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  /** ms since the epoch. */
  readonly ts: number;
}

const EXEMPLARS_REQUEST = messageCodec<ExemplarsRequest>({
  query: string(1),
  start: int64(2),
  end: int64(3),
  partialResponseStrategy: enumeration(4),
});

export const EXEMPLARS_RESPONSE: TableCodec<ExemplarsResponse> = messageCodec<ExemplarsResponse>({
  data: optional(
    1,
    messageCodec<ExemplarData>({
      seriesLabels: labelSet(1),
      exemplars: repeated(2, messageCodec<Exemplar>({ labels: labelSet(1), value: double(2), ts: int64(3) })),
    }),
  ),
  warning: optionalString(2),
});

export function encodeExemplarsRequest(request: ExemplarsRequest): Uint8Array {
  return encodeMessage(EXEMPLARS_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeExemplarsRequest(bytes: Uint8Array): ExemplarsRequest {
  return decodeRequest(EXEMPLARS_REQUEST, bytes);
}

export function encodeExemplarsResponse(response: ExemplarsResponse): Uint8Array {
  return encodeMessage(EXEMPLARS_RESPONSE, response);
}

export function decodeExemplarsResponse(bytes: Uint8Array): ExemplarsResponse {
  return decodeMessage(EXEMPLARS_RESPONSE, bytes);
}

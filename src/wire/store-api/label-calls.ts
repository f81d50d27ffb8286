import type { Matcher } from '../../model/matcher.ts';
import type { Pace } from '../../model/pacer.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import { bool, enumeration, int64, matchers, optional, string, strings } from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec } from '../protobuf/message-codec.ts';
import { ProtoReader } from '../protobuf/proto-reader.ts';
import { ANY_MESSAGE, type AnyMessage } from './any-message.ts';
import { MERGES_REPLICAS, type MergesReplicas } from './merges-replicas.ts';
import type { PartialResponseRequest } from './partial-response.ts';

/** thanos.LabelNamesRequest. Times in ms since the epoch, both inclusive. */
export interface LabelNamesRequest extends PartialResponseRequest, MergesReplicas {
  readonly start: number;
  readonly end: number;
  readonly hints: AnyMessage | undefined;
  readonly matchers: readonly Matcher[];
  readonly withoutReplicaLabels: readonly string[];
  /** 0 means no limit. */
  readonly limit: number;
}

export interface LabelNamesResponse {
  readonly names: readonly string[];
  readonly warnings: readonly string[];
  readonly hints: AnyMessage | undefined;
}

/** thanos.LabelValuesRequest. */
export interface LabelValuesRequest extends LabelNamesRequest {
  readonly label: string;
}

export interface LabelValuesResponse {
  readonly values: readonly string[];
  readonly warnings: readonly string[];
  readonly hints: AnyMessage | undefined;
}

const NAMES_REQUEST = messageCodec<LabelNamesRequest>({
  partialResponseDisabled: bool(1),
  partialResponseStrategy: enumeration(2),
  start: int64(3),
  end: int64(4),
  hints: optional(5, ANY_MESSAGE),
  matchers: matchers(6),
  withoutReplicaLabels: strings(7),
  limit: int64(8),
  mergesReplicas: MERGES_REPLICAS,
});

const NAMES_RESPONSE_FIELDS = { names: strings(1), warnings: strings(2), hints: optional(3, ANY_MESSAGE) };
const NAMES_RESPONSE = messageCodec<LabelNamesResponse>(NAMES_RESPONSE_FIELDS);

/** How many texts pass between two looks at the clock. */
const LOOK_EVERY = 64;

const VALUES_REQUEST = messageCodec<LabelValuesRequest>({
  label: string(1),
  partialResponseDisabled: bool(2),
  partialResponseStrategy: enumeration(3),
  start: int64(4),
  end: int64(5),
  hints: optional(6, ANY_MESSAGE),
  matchers: matchers(7),
  withoutReplicaLabels: strings(8),
  limit: int64(9),
  mergesReplicas: MERGES_REPLICAS,
});

const VALUES_RESPONSE = messageCodec<LabelValuesResponse>({
  values: strings(1),
  warnings: strings(2),
  hints: optional(3, ANY_MESSAGE),
});

export function encodeLabelNamesRequest(request: LabelNamesRequest): Uint8Array {
  return encodeMessage(NAMES_REQUEST, request);
}

/** Throws MessageFormatError, as all decoders here. */
export function decodeLabelNamesRequest(bytes: Uint8Array): LabelNamesRequest {
  return decodeRequest(NAMES_REQUEST, bytes);
}

export function encodeLabelNamesResponse(response: LabelNamesResponse): Uint8Array {
  return encodeMessage(NAMES_RESPONSE, response);
}

export function decodeLabelNamesResponse(bytes: Uint8Array): LabelNamesResponse {
  return decodeMessage(NAMES_RESPONSE, bytes);
}

export function encodeLabelValuesRequest(request: LabelValuesRequest): Uint8Array {
  return encodeMessage(VALUES_REQUEST, request);
}

export function decodeLabelValuesRequest(bytes: Uint8Array): LabelValuesRequest {
  return decodeRequest(VALUES_REQUEST, bytes);
}

/** What the answers to both calls hold: names or values, and warnings. */
export interface ListedTexts {
  readonly texts: readonly string[];
  readonly warnings: readonly string[];
}

/** Both answers have their texts in the first field and warnings in the second one. Lists can be long: gives way on the way. */
export async function readTexts(bytes: Uint8Array, pace: Pace): Promise<ListedTexts> {
  const reader = new ProtoReader(bytes);
  const texts: string[] = [];
  const warnings: string[] = [];
  for (let count = 1; reader.next(); count++) {
    if (reader.field === NAMES_RESPONSE_FIELDS.names.number) texts.push(reader.string());
    else if (reader.field === NAMES_RESPONSE_FIELDS.warnings.number) warnings.push(reader.string());
    else reader.skip();
    if (count % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
  }
  return { texts, warnings };
}

export function encodeLabelValuesResponse(response: LabelValuesResponse): Uint8Array {
  return encodeMessage(VALUES_RESPONSE, response);
}

export function decodeLabelValuesResponse(bytes: Uint8Array): LabelValuesResponse {
  return decodeMessage(VALUES_RESPONSE, bytes);
}

import type { Instant } from '../../model/instant.ts';
import type { Labels } from '../../model/labels.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import { double, enumeration, optional, optionalString, repeated, string } from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec, type TableCodec } from '../protobuf/message-codec.ts';
import { labelSet } from './label-set.ts';
import { timestamp } from './timestamp.ts';

/** thanos.TargetsRequest.State. */
export const TargetState = { any: 0, active: 1, dropped: 2 } as const;

/** thanos.TargetHealth. */
export const TargetHealth = { down: 0, up: 1, unknown: 2 } as const;

export interface TargetsRequest {
  /** A number of {@link TargetState}. */
  readonly state: number;
  readonly partialResponseStrategy: number;
}

/** One of the two is set. */
export interface TargetsResponse {
  readonly targets: TargetDiscovery | undefined;
  readonly warning: string | undefined;
}

export interface TargetDiscovery {
  readonly activeTargets: readonly ActiveTarget[];
  readonly droppedTargets: readonly DroppedTarget[];
}

export interface ActiveTarget {
  readonly discoveredLabels: Labels;
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly globalUrl: string;
  readonly lastError: string;
  readonly lastScrape: Instant;
  /** s */
  readonly lastScrapeDuration: number;
  /** A number of {@link TargetHealth}. */
  readonly health: number;
}

export interface DroppedTarget {
  readonly discoveredLabels: Labels;
}

const TARGETS_REQUEST = messageCodec<TargetsRequest>({
  state: enumeration(1),
  partialResponseStrategy: enumeration(2),
});

const ACTIVE_TARGET = messageCodec<ActiveTarget>({
  discoveredLabels: labelSet(1),
  labels: labelSet(2),
  scrapePool: string(3),
  scrapeUrl: string(4),
  globalUrl: string(5),
  lastError: string(6),
  lastScrape: timestamp(7),
  lastScrapeDuration: double(8),
  health: enumeration(9),
});

export const TARGETS_RESPONSE: TableCodec<TargetsResponse> = messageCodec<TargetsResponse>({
  targets: optional(
    1,
    messageCodec<TargetDiscovery>({
      activeTargets: repeated(1, ACTIVE_TARGET),
      droppedTargets: repeated(2, messageCodec<DroppedTarget>({ discoveredLabels: labelSet(1) })),
    }),
  ),
  warning: optionalString(2),
});

export function encodeTargetsRequest(request: TargetsRequest): Uint8Array {
  return encodeMessage(TARGETS_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeTargetsRequest(bytes: Uint8Array): TargetsRequest {
  return decodeRequest(TARGETS_REQUEST, bytes);
}

export function encodeTargetsResponse(response: TargetsResponse): Uint8Array {
  return encodeMessage(TARGETS_RESPONSE, response);
}

export function decodeTargetsResponse(bytes: Uint8Array): TargetsResponse {
  return decodeMessage(TARGETS_RESPONSE, bytes);
}

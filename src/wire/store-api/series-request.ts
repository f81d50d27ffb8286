import type { Matcher } from '../../model/matcher.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  bool,
  enumeration,
  enumerations,
  int64,
  matchers,
  optional,
  string,
  strings,
} from '../protobuf/field-codecs.ts';
import { type MessageCodec, encodeMessage, messageCodec } from '../protobuf/message-codec.ts';
import { ANY_MESSAGE, type AnyMessage } from './any-message.ts';
import { MERGES_REPLICAS, type MergesReplicas } from './merges-replicas.ts';
import { PartialResponseStrategy, type PartialResponseRequest } from './partial-response.ts';

/** thanos.Aggr: what downsampled data keep of each window. */
export const Aggregate = { raw: 0, count: 1, sum: 2, min: 3, max: 4, counter: 5 } as const;

/** thanos.SeriesRequest. Times in ms since the epoch, both ends inclusive; durations in ms. */
export interface SeriesRequest extends PartialResponseRequest, MergesReplicas {
  readonly minTime: number;
  readonly maxTime: number;
  readonly matchers: readonly Matcher[];
  /** Coarsest downsampling that may be answered; 0 asks for raw samples alone. */
  readonly maxResolutionWindow: number;
  /** Numbers of {@link Aggregate}. */
  readonly aggregates: readonly number[];
  readonly skipChunks: boolean;
  readonly hints: AnyMessage | undefined;
  /** Older form of what {@link queryHints} say, as is `range`. */
  readonly step: number;
  readonly range: number;
  readonly queryHints: QueryHints | undefined;
  readonly shardInfo: ShardInfo | undefined;
  readonly withoutReplicaLabels: readonly string[];
  /** Series; 0 means no limit. */
  readonly limit: number;
  /** Series in one response at most; 0 and 1: one. */
  readonly responseBatchSize: number;
}

export interface QueryHints {
  readonly stepMillis: number;
  readonly func: { readonly name: string } | undefined;
  readonly grouping: { readonly by: boolean; readonly labels: readonly string[] } | undefined;
  readonly range: { readonly millis: number } | undefined;
  readonly projectionLabels: readonly string[];
  readonly projectionInclude: boolean;
}

/** Asks for those series alone whose hash over some labels falls to shard `shardIndex`. */
export interface ShardInfo {
  readonly shardIndex: number;
  readonly totalShards: number;
  readonly by: boolean;
  readonly labels: readonly string[];
}

/** A request with the defaults of proto3, to be spread. */
export const EMPTY_SERIES_REQUEST: SeriesRequest = {
  minTime: 0,
  maxTime: 0,
  matchers: [],
  maxResolutionWindow: 0,
  aggregates: [],
  partialResponseDisabled: false,
  partialResponseStrategy: PartialResponseStrategy.warn,
  skipChunks: false,
  hints: undefined,
  step: 0,
  range: 0,
  queryHints: undefined,
  shardInfo: undefined,
  withoutReplicaLabels: [],
  limit: 0,
  responseBatchSize: 0,
  mergesReplicas: false,
};

const QUERY_HINTS = messageCodec<QueryHints>({
  stepMillis: int64(1),
  func: optional(2, messageCodec<{ readonly name: string }>({ name: string(1) })),
  grouping: optional(
    4,
    messageCodec<{ readonly by: boolean; readonly labels: readonly string[] }>({
      by: bool(1),
      labels: strings(3),
    }),
  ),
  range: optional(5, messageCodec<{ readonly millis: number }>({ millis: int64(1) })),
  projectionLabels: strings(6),
  projectionInclude: bool(7),
});

export const SHARD_INFO: MessageCodec<ShardInfo> = messageCodec<ShardInfo>({
  shardIndex: int64(1),
  totalShards: int64(2),
  by: bool(3),
  labels: strings(4),
});

const SERIES_REQUEST = messageCodec<SeriesRequest>({
  minTime: int64(1),
  maxTime: int64(2),
  matchers: matchers(3),
  maxResolutionWindow: int64(4),
  aggregates: enumerations(5),
  partialResponseDisabled: bool(6),
  partialResponseStrategy: enumeration(7),
  skipChunks: bool(8),
  hints: optional(9, ANY_MESSAGE),
  step: int64(10),
  range: int64(11),
  queryHints: optional(12, QUERY_HINTS),
  shardInfo: optional(13, SHARD_INFO),
  withoutReplicaLabels: strings(14),
  limit: int64(15),
  responseBatchSize: int64(16),
  mergesReplicas: MERGES_REPLICAS,
});

export function encodeSeriesRequest(request: SeriesRequest): Uint8Array {
  return encodeMessage(SERIES_REQUEST, request);
}

/** Throws MessageFormatError. */
export function decodeSeriesRequest(bytes: Uint8Array): SeriesRequest {
  return decodeRequest(SERIES_REQUEST, bytes);
}

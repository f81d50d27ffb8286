import type { Matcher } from '../../model/matcher.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  bool,
  bytes,
  enumeration,
  int64,
  matchers,
  optional,
  repeated,
  string,
  strings,
} from '../protobuf/field-codecs.ts';
import { encodeMessage, messageCodec } from '../protobuf/message-codec.ts';
import { SHARD_INFO, type ShardInfo } from './series-request.ts';

/** What thanos.QueryRequest and thanos.QueryRangeRequest have in common. Times and durations in whole seconds. */
interface QueryOptions {
  readonly query: string;
  /** A plan of Thanos' own engine, as JSON; `query` says the same in PromQL. */
  readonly queryPlan: { readonly json: Uint8Array } | undefined;
  readonly timeoutSeconds: number;
  readonly maxResolutionSeconds: number;
  readonly replicaLabels: readonly string[];
  /** Alternatives that name stores by their labels. */
  readonly storeMatchers: readonly { readonly labelMatchers: readonly Matcher[] }[];
  readonly enableDedup: boolean;
  readonly enablePartialResponse: boolean;
  readonly skipChunks: boolean;
  readonly shardInfo: ShardInfo | undefined;
  /** 0 means the server's own. */
  readonly lookbackDeltaSeconds: number;
  /** thanos.EngineType: default, prometheus, thanos. */
  readonly engine: number;
  /** Series in one response at most; 0 and 1: one. */
  readonly responseBatchSize: number;
}

export interface QueryRequest extends QueryOptions {
  /** s since the epoch; 0 means now. */
  readonly timeSeconds: number;
}

export interface QueryRangeRequest extends QueryOptions {
  /** s since the epoch, both inclusive. */
  readonly startTimeSeconds: number;
  readonly endTimeSeconds: number;
  readonly intervalSeconds: number;
  /** Between gateways alone: stands in the place of the query and its times. The query is empty then, which all others refuse. */
  readonly part: PartOfQuery | undefined;
}

/** A part of an aggregation that a gateway below is to compute. Times in ms since the epoch, durations in ms. */
export interface PartOfQuery {
  readonly query: string;
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly step: number;
  readonly lookbackDelta: number;
  /** How it has to be evaluated, see `InfoResponse.engine`. */
  readonly engine: string;
  /** How replicas have to become one. */
  readonly dedupMode: string;
}

const QUERY_PLAN = messageCodec<{ readonly json: Uint8Array }>({ json: bytes(1) });
const STORE_MATCHERS = messageCodec<{ readonly labelMatchers: readonly Matcher[] }>({
  labelMatchers: matchers(1),
});

const PART_OF_QUERY = messageCodec<PartOfQuery>({
  query: string(1),
  start: int64(2),
  end: int64(3),
  step: int64(4),
  lookbackDelta: int64(5),
  engine: string(6),
  dedupMode: string(7),
});

const QUERY_REQUEST = messageCodec<QueryRequest>({
  query: string(1),
  timeSeconds: int64(2),
  timeoutSeconds: int64(3),
  maxResolutionSeconds: int64(4),
  replicaLabels: strings(5),
  storeMatchers: repeated(6, STORE_MATCHERS),
  enableDedup: bool(7),
  enablePartialResponse: bool(8),
  skipChunks: bool(10),
  shardInfo: optional(11, SHARD_INFO),
  lookbackDeltaSeconds: int64(12),
  engine: enumeration(13),
  queryPlan: optional(14, QUERY_PLAN),
  responseBatchSize: int64(15),
});

const QUERY_RANGE_REQUEST = messageCodec<QueryRangeRequest>({
  query: string(1),
  startTimeSeconds: int64(2),
  endTimeSeconds: int64(3),
  intervalSeconds: int64(4),
  timeoutSeconds: int64(5),
  maxResolutionSeconds: int64(6),
  replicaLabels: strings(7),
  storeMatchers: repeated(8, STORE_MATCHERS),
  enableDedup: bool(9),
  enablePartialResponse: bool(10),
  skipChunks: bool(12),
  shardInfo: optional(13, SHARD_INFO),
  lookbackDeltaSeconds: int64(14),
  engine: enumeration(15),
  queryPlan: optional(16, QUERY_PLAN),
  responseBatchSize: int64(17),
  // Thanos skips numbers that it does not know.
  part: optional(77_001, PART_OF_QUERY),
});

export function encodeQueryRequest(request: QueryRequest): Uint8Array {
  return encodeMessage(QUERY_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeQueryRequest(bytes: Uint8Array): QueryRequest {
  return decodeRequest(QUERY_REQUEST, bytes);
}

export function encodeQueryRangeRequest(request: QueryRangeRequest): Uint8Array {
  return encodeMessage(QUERY_RANGE_REQUEST, request);
}

export function decodeQueryRangeRequest(bytes: Uint8Array): QueryRangeRequest {
  return decodeRequest(QUERY_RANGE_REQUEST, bytes);
}

import type { Matcher } from '../../model/matcher.ts';
import type { HeadStatistics, Statistic, TsdbStatistics } from '../../model/tsdb-statistics.ts';
import { decodeRequest } from '../protobuf/decode-request.ts';
import {
  enumeration,
  int32,
  int64,
  map,
  matchers,
  optional,
  optionalString,
  repeated,
  required,
  string,
  uint64,
} from '../protobuf/field-codecs.ts';
import { decodeMessage, encodeMessage, messageCodec, type TableCodec } from '../protobuf/message-codec.ts';

export interface TsdbStatisticsRequest {
  /** Older form of the matchers. */
  readonly tenant: string;
  readonly limit: number;
  readonly partialResponseStrategy: number;
  readonly matchers: readonly Matcher[];
}

/** One of the two is set. */
export interface TsdbStatisticsResponse {
  readonly statistics: StatisticsByTenant | undefined;
  readonly warning: string | undefined;
}

interface StatisticsByTenant {
  readonly statistics: ReadonlyMap<string, TsdbStatistics>;
}

const STATISTICS_REQUEST = messageCodec<TsdbStatisticsRequest>({
  tenant: string(1),
  limit: int32(2),
  partialResponseStrategy: enumeration(3),
  matchers: matchers(4),
});

const HEAD = messageCodec<HeadStatistics>({
  numSeries: uint64(1),
  numLabelPairs: int64(2),
  chunkCount: int64(3),
  minTime: int64(4),
  maxTime: int64(5),
});

const NO_HEAD: HeadStatistics = { numSeries: 0, numLabelPairs: 0, chunkCount: 0, minTime: 0, maxTime: 0 };

const STATISTIC = messageCodec<Statistic>({ name: string(1), value: uint64(2) });

const ENTRY = messageCodec<TsdbStatistics>({
  headStatistics: required(1, HEAD, () => NO_HEAD),
  seriesCountByMetricName: repeated(2, STATISTIC),
  labelValueCountByLabelName: repeated(3, STATISTIC),
  memoryInBytesByLabelName: repeated(4, STATISTIC),
  seriesCountByLabelValuePair: repeated(5, STATISTIC),
});

const NO_ENTRY: TsdbStatistics = {
  headStatistics: NO_HEAD,
  seriesCountByMetricName: [],
  labelValueCountByLabelName: [],
  memoryInBytesByLabelName: [],
  seriesCountByLabelValuePair: [],
};

export const STATISTICS_RESPONSE: TableCodec<TsdbStatisticsResponse> = messageCodec<TsdbStatisticsResponse>({
  statistics: optional(1, messageCodec<StatisticsByTenant>({ statistics: map(1, ENTRY, () => NO_ENTRY) })),
  warning: optionalString(2),
});

export function encodeTsdbStatisticsRequest(request: TsdbStatisticsRequest): Uint8Array {
  return encodeMessage(STATISTICS_REQUEST, request);
}

/** Throws MessageFormatError, as does the other. */
export function decodeTsdbStatisticsRequest(bytes: Uint8Array): TsdbStatisticsRequest {
  return decodeRequest(STATISTICS_REQUEST, bytes);
}

export function encodeTsdbStatisticsResponse(response: TsdbStatisticsResponse): Uint8Array {
  return encodeMessage(STATISTICS_RESPONSE, response);
}

export function decodeTsdbStatisticsResponse(bytes: Uint8Array): TsdbStatisticsResponse {
  return decodeMessage(STATISTICS_RESPONSE, bytes);
}

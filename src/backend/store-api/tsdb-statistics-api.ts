import type { TenantStatistics } from '../../model/tsdb-statistics.ts';
import type {
  TsdbStatisticsRequest as RequestMessage,
  TsdbStatisticsResponse,
} from '../../wire/store-api/tsdb-statistics.ts';
import type { TsdbStatisticsRequest } from '../list-calls.ts';

export function tsdbStatisticsRequest(
  { limit, matchers }: TsdbStatisticsRequest,
  partialResponseStrategy: number,
): RequestMessage {
  return {
    tenant: '',
    limit: limit ?? 0,
    partialResponseStrategy,
    matchers,
  };
}

export function readTsdbStatistics({ statistics }: TsdbStatisticsResponse): readonly TenantStatistics[] {
  return [...(statistics?.statistics ?? [])].map(([tenant, entry]) => ({ tenant, statistics: entry }));
}

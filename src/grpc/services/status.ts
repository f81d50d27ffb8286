import { toleratesLoss } from '../../wire/store-api/partial-response.ts';
import {
  decodeTsdbStatisticsRequest,
  encodeTsdbStatisticsResponse,
} from '../../wire/store-api/tsdb-statistics.ts';
import type { GrpcContext, Service } from '../service.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Status`: what the databases of all endpoints hold, by tenant, in one message. */
export function statusService({ gateway }: GrpcContext): Service {
  return {
    name: 'thanos.Status',
    methods: [
      {
        kind: 'stream',
        access: 'operator',
        name: 'TSDBStatistics',
        answer: async function* tsdbStatistics(message, origin) {
          const request = decodeTsdbStatisticsRequest(message);
          const { tenant, limit, matchers, partialResponseStrategy } = request;
          const query = {
            limit: limit > 0 ? limit : undefined,
            selectors: [],
            matchers,
          };
          const scope = gateway.open({ partialResponse: toleratesLoss(partialResponseStrategy) }, origin);
          const { byTenant, annotations } = await gateway.lists.tsdbStatistics(scope, query);
          for (const warning of warningsOf(scope, annotations))
            yield encodeTsdbStatisticsResponse({ statistics: undefined, warning });
          const wanted = [...byTenant].filter(([name]) => tenant === '' || name === tenant);
          yield encodeTsdbStatisticsResponse({
            statistics: { statistics: new Map(wanted) },
            warning: undefined,
          });
        },
      },
    ],
  };
}

import type { StoreLookup } from '../../gateway/store-api.ts';
import { Pacer } from '../../model/pacer.ts';
import {
  decodeLabelNamesRequest,
  decodeLabelValuesRequest,
  encodeLabelNamesResponse,
  encodeLabelValuesResponse,
  type LabelNamesRequest,
} from '../../wire/store-api/label-calls.ts';
import type { GrpcContext, Service } from '../service.ts';
import { requestTime } from '../requests.ts';
import { warningsOf } from '../warnings.ts';
import { storeWishes, streamSeries } from './store-series.ts';

/** `thanos.Store`: raw series of all endpoints, for a querier above. */
export function storeService({ gateway }: GrpcContext): Service {
  return {
    name: 'thanos.Store',
    methods: [
      {
        kind: 'stream',
        access: 'tenant',
        name: 'Series',
        answer: (request, origin) => streamSeries(gateway, request, origin),
      },
      {
        kind: 'unary',
        access: 'tenant',
        name: 'LabelNames',
        answer: async (message, origin) => {
          const request = decodeLabelNamesRequest(message);
          const scope = gateway.open(storeWishes(request), origin);
          const { items, annotations } = await gateway.store.labelNames(scope, lookupOf(request));
          return encodeLabelNamesResponse({
            names: items,
            warnings: warningsOf(scope, annotations),
            hints: undefined,
          });
        },
      },
      {
        kind: 'unary',
        access: 'tenant',
        name: 'LabelValues',
        answer: async (message, origin) => {
          const request = decodeLabelValuesRequest(message);
          const scope = gateway.open(storeWishes(request), origin);
          const { items, annotations } = await gateway.store.labelValues(
            scope,
            request.label,
            lookupOf(request),
          );
          return encodeLabelValuesResponse({
            values: await new Pacer(scope).map(items, (value) => value),
            warnings: warningsOf(scope, annotations),
            hints: undefined,
          });
        },
      },
    ],
  };
}

function lookupOf(request: LabelNamesRequest): StoreLookup {
  return {
    matchers: request.matchers,
    minTime: requestTime(request.start),
    maxTime: requestTime(request.end),
    limit: request.limit,
  };
}

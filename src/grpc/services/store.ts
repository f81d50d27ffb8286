import type { StoreLookup } from '../../gateway/store.ts';
import {
  decodeLabelNamesRequest,
  decodeLabelValuesRequest,
  encodeLabelNamesResponse,
  encodeLabelValuesResponse,
  type LabelNamesRequest,
} from '../../wire/store-api/label-calls.ts';
import { allowsPartialResponse } from '../../wire/store-api/partial-response.ts';
import type { GrpcContext, Service } from '../service.ts';
import { requestTime } from '../requests.ts';
import { warningsOf } from '../warnings.ts';
import { streamSeries } from './store-series.ts';

/** `thanos.Store`: raw series of all endpoints, for a querier above. */
export function storeService({ gateway: { store } }: GrpcContext): Service {
  return {
    name: 'thanos.Store',
    methods: [
      { kind: 'stream', name: 'Series', answer: (request, signal) => streamSeries(store, request, signal) },
      {
        kind: 'unary',
        name: 'LabelNames',
        answer: async (message, signal) => {
          const request = decodeLabelNamesRequest(message);
          const { items, annotations } = await store.labelNames(lookupOf(request), signal);
          return encodeLabelNamesResponse({
            names: items,
            warnings: warningsOf(annotations),
            hints: undefined,
          });
        },
      },
      {
        kind: 'unary',
        name: 'LabelValues',
        answer: async (message, signal) => {
          const request = decodeLabelValuesRequest(message);
          const { items, annotations } = await store.labelValues(request.label, lookupOf(request), signal);
          return encodeLabelValuesResponse({
            values: items,
            warnings: warningsOf(annotations),
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
    withoutLabels: request.withoutReplicaLabels,
    mergesReplicas: request.mergesReplicas,
    partialResponse: allowsPartialResponse(request),
    limit: request.limit,
  };
}

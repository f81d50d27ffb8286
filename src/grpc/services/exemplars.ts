import { decodeExemplarsRequest, encodeExemplarsResponse } from '../../wire/store-api/exemplars.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import type { GrpcContext, Service } from '../service.ts';
import { requestTime } from '../requests.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Exemplars`: one message for each series. Replicas are not merged. */
export function exemplarsService({ gateway: { operations } }: GrpcContext): Service {
  return {
    name: 'thanos.Exemplars',
    methods: [
      {
        kind: 'stream',
        name: 'Exemplars',
        answer: async function* exemplars(message, signal) {
          const request = decodeExemplarsRequest(message);
          const query = {
            text: request.query,
            minTime: requestTime(request.start),
            maxTime: requestTime(request.end),
            dedup: false,
            mergesReplicas: true,
            partialResponse: request.partialResponseStrategy !== PartialResponseStrategy.abort,
          };
          const { items, annotations } = await operations.exemplars(query, signal);
          for (const warning of warningsOf(annotations))
            yield encodeExemplarsResponse({ data: undefined, warning });
          for (const series of items) {
            const data = {
              seriesLabels: series.labels,
              exemplars: series.exemplars.map(({ labels, value, t }) => ({ labels, value, ts: t })),
            };
            yield encodeExemplarsResponse({ data, warning: undefined });
          }
        },
      },
    ],
  };
}

import {
  decodeMetricMetadataRequest,
  encodeMetricMetadataResponse,
} from '../../wire/store-api/metric-metadata.ts';
import { toleratesLoss } from '../../wire/store-api/partial-response.ts';
import type { GrpcContext, Service } from '../service.ts';
import { warningsOf } from '../warnings.ts';

/** `thanos.Metadata`: what targets say about their metrics, in one message. */
export function metadataService({ gateway }: GrpcContext): Service {
  return {
    name: 'thanos.Metadata',
    methods: [
      {
        kind: 'stream',
        access: 'tenant',
        name: 'MetricMetadata',
        answer: async function* metricMetadata(message, origin) {
          const { metric, limit, partialResponseStrategy } = decodeMetricMetadataRequest(message);
          const query = {
            metric,
            // Here 0 asks for no metric at all.
            limit: limit < 0 ? undefined : limit,
            limitPerMetric: undefined,
          };
          const scope = gateway.open({ partialResponse: toleratesLoss(partialResponseStrategy) }, origin);
          const { metrics, annotations } = await gateway.lists.metadata(scope, query);
          for (const warning of warningsOf(scope, annotations))
            yield encodeMetricMetadataResponse({ metadata: undefined, warning });
          const metadata = new Map(
            [...metrics].map(([name, items]) => [
              name,
              { metas: items.map(({ type, help, unit }) => ({ type, help, unit })) },
            ]),
          );
          yield encodeMetricMetadataResponse({ metadata: { metadata }, warning: undefined });
        },
      },
    ],
  };
}

import { decodeExemplarsRequest, encodeExemplarsResponse } from '../../wire/store-api/exemplars.ts';
import type { GrpcContext, Service } from '../service.ts';
import { eachReplica, requestTime } from '../requests.ts';
import { warningsOf } from '../warnings.ts';

/** A message is made in one turn. Readers put together what has the same labels. */
const MOST_IN_MESSAGE = 1000;

/** `thanos.Exemplars`: one message a series, or more where it has very many exemplars; each replica for itself. */
export function exemplarsService({ gateway }: GrpcContext): Service {
  return {
    name: 'thanos.Exemplars',
    methods: [
      {
        kind: 'stream',
        access: 'tenant',
        name: 'Exemplars',
        answer: async function* exemplars(message, origin) {
          const request = decodeExemplarsRequest(message);
          const query = {
            text: request.query,
            minTime: requestTime(request.start),
            maxTime: requestTime(request.end),
          };
          const scope = gateway.open(eachReplica(request.partialResponseStrategy), origin);
          const { items, annotations } = await gateway.lists.exemplars(scope, query);
          for (const warning of warningsOf(scope, annotations))
            yield encodeExemplarsResponse({ data: undefined, warning });
          for (const series of items)
            for (let from = 0; from < series.exemplars.length; from += MOST_IN_MESSAGE) {
              const some = series.exemplars.slice(from, from + MOST_IN_MESSAGE);
              const exemplars = some.map(({ labels, value, t }) => ({ labels, value, ts: t }));
              const data = { seriesLabels: series.labels, exemplars };
              yield encodeExemplarsResponse({ data, warning: undefined });
            }
        },
      },
    ],
  };
}

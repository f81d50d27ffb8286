import type { EndpointStatus } from '../../gateway/endpoint-status.ts';
import { QueryError } from '../../model/errors.ts';
import { EMPTY_LABELS, labelsKey, type Labels } from '../../model/labels.ts';
import { encodeInfoResponse, type InfoResponse, type TsdbInfo } from '../../wire/store-api/info.ts';
import type { GrpcContext, Service } from '../service.ts';

/** `thanos.info.Info`: presents the gateway as what it is for Thanos, a querier over its endpoints. */
export function infoService({ gateway, serving, engine = '' }: GrpcContext): Service {
  return {
    name: 'thanos.info.Info',
    methods: [
      {
        kind: 'unary',
        access: 'operator',
        name: 'Info',
        answer: async () => {
          // A querier above that saw no label sets yet would ask us for everything or leave us out.
          if (!serving.isServing)
            throw new QueryError(
              'unavailable',
              `the gateway is not ready: it ${serving.isStopping ? 'is stopping' : 'waits for its endpoints'}`,
            );
          return encodeInfoResponse(describe([...gateway.lists.stores().values()].flat(), engine));
        },
      },
    ],
  };
}

function describe(stores: readonly EndpointStatus[], engine: string): InfoResponse {
  // A querier takes an empty label set for "may have any series", so it stands for endpoints without known labels, too.
  const tsdbInfos = stores.flatMap(({ labelSets, minTime, maxTime }): readonly TsdbInfo[] =>
    (labelSets.length === 0 ? [EMPTY_LABELS] : labelSets).map((labels) => ({ labels, minTime, maxTime })),
  );
  const range = {
    minTime: stores.length === 0 ? -Infinity : Math.min(...stores.map(({ minTime }) => minTime)),
    maxTime: stores.length === 0 ? Infinity : Math.max(...stores.map(({ maxTime }) => maxTime)),
  };
  const byKey = new Map(
    tsdbInfos.map(({ labels }): readonly [string, Labels] => [labelsKey(labels), labels]),
  );
  return {
    labelSets: [...byKey.values()],
    componentType: 'query',
    store: { ...range, supportsSharding: false, supportsWithoutReplicaLabels: true, tsdbInfos },
    rules: true,
    metricMetadata: true,
    targets: true,
    exemplars: range,
    query: true,
    status: true,
    engine,
  };
}

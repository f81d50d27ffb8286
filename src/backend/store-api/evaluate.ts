import type { RequestScope } from '../../model/request-scope.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import type { SampledSeries } from '../../wire/remote-read/sampled.ts';
import { encodeQueryRangeRequest } from '../../wire/store-api/query-request.ts';
import { decodeQueryResponse, type QueryResponse } from '../../wire/store-api/query-response.ts';
import type { Evaluated, EvaluateRequest } from '../evaluate-call.ts';
import { damaged } from './errors.ts';
import { DECODED_COST, type GrpcClient } from './grpc-client.ts';
import type { StoreApiOptions } from './options.ts';

const METHOD = '/thanos.Query/QueryRange';

/**
 * Lets a gateway evaluate at the steps of a range; a range of one step serves for an instant. It treats replicas as this request
 * does, and tells what it lacks by warnings. Throws EndpointError.
 */
export async function evaluateQuery(
  client: GrpcClient,
  { batchSize }: StoreApiOptions,
  { text, start, end, step, lookbackDelta }: EvaluateRequest,
  scope: RequestScope,
): Promise<Evaluated> {
  const { replicas, partialResponse } = scope.options;
  const request = encodeQueryRangeRequest({
    query: text,
    exactGrid: { start, end, step, lookbackDelta },
    startTimeSeconds: 0,
    endTimeSeconds: 0,
    intervalSeconds: 0,
    lookbackDeltaSeconds: 0,
    timeoutSeconds: 0,
    maxResolutionSeconds: 0,
    replicaLabels: [...replicas.mergedHere],
    enableDedup: replicas.mergedHere.size > 0,
    enablePartialResponse: partialResponse,
    skipChunks: false,
    storeMatchers: [],
    shardInfo: undefined,
    queryPlan: undefined,
    engine: 0,
    responseBatchSize: batchSize,
  });
  const series: SampledSeries[] = [];
  let isPlain = true;
  let bytes = 0;
  await client.stream(METHOD, request, scope, (message) => {
    scope.signal.throwIfAborted();
    bytes += message.length;
    const response = whole(message);
    if (response.kind === 'warnings') isPlain = false;
    if (response.kind !== 'series') return undefined;
    scope.budget.take(message.length * DECODED_COST);
    series.push(...response.series);
    return undefined;
  });
  return {
    series: series.map(({ labels, columns }) => ({ labels, values: columns })),
    isPlain: isPlain && series.every(({ columns }) => columns.h === undefined),
    bytes,
  };
}

function whole(message: Uint8Array): QueryResponse {
  try {
    return decodeQueryResponse(message);
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, 'QueryRange answer') : thrown;
  }
}

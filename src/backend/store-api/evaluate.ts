import type { RequestScope } from '../../model/request-scope.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import type { SampledSeries } from '../../wire/remote-read/sampled.ts';
import { encodeQueryRangeRequest } from '../../wire/store-api/query-request.ts';
import { decodeQueryResponse, type QueryResponse } from '../../wire/store-api/query-response.ts';
import { EndpointError } from '../endpoint-error.ts';
import type { Evaluated, EvaluateRequest } from '../evaluate-call.ts';
import { answerPacer } from '../pace.ts';
import { damaged } from './errors.ts';
import { DECODED_COST, type GrpcClient } from './grpc-client.ts';

const METHOD = '/thanos.Query/QueryRange';

/** Gateways send floats in messages of about a megabyte, or of one series, and one is read in one turn; bytes. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;

/** What is said beside an answer, or is in no form that is merged. Nothing that follows is of use. */
class NotPlain extends Error {}

/**
 * Lets a gateway evaluate at the steps of a range; a range of one step serves for an instant. It treats replicas as this request
 * does, and tells what it lacks by warnings. Throws EndpointError, also where it does not evaluate so any more.
 * @param engine what it called how it evaluates.
 */
export async function evaluateQuery(
  client: GrpcClient,
  engine: string,
  { text, ...grid }: EvaluateRequest,
  scope: RequestScope,
  batchSize: number,
): Promise<Evaluated> {
  const { replicas, partialResponse, dedupMode } = scope.options;
  const request = encodeQueryRangeRequest({
    part: { query: text, ...grid, engine, dedupMode },
    query: '',
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
  const pacer = answerPacer(scope);
  let bytes = 0;
  let held = 0;
  try {
    await client.stream(METHOD, request, scope, (message) => {
      scope.signal.throwIfAborted();
      bytes += message.length;
      const response = whole(message);
      if (response.kind === 'warnings') throw new NotPlain();
      if (response.kind !== 'series') return undefined;
      if (response.series.some(({ columns }) => columns.h !== undefined)) throw new NotPlain();
      const cost = message.length * DECODED_COST;
      scope.budget.take(cost);
      held += cost;
      series.push(...response.series);
      return pacer.due() ? pacer.breathe() : undefined;
    });
  } catch (thrown) {
    scope.budget.give(held);
    if (thrown instanceof NotPlain) return { series: [], isPlain: false, bytes };
    throw thrown;
  }
  return {
    series: series.map(({ labels, columns }) => ({ labels, values: columns })),
    isPlain: true,
    bytes,
  };
}

function whole(message: Uint8Array): QueryResponse {
  if (message.length > LARGEST_MESSAGE)
    throw new EndpointError(
      'too_large',
      `a message of ${message.length} bytes came for a part of a query; at most ${LARGEST_MESSAGE} are read`,
    );
  try {
    return decodeQueryResponse(message);
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, 'QueryRange answer') : thrown;
  }
}

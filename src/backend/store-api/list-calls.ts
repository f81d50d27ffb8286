import type { RequestScope } from '../../model/request-scope.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { decodeMessage, decodePaced, type TableCodec } from '../../wire/protobuf/message-codec.ts';
import { EXEMPLARS_RESPONSE, encodeExemplarsRequest } from '../../wire/store-api/exemplars.ts';
import { METADATA_RESPONSE, encodeMetricMetadataRequest } from '../../wire/store-api/metric-metadata.ts';
import { RULES_RESPONSE, encodeRulesRequest } from '../../wire/store-api/rules.ts';
import { TARGETS_RESPONSE, encodeTargetsRequest } from '../../wire/store-api/targets.ts';
import { STATISTICS_RESPONSE, encodeTsdbStatisticsRequest } from '../../wire/store-api/tsdb-statistics.ts';
import type { Answered, EndpointList, EndpointNote } from '../answered.ts';
import { type Attempt, tooLarge } from '../endpoint-error.ts';
import { NO_LISTS, type ListCalls } from '../list-calls.ts';
import { answerPacer, MESSAGE_SLICE_BYTES } from '../pace.ts';
import { damaged, isNotOffered } from './errors.ts';
import { exemplarsRequest, readExemplars } from './exemplars-api.ts';
import { DECODED_COST, type GrpcClient } from './grpc-client.ts';
import { readMetadata } from './metadata-api.ts';
import { readRuleGroup, rulesRequest } from './rules-api.ts';
import { readTargets, targetsRequest } from './targets-api.ts';
import { readTsdbStatistics, tsdbStatisticsRequest } from './tsdb-statistics-api.ts';
import { strategyOf, Warnings } from './warnings.ts';

/** A message of a stream: one of the two kinds is there. */
interface Streamed {
  readonly warning: string | undefined;
}

/** Lists of rules, targets … are held to this, bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Rules, targets, metadata, exemplars and statistics over the gRPC services of Thanos, which put external labels in themselves.
 * Thanos has no call for metadata by target and for Alertmanagers.
 */
export function createListCalls(client: GrpcClient, attempt: Attempt): ListCalls {
  const list = <M extends Streamed, T>(
    call: StreamCall<M>,
    itemsOf: (message: M) => readonly T[],
    scope: RequestScope,
  ): Answered<EndpointList<T>> =>
    attempt(scope, async (inner) => {
      const { messages, annotations } = await collect(client, call, inner);
      const items: T[] = [];
      await answerPacer(inner).forEach(messages, (message) => {
        for (const item of itemsOf(message)) items.push(item);
      });
      return { items, annotations };
    });
  return {
    rules: (scope, request) =>
      list(
        {
          method: '/thanos.Rules/Rules',
          body: encodeRulesRequest(rulesRequest(request, strategyOf(scope.options.partialResponse))),
          answer: RULES_RESPONSE,
        },
        ({ group }) => (group === undefined ? [] : [readRuleGroup(group)]),
        scope,
      ),
    targets: (scope, request) =>
      attempt(scope, async (inner) => {
        const call = {
          method: '/thanos.Targets/Targets',
          body: encodeTargetsRequest(targetsRequest(request, strategyOf(scope.options.partialResponse))),
          answer: TARGETS_RESPONSE,
        };
        const { messages, annotations } = await collect(client, call, inner);
        return { ...readTargets(messages, request), annotations };
      }),
    metadata: (scope, { metric }) =>
      list(
        {
          method: '/thanos.Metadata/MetricMetadata',
          body: encodeMetricMetadataRequest({
            metric,
            limit: -1,
            partialResponseStrategy: strategyOf(scope.options.partialResponse),
          }),
          answer: METADATA_RESPONSE,
        },
        readMetadata,
        scope,
      ),
    targetMetadata: (scope, request) => NO_LISTS.targetMetadata(scope, request),
    alertmanagers: (scope) => NO_LISTS.alertmanagers(scope),
    exemplars: (scope, request) =>
      list(
        {
          method: '/thanos.Exemplars/Exemplars',
          body: encodeExemplarsRequest(exemplarsRequest(request, strategyOf(scope.options.partialResponse))),
          answer: EXEMPLARS_RESPONSE,
        },
        readExemplars,
        scope,
      ),
    tsdbStatistics: (scope, request) =>
      list(
        {
          method: '/thanos.Status/TSDBStatistics',
          body: encodeTsdbStatisticsRequest(
            tsdbStatisticsRequest(request, strategyOf(scope.options.partialResponse)),
          ),
          answer: STATISTICS_RESPONSE,
        },
        readTsdbStatistics,
        scope,
      ),
  };
}

interface StreamCall<M> {
  readonly method: string;
  readonly body: Uint8Array;
  /** Of its messages. */
  readonly answer: TableCodec<M>;
}

/** All messages of an answer; none where the server does not offer the call. Throws EndpointError. */
async function collect<M extends Streamed>(
  client: GrpcClient,
  { method, body, answer }: StreamCall<M>,
  scope: RequestScope,
): Promise<{ readonly messages: readonly M[]; readonly annotations: readonly EndpointNote[] }> {
  const warnings = new Warnings(scope.options.partialResponse);
  const messages: M[] = [];
  const pacer = answerPacer(scope);
  let bytes = 0;
  const keep = (message: M): void => {
    if (message.warning === undefined) messages.push(message);
    else warnings.add(message.warning);
  };
  try {
    await client.stream(method, body, scope, (bytesOfOne) => {
      bytes += bytesOfOne.length;
      if (bytes > MOST_BYTES) throw tooLarge(MOST_BYTES);
      scope.budget.take(bytesOfOne.length * DECODED_COST);
      if (bytesOfOne.length > MESSAGE_SLICE_BYTES) return decodePaced(answer, bytesOfOne, pacer).then(keep);
      keep(decodeMessage(answer, bytesOfOne));
      return undefined;
    });
  } catch (thrown) {
    if (isNotOffered(thrown)) return { messages: [], annotations: [] };
    throw thrown instanceof MessageFormatError ? damaged(thrown, `answer to ${method}`) : thrown;
  }
  return { messages, annotations: warnings.annotations() };
}

import type { Annotation } from '../../model/annotations.ts';
import { type Result, success } from '../../model/result.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import { decodeExemplarsResponse, encodeExemplarsRequest } from '../../wire/store-api/exemplars.ts';
import {
  decodeMetricMetadataResponse,
  encodeMetricMetadataRequest,
} from '../../wire/store-api/metric-metadata.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import { decodeRulesResponse, encodeRulesRequest } from '../../wire/store-api/rules.ts';
import { decodeTargetsResponse, encodeTargetsRequest } from '../../wire/store-api/targets.ts';
import {
  decodeTsdbStatisticsResponse,
  encodeTsdbStatisticsRequest,
} from '../../wire/store-api/tsdb-statistics.ts';
import type { BackendFailure } from '../backend.ts';
import { type Attempt, tooLarge } from '../endpoint-error.ts';
import type { Operations } from '../operations.ts';
import { damaged, isNotOffered } from './errors.ts';
import { exemplarsRequest, readExemplars } from './exemplars-api.ts';
import type { GrpcClient } from './grpc-client.ts';
import { readMetadata } from './metadata-api.ts';
import { readRuleGroup, rulesRequest } from './rules-api.ts';
import { readTargets, targetsRequest } from './targets-api.ts';
import { readTsdbStatistics, tsdbStatisticsRequest } from './tsdb-statistics-api.ts';
import { Warnings } from './warnings.ts';

/** A message of a stream: one of the two kinds is there. */
interface Streamed {
  readonly warning: string | undefined;
}

/** Lists of rules, targets … are held to this, bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Rules, targets, metadata, exemplars and statistics over the gRPC services of Thanos, which put external labels in themselves.
 * Metadata by target is something that Thanos has no call for.
 */
export function createOperations(client: GrpcClient, attempt: Attempt): Operations {
  const list = <M extends Streamed, T>(
    call: StreamCall<M>,
    itemsOf: (message: M) => readonly T[],
    signal: AbortSignal,
  ): Promise<
    Result<{ readonly items: readonly T[]; readonly annotations: readonly Annotation[] }, BackendFailure>
  > =>
    attempt(signal, async (inner) => {
      const { messages, annotations } = await collect(client, call, inner);
      return { items: messages.flatMap(itemsOf), annotations };
    });
  return {
    rules: (request, signal) =>
      list(
        {
          method: '/thanos.Rules/Rules',
          body: encodeRulesRequest(rulesRequest(request)),
          decode: decodeRulesResponse,
        },
        ({ group }) => (group === undefined ? [] : [readRuleGroup(group)]),
        signal,
      ),
    targets: (request, signal) =>
      attempt(signal, async (inner) => {
        const call = {
          method: '/thanos.Targets/Targets',
          body: encodeTargetsRequest(targetsRequest(request)),
          decode: decodeTargetsResponse,
        };
        const { messages, annotations } = await collect(client, call, inner);
        return { ...readTargets(messages, request), annotations };
      }),
    metadata: ({ metric }, signal) =>
      list(
        {
          method: '/thanos.Metadata/MetricMetadata',
          body: encodeMetricMetadataRequest({
            metric,
            limit: -1,
            partialResponseStrategy: PartialResponseStrategy.warn,
          }),
          decode: decodeMetricMetadataResponse,
        },
        readMetadata,
        signal,
      ),
    targetMetadata: () => Promise.resolve(success({ items: [], annotations: [] })),
    exemplars: (request, signal) =>
      list(
        {
          method: '/thanos.Exemplars/Exemplars',
          body: encodeExemplarsRequest(exemplarsRequest(request)),
          decode: decodeExemplarsResponse,
        },
        readExemplars,
        signal,
      ),
    tsdbStatistics: (request, signal) =>
      list(
        {
          method: '/thanos.Status/TSDBStatistics',
          body: encodeTsdbStatisticsRequest(tsdbStatisticsRequest(request)),
          decode: decodeTsdbStatisticsResponse,
        },
        readTsdbStatistics,
        signal,
      ),
  };
}

interface StreamCall<M> {
  readonly method: string;
  readonly body: Uint8Array;
  readonly decode: (bytes: Uint8Array) => M;
}

/** All messages of an answer; none where the server does not offer the call. Throws EndpointError. */
async function collect<M extends Streamed>(
  client: GrpcClient,
  { method, body, decode }: StreamCall<M>,
  signal: AbortSignal,
): Promise<{ readonly messages: readonly M[]; readonly annotations: readonly Annotation[] }> {
  const warnings = new Warnings(true);
  const messages: M[] = [];
  let bytes = 0;
  try {
    await client.stream(method, body, signal, (bytesOfOne) => {
      bytes += bytesOfOne.length;
      if (bytes > MOST_BYTES) throw tooLarge(MOST_BYTES);
      const message = decode(bytesOfOne);
      if (message.warning === undefined) messages.push(message);
      else warnings.add(message.warning);
    });
  } catch (thrown) {
    if (isNotOffered(thrown)) return { messages: [], annotations: [] };
    throw thrown instanceof MessageFormatError ? damaged(thrown, `answer to ${method}`) : thrown;
  }
  return { messages, annotations: warnings.annotations() };
}

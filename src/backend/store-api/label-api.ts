import { atMost } from '../../model/fair-queue.ts';
import type { Labels } from '../../model/labels.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { sortDistinct } from '../../model/paced-sort.ts';
import type { Matcher } from '../../model/matcher.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import {
  type LabelNamesRequest,
  type ListedTexts,
  encodeLabelNamesRequest,
  encodeLabelValuesRequest,
  readTexts,
} from '../../wire/store-api/label-calls.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
import { EMPTY_SERIES_REQUEST } from '../../wire/store-api/series-request.ts';
import type { LookupRequest } from '../backend.ts';
import type { EndpointItems, EndpointList } from '../answered.ts';
import { answerPacer } from '../pace.ts';
import { damaged } from './errors.ts';
import { DECODED_COST, type GrpcClient } from './grpc-client.ts';
import type { StoreApiOptions } from './options.ts';
import { matchersOrAll, replicasBecomeOne } from './select.ts';
import { callForLabels } from './series-call.ts';
import { DistinctSeries } from './distinct-series.ts';
import { type RequestScope, withSignal } from '../../model/request-scope.ts';
import { Warnings, strategyOf } from './warnings.ts';

/**
 * Series that match and have samples in the range, external labels included: where there is a taker that has them all, as they come; else
 * the first ones in order, each once.
 */
export async function listSeries(
  client: GrpcClient,
  options: StoreApiOptions,
  scope: RequestScope,
  request: LookupRequest,
): Promise<EndpointItems<Labels>> {
  const { limit } = request;
  const taker = request.taker?.();
  const warnings = new Warnings(scope.options.partialResponse);
  if (taker !== undefined && limit === 0) {
    await callForAll(client, options, scope, request, taker, warnings);
    return { items: [], annotations: warnings.annotations() };
  }
  const distinct = new DistinctSeries(scope.budget, taker);
  try {
    await callForAll(client, options, scope, request, distinct, warnings);
    const pacer = answerPacer(scope);
    // Servers before Thanos 0.38 know no limit.
    const first = await distinct.first(limit, pacer);
    const annotations = warnings.annotations();
    if (taker === undefined) return { items: first, annotations };
    await first.handOver(taker, pacer);
    distinct.giveBack();
    return { items: [], annotations };
  } catch (thrown) {
    distinct.giveBack();
    throw thrown;
  }
}

async function callForAll(
  client: GrpcClient,
  options: StoreApiOptions,
  scope: RequestScope,
  request: LookupRequest,
  taker: SeriesTaker,
  warnings: Warnings,
): Promise<void> {
  const { minTime, maxTime, limit } = request;
  const { partialResponse } = scope.options;
  const mergesReplicas = replicasBecomeOne(scope);
  await eachAlternative(scope, request, (matchers, inner) =>
    callForLabels(
      client,
      {
        ...EMPTY_SERIES_REQUEST,
        minTime,
        maxTime,
        matchers: matchersOrAll(matchers),
        partialResponseStrategy: strategyOf(partialResponse),
        skipChunks: true,
        limit,
        responseBatchSize: options.batchSize,
        mergesReplicas,
      },
      taker,
      warnings,
      options.maxResponseBytes,
      inner,
    ),
  );
}

export async function listLabelNames(
  client: GrpcClient,
  scope: RequestScope,
  request: LookupRequest,
): Promise<EndpointList<string>> {
  return listTexts(scope, request, async (fields, inner) => {
    const body = encodeLabelNamesRequest(fields);
    const answer = await client.unary('/thanos.Store/LabelNames', body, inner);
    scope.budget.take(answer.length * DECODED_COST);
    return decoded(readTexts(answer, answerPacer(scope)), 'LabelNames answer');
  });
}

export async function listLabelValues(
  client: GrpcClient,
  label: string,
  scope: RequestScope,
  request: LookupRequest,
): Promise<EndpointList<string>> {
  return listTexts(scope, request, async (fields, inner) => {
    const body = encodeLabelValuesRequest({ ...fields, label });
    const answer = await client.unary('/thanos.Store/LabelValues', body, inner);
    scope.budget.take(answer.length * DECODED_COST);
    return decoded(readTexts(answer, answerPacer(scope)), 'LabelValues answer');
  });
}

/** One call an alternative: the API takes a single set of matchers. */
async function listTexts(
  scope: RequestScope,
  request: LookupRequest,
  call: (fields: LabelNamesRequest, inner: RequestScope) => Promise<ListedTexts>,
): Promise<EndpointList<string>> {
  const { minTime, maxTime, limit } = request;
  const { partialResponse } = scope.options;
  const mergesReplicas = replicasBecomeOne(scope);
  const warnings = new Warnings(partialResponse);
  const answers = await eachAlternative(scope, request, (matchers, inner) =>
    call(
      {
        partialResponseDisabled: false,
        partialResponseStrategy: strategyOf(partialResponse),
        start: minTime,
        end: maxTime,
        hints: undefined,
        matchers,
        withoutReplicaLabels: [],
        limit,
        mergesReplicas,
      },
      inner,
    ),
  );
  for (const answer of answers) warnings.addAll(answer.warnings);
  return {
    items: limited(
      await distinctOf(
        answers.map(({ texts }) => texts),
        scope,
      ),
      limit,
    ),
    annotations: warnings.annotations(),
  };
}

/** Servers may list the same thing for several alternatives, or for one. */
async function distinctOf(
  lists: readonly (readonly string[])[],
  scope: RequestScope,
): Promise<readonly string[]> {
  const pacer = answerPacer(scope);
  const all: string[] = [];
  for (const list of lists) await pacer.forEach(list, (item) => all.push(item));
  return sortDistinct(all, compareStrings, pacer);
}

/** A request may have thousands of alternatives. */
const ALTERNATIVES_AT_ONCE = 4;

/** Answers all alternatives. The first one that fails ends the rest, since without it there is no answer. */
async function eachAlternative<T>(
  scope: RequestScope,
  { matcherSets }: LookupRequest,
  call: (matchers: readonly Matcher[], inner: RequestScope) => Promise<T>,
): Promise<readonly T[]> {
  const inTurn = atMost(ALTERNATIVES_AT_ONCE);
  const failure = new AbortController();
  const inner = withSignal(scope, AbortSignal.any([scope.signal, failure.signal]));
  const orEndAll = async (matchers: readonly Matcher[]): Promise<T> => {
    try {
      return await call(matchers, inner);
    } catch (thrown) {
      failure.abort(thrown);
      throw thrown;
    }
  };
  const alternatives = matcherSets.length === 0 ? [[]] : matcherSets;
  return Promise.all(alternatives.map(async (matchers) => inTurn(inner.signal, () => orEndAll(matchers))));
}

/** Servers before Thanos 0.38 know no limit. */
function limited<T>(items: readonly T[], limit: number): readonly T[] {
  return limit === 0 ? items : items.slice(0, limit);
}

async function decoded<T>(decoding: Promise<T>, what: string): Promise<T> {
  try {
    return await decoding;
  } catch (thrown) {
    throw thrown instanceof MessageFormatError ? damaged(thrown, what) : thrown;
  }
}

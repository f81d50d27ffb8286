import { atMost } from '../../model/fair-queue.ts';
import { type Labels, compareLabels } from '../../model/labels.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { sortDistinct } from '../../model/paced-sort.ts';
import type { RawSeries } from '../../model/raw-data.ts';
import type { Matcher } from '../../model/matcher.ts';
import { MessageFormatError } from '../../wire/message-format-error.ts';
import {
  type LabelNamesRequest,
  type ListedTexts,
  encodeLabelNamesRequest,
  encodeLabelValuesRequest,
  readTexts,
} from '../../wire/store-api/label-calls.ts';
import { EMPTY_SERIES_REQUEST } from '../../wire/store-api/series-request.ts';
import type { LookupRequest } from '../backend.ts';
import type { EndpointList } from '../answered.ts';
import { answerPacer } from '../pace.ts';
import { damaged } from './errors.ts';
import { DECODED_COST, type GrpcClient } from './grpc-client.ts';
import type { StoreApiOptions } from './options.ts';
import { matchersOrAll, replicasBecomeOne } from './select.ts';
import { callSeries } from './series-call.ts';
import { type RequestScope, withSignal } from '../../model/request-scope.ts';
import { Warnings, strategyOf } from './warnings.ts';

/** Series that match and have samples in the range, each once, external labels included. */
export async function listSeries(
  client: GrpcClient,
  options: StoreApiOptions,
  scope: RequestScope,
  request: LookupRequest,
): Promise<EndpointList<Labels>> {
  const { minTime, maxTime, limit } = request;
  const { partialResponse } = scope.options;
  const mergesReplicas = replicasBecomeOne(scope);
  const warnings = new Warnings(partialResponse);
  const answers = await eachAlternative(scope, request, (matchers, inner) =>
    callSeries(
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
      warnings,
      options.maxResponseBytes,
      inner,
    ),
  );
  // Of the batches, which lie outside of the heap, label sets are made as objects.
  for (const { bytes } of answers) scope.budget.take(bytes * DECODED_COST);
  const lists = answers.map(({ series }) => labelsOf(series));
  return {
    items: limited(await distinctOf(lists, compareLabels, scope), limit),
    annotations: warnings.annotations(),
  };
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
    return decoded(readTexts(answer, answerPacer(scope.signal)), 'LabelNames answer');
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
    return decoded(readTexts(answer, answerPacer(scope.signal)), 'LabelValues answer');
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
        compareStrings,
        scope,
      ),
      limit,
    ),
    annotations: warnings.annotations(),
  };
}

function* labelsOf(series: Iterable<RawSeries>): Generator<Labels> {
  for (const { labels } of series) yield labels;
}

/** Servers may list the same thing for several alternatives, or for one. */
async function distinctOf<T>(
  lists: readonly Iterable<T>[],
  compare: (a: T, b: T) => number,
  { signal }: RequestScope,
): Promise<readonly T[]> {
  const pacer = answerPacer(signal);
  const all: T[] = [];
  for (const list of lists) await pacer.forEach(list, (item) => all.push(item));
  return sortDistinct(all, compare, pacer);
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

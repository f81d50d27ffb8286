import type { LookupRequest } from '../backend/backend.ts';
import type { NotedItems, NotedList } from '../model/annotations.ts';
import { QueryError, toQueryError } from '../model/errors.ts';
import type { Matcher } from '../model/matcher.ts';
import type { RequestScope } from '../model/request-scope.ts';
import { MAX_TIME, MIN_TIME } from '../model/time-range.ts';
import { compileMatcher } from '../promql/match/compile.ts';
import { PatternTotal } from '../promql/match/pattern-total.ts';
import { parseMetricSelector } from '../promql/parse.ts';
import { inTurn } from './concurrency-gate.ts';
import { withDeadline } from './deadline.ts';
import { requireFewMatchers } from './request-limits.ts';
import type { GatewayContext } from './parts.ts';

/**
 * What the series and label APIs are asked. Times in ms since the epoch, both inclusive; where one is left out, the server's
 * default range says how far the answer reaches.
 */
export interface LookupQuery {
  /** Selectors; a series must match one of them. Empty means no restriction. */
  readonly selectors: readonly string[];
  readonly minTime: number | undefined;
  readonly maxTime: number | undefined;
  /** 0 means no limit. */
  readonly limit: number;
}

/** Reads the selectors. Throws `bad_data` where one is wrong or would match every series. */
export function toLookupRequest(
  { selectors, minTime, maxTime, limit }: LookupQuery,
  { features, clock, defaults }: GatewayContext,
): LookupRequest {
  const range = defaults.metadataRange;
  const end = maxTime ?? (range === undefined ? MAX_TIME : clock.now());
  return {
    matcherSets: readSelectors(selectors, features),
    // Back from the end that was asked for, which may be long ago.
    minTime: minTime ?? (range === undefined ? MIN_TIME : end - range),
    maxTime: end,
    limit,
  };
}

/** Throws `bad_data` where there is no value of `match[]`. */
export function requireSelectors({ length }: readonly string[]): void {
  if (length === 0) throw new QueryError('bad_data', 'no match[] parameter provided');
}

/** Reads the values of `match[]`. Throws `bad_data` for too many, and where one is wrong or would match everything. */
export function readSelectors(
  selectors: readonly string[],
  features: ReadonlySet<string>,
): readonly (readonly Matcher[])[] {
  requireFewMatchers(selectors, 'selectors in match[]');
  const patterns = new PatternTotal();
  const matcherSets = selectors.map((text) => parseMetricSelector(text, features, patterns));
  if (matcherSets.some(matchesEverything)) {
    throw new QueryError('bad_data', 'match[] must contain at least one non-empty matcher');
  }
  return matcherSets;
}

function matchesEverything(matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => compileMatcher(matcher)(''));
}

/**
 * Asks in its turn and within the server's timeout, which counts the time in the queue.
 * @param during what a message about the timeout calls the work.
 */
export function askWithin<T>(
  parts: GatewayContext,
  scope: RequestScope,
  ask: (scope: RequestScope) => Promise<T>,
  during = 'series and label lookup',
): Promise<T> {
  const { journal } = scope;
  let isAsking = false;
  journal.enter('queue');
  const limit = {
    ms: parts.limits.timeout,
    during: () => (isAsking ? during : `the queue before ${during}`),
    isQueued: () => !isAsking,
  };
  const asked = withDeadline(parts, scope, limit, (bounded) =>
    parts.lookups.run(bounded, () => {
      isAsking = true;
      journal.enter('ask');
      return ask(inTurn(parts, bounded));
    }),
  );
  return asked.then(
    (answer) => {
      journal.enter('send');
      return answer;
    },
    (thrown: unknown) => {
      journal.fail(toQueryError(thrown).kind);
      throw thrown;
    },
  );
}

/** Looks labels or series up. A time range that ends before it starts holds nothing, and no endpoint needs to be asked. */
export async function lookUp<L extends NotedItems<unknown>>(
  parts: GatewayContext,
  scope: RequestScope,
  request: LookupRequest,
  ask: (scope: RequestScope, request: LookupRequest) => Promise<L>,
): Promise<L | NotedList<never>> {
  if (request.maxTime < request.minTime) return { items: [], annotations: [] };
  return askWithin(parts, scope, (bounded) => ask(bounded, request));
}

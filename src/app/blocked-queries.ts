import type { Problem } from '../config/problem.ts';
import type { BlockedQueryConfig } from '../config/limits-config.ts';
import type { BlockedQuery } from '../gateway/limits/blocked-queries.ts';
import { messageOf, QueryError } from '../model/errors.ts';
import { ALL_FEATURES } from '../promql/features.ts';
import { compileRegex } from '../promql/match/compile-regex.ts';
import { parse } from '../promql/parse.ts';
import { print } from '../promql/print.ts';

/** The queries that are refused. Throws `bad_data` for one that is no PromQL, and for a pattern that is none. */
export function blockedQueriesOf(configs: readonly BlockedQueryConfig[]): readonly BlockedQuery[] {
  const [problem] = blockedQueryProblems(configs);
  if (problem !== undefined)
    throw new QueryError(
      'bad_data',
      `blocked_queries.${problem.path.map(String).join('.')}: ${problem.message}`,
    );
  return configs.map(({ query, pattern, headers, tenants, reason }) => ({
    query: query === undefined ? undefined : canonical(query),
    matches: pattern === undefined ? undefined : compileRegex(pattern),
    headers: new Map(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), compileRegex(value)]),
    ),
    tenants: new Set(tenants),
    reason,
  }));
}

/** What of them cannot be used. */
export function blockedQueryProblems(configs: readonly BlockedQueryConfig[]): readonly Problem[] {
  return configs.flatMap(({ query, pattern, headers }, i) => [
    ...problemOf([i, 'query'], query, canonical),
    ...problemOf([i, 'pattern'], pattern, compileRegex),
    ...Object.entries(headers).flatMap(([name, value]) =>
      problemOf([i, 'headers', name], value, compileRegex),
    ),
  ]);
}

function problemOf(
  path: Problem['path'],
  value: string | undefined,
  use: (value: string) => unknown,
): readonly Problem[] {
  if (value === undefined) return [];
  try {
    use(value);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof QueryError)) throw thrown;
    return [{ path, message: messageOf(thrown) }];
  }
}

/** Whatever features are on: what cannot be asked needs no blocking, but may be asked after the next change of the configuration. */
function canonical(query: string): string {
  return print(parse(query, ALL_FEATURES));
}

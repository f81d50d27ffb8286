import { QueryError } from '../model/errors.ts';
import type { Matcher } from '../model/matcher.ts';
import { compileMatchers } from '../promql/match/compile.ts';
import { patternsProblem } from '../promql/match/pattern-total.ts';

/** Each name is looked up in every series. Installations have one or two. */
const MOST_REPLICA_LABELS = 100;

/** Selectors, matchers or names of a request. Each is compiled, sent on to every endpoint, or looked for in every item. */
const MOST_MATCHERS = 500;

/**
 * The label names that a request gives for those that tell replicas apart, each once. Throws `bad_data` for more than 100.
 * @param field names them in the error.
 */
export function distinctReplicaLabels(names: readonly string[], field: string): readonly string[] {
  const distinct = [...new Set(names)];
  requireFew(distinct, MOST_REPLICA_LABELS, `label names in ${field}`);
  return distinct;
}

/** Throws `bad_data` for more than 500. `field` names them in the error. */
export function requireFewMatchers(matchers: readonly unknown[], field: string): void {
  requireFew(matchers, MOST_MATCHERS, field);
}

/** Throws `bad_data` where a regular expression of the matchers of a message is malformed, or all are too large together. */
export function requirePatterns(matchers: readonly Matcher[]): void {
  const problem = patternsProblem(matchers);
  if (problem !== undefined) throw new QueryError('bad_data', problem);
  compileMatchers(matchers);
}

function requireFew({ length }: readonly unknown[], most: number, what: string): void {
  if (length <= most) return;
  throw new QueryError('bad_data', `the request has ${length} ${what}; the most that are taken are ${most}`);
}
